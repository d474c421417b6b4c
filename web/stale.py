"""What a page that is behind does not know: the fields that were changed elsewhere since it was opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.fields import StoredFile
from forms.schema import Form
from web.changes import changes

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stale:
    """One field, as lines: what the page had shown, what is stored now, and what was typed into the page."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    here: tuple[str, ...]


def stale(form: Form, base: Data | None, now: Data, typed: Data, files: Mapping[str, StoredFile]) -> list[Stale]:
    """The fields that are different now, in the order of the form; against `typed` where nobody knows the `base`."""
    before, stored, here = (_said(form, each, files) for each in (typed if base is None else base, now, typed))
    labels = dict.fromkeys([*stored, *before])
    found = (Stale(each, before.get(each, ()), stored.get(each, ()), here.get(each, ())) for each in labels)
    return [each for each in found if each.before != each.now]


def _said(form: Form, data: Data, files: Mapping[str, StoredFile]) -> dict[str, tuple[str, ...]]:
    return {each.label: each.new for each in changes(form, None, data, files)}
