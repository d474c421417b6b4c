"""Uploads that are the signed copy of a document: fields whose UI schema names the step that issued it."""

from collections.abc import Iterator, Mapping

from forms.kinds import Json, Schema, below, properties
from forms.schema import Form

KEYWORD = "ui:signedCopyOf"


def signed_copies(form: Form, data: Mapping[str, Json]) -> dict[str, list[str]]:
    """Activity id → the attachments that the data hold as the signed copy of what it issued."""
    found: dict[str, list[str]] = {}
    for _, activity, value in _marked(form.schema, form.ui, data, ""):
        ids = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
        if ids:
            found.setdefault(activity, []).extend(ids)
    return found


def copied_activities(form: Form) -> list[tuple[str, str]]:
    """Every activity that a field names, with the pointer into the UI schema, for the check at deployment."""
    return [(f"{pointer}/{KEYWORD}", activity) for pointer, activity, _ in _marked(form.schema, form.ui, None, "")]


def _marked(schema: Schema, ui: Schema, value: Json, pointer: str) -> Iterator[tuple[str, str, Json]]:
    """(pointer, activity, value) of each marked field; in rows, of each row, and once where there is no data."""
    if KEYWORD in ui:
        yield pointer, ui[KEYWORD], value
    elif schema["type"] == "object":
        values = value if isinstance(value, Mapping) else {}
        for name, part, part_ui in properties(schema, ui):
            yield from _marked(part, part_ui, values.get(name), f"{pointer}/{name}")
    elif schema["type"] == "array":
        for row in value if isinstance(value, list) else [None]:
            yield from _marked(schema["items"], below(ui, "items"), row, f"{pointer}/items")
