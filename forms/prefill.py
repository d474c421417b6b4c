"""What a form shows when it is opened."""

from collections.abc import Callable, Mapping
from copy import deepcopy

from forms.kinds import Json, Schema, properties
from forms.schema import Form

# Works out an expression with the given names; None where it has no value (a name that is not there yet, say).
Evaluate = Callable[[str, Mapping[str, Json]], Json]


def prefill(
    form: Form, earlier: Mapping[str, Json] | None, case: Mapping[str, Json], evaluate: Evaluate
) -> dict[str, Json]:
    """What was sent earlier at this task, else what the form's expressions find in the case, else the defaults.

    A field marked `ui:fresh` (a decision) is never taken from what was sent earlier.
    """
    return _filled(form.schema, form.ui, earlier, lambda expression: evaluate(expression, case))


def _filled(schema: Schema, ui: Schema, earlier: Json, find: Callable[[str], Json]) -> dict[str, Json]:
    data: dict[str, Json] = {}
    for name, part, part_ui in properties(schema, ui):
        if isinstance(earlier, Mapping) and not part_ui.get("ui:fresh"):
            value = fitting(part, earlier.get(name))
        else:
            found = find(part_ui["ui:prefill"]) if "ui:prefill" in part_ui else None
            value = fitting(part, found)
            if value is None and part["type"] == "object":
                value = _filled(part, part_ui, None, find) or None
            if value is None:
                value = deepcopy(part.get("default"))
        if value is not None:
            data[name] = value
    return data


_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def fitting(schema: Schema, value: Json) -> Json:
    """The part of a value that a field can hold, else None: rows found elsewhere in the case may have other columns."""
    if schema["type"] == "object" and isinstance(value, Mapping):
        parts = {name: fitting(part, value.get(name)) for name, part in schema["properties"].items()}
        return {name: part for name, part in parts.items() if part is not None} or None
    if schema["type"] == "array" and isinstance(value, list):
        items = (fitting(schema["items"], item) for item in value)
        return [item for item in items if item is not None] or None
    if isinstance(value, bool) and schema["type"] != "boolean":
        return None
    return value if isinstance(value, _PYTHON.get(schema["type"], ())) else None
