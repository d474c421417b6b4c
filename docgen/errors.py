"""What can be wrong with a template, its data or a number: one tree, with messages that can be translated."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(msgid: str) -> str:  # noqa: N802 - the marker that gettext tools look for
    """Mark a message for the catalogue; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: an English msgid, the values that it names, and the text in which it stands."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def __str__(self) -> str:
        text = self.msgid % self.params
        return f"{text} (“{self.place}”)" if self.place else text


class DocgenError(Exception):
    """A document cannot be made."""

    def __init__(self, *problems: Problem, template: str = "") -> None:
        super().__init__(*problems)
        self.problems = problems
        self.template = template

    def __str__(self) -> str:
        text = "; ".join(map(str, self.problems))
        return f"{self.template}: {text}" if self.template else text


class TemplateInvalid(DocgenError):  # noqa: N818 - the name says it
    """The Word file cannot be used as a template."""


class PackageRefused(TemplateInvalid):
    """The Word file holds something that could harm its reader, or is no Word file."""


class TemplateError(DocgenError):
    """The template is sound, but does not fit the data."""


class NumberInvalid(DocgenError):  # noqa: N818
    """A document number, or the mask that it follows, is not well formed."""


class ArchiveInvalid(DocgenError):  # noqa: N818
    """The files cannot be put into one archive."""
