"""Fields that a UI schema marks with a keyword, in the data of a submission."""

from collections.abc import Iterator, Mapping

from forms.kinds import Json, Schema, below, properties
from forms.schema import Form

SEARCH = "ui:search"
LONGEST = 300  # letters by which a case is found


def marked(form: Form, keyword: str, data: Json) -> Iterator[tuple[str, Json, Json]]:
    """(pointer, mark, value) of each field with the keyword; in rows, of each row, and once where there is no data."""
    return _marked(form.schema, form.ui, keyword, data, "")


def keywords(form: Form, data: Mapping[str, Json]) -> list[str]:
    """The texts by which the case of a submission is found: those of fields with a true `ui:search`."""
    found = (value for _, mark, value in marked(form, SEARCH, data) if mark and isinstance(value, str))
    return [value.strip()[:LONGEST] for value in found if value.strip()]


def _marked(schema: Schema, ui: Schema, keyword: str, value: Json, pointer: str) -> Iterator[tuple[str, Json, Json]]:
    if keyword in ui:
        yield pointer, ui[keyword], value
    elif schema["type"] == "object":
        values = value if isinstance(value, Mapping) else {}
        for name, part, part_ui in properties(schema, ui):
            yield from _marked(part, part_ui, keyword, values.get(name), f"{pointer}/{name}")
    elif schema["type"] == "array":
        for row in value if isinstance(value, list) else [None]:
            yield from _marked(schema["items"], below(ui, "items"), keyword, row, f"{pointer}/items")
