"""A finding, and the sentence and the mend that belong to its code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from engine.checker.rules import RULES, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; `message` and `hint` are English sentences to translate and fill with `params`."""

    code: str
    severity: Severity
    element_id: str
    element_name: str
    line: int
    message: str
    hint: str
    params: Mapping[str, object] = field(hash=False)


class At(Protocol):
    """Anything that has a place in the file."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name on the diagram."""

    @property
    def line(self) -> int:
        """Its line in the file."""


class Place(NamedTuple):
    """A place that is no element."""

    id: str
    name: str
    line: int


def finding(code: str, at: At, message: str = "", /, **params: object) -> Finding:
    """The finding of that code; `message` is another's sentence, to be used instead of our own."""
    severity, sentence, hint = RULES[code]
    named = {"id": at.id, "name": at.name or at.id, **params}
    return Finding(code, severity, at.id, at.name, at.line, message or sentence, hint, named)
