"""The words a form's UI schema may use, and whether they fit the schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.kinds import WIDGETS, Json, Schema, kind
from forms.problem import Problem
from forms.wording import N_

_TEXTS = frozenset({"ui:widget", "ui:help", "ui:placeholder", "ui:prefill", "ui:showIf", "ui:signedCopyOf"})
_YES_NO = ("ui:fresh", "ui:inputs", "ui:search")
_FIELD = _TEXTS | {*_YES_NO, "ui:enumNames", "ui:rows"}
_ROOT = frozenset({"ui:context"})


def ui_problems(ui: Schema, schema: Schema) -> list[Problem]:
    """What in the UI schema is unknown, or does not fit the schema."""
    problems = list(_object(ui, schema, "", _ROOT))
    if "ui:context" in ui:
        problems += _context(ui["ui:context"])
    return problems


def _problem(pointer: str, message: str, **params: Any) -> Problem:
    return Problem("ui", pointer, message, params)


def _object(ui: Schema, schema: Schema, pointer: str, more: frozenset[str]) -> Iterator[Problem]:
    """The keys for an object: `ui:order`, the keywords in `more`, and the names of its fields."""
    fields = schema["properties"]
    yield from _order(ui.get("ui:order", []), fields, f"{pointer}/ui:order")
    for key, value in ui.items():
        here = f"{pointer}/{key}"
        if key in fields:
            yield from _field(value, fields[key], here)
        elif not key.startswith("ui:"):
            yield _problem(here, N_("The schema has no field “%(name)s”."), name=key)
        elif key != "ui:order" and key not in more:
            yield _problem(here, N_("The UI keyword “%(key)s” is not known here."), key=key)


def _order(order: Json, fields: Schema, pointer: str) -> Iterator[Problem]:
    if not isinstance(order, list) or not all(isinstance(name, str) for name in order) or len(set(order)) < len(order):
        yield _problem(pointer, N_("An order is a list of different field names."))
        return
    for name in order:
        if name != "*" and name not in fields:
            yield _problem(pointer, N_("The schema has no field “%(name)s”."), name=name)


def _context(items: Json) -> Iterator[Problem]:
    for i, item in enumerate(items if isinstance(items, list) else [None]):
        if not (isinstance(item, dict) and item.keys() == {"label", "value"} and all(map(_is_text, item.values()))):
            yield _problem(f"/ui:context/{i}", N_("A context item has two texts: a label and a value (an expression)."))


def _field(ui: Json, schema: Schema, pointer: str) -> Iterator[Problem]:
    if not isinstance(ui, dict):
        yield _problem(pointer, N_("A field's appearance is an object."))
        return
    yield from _keywords(ui, schema, pointer)
    if schema["type"] == "object":
        yield from _object(ui, schema, pointer, _FIELD)
    elif schema["type"] == "array" and schema["items"]["type"] == "object":
        known = {"type": "object", "properties": {"items": schema["items"]}}
        yield from _object({key: value for key, value in ui.items() if key != "ui:order"}, known, pointer, _FIELD)
    else:
        yield from _object(ui, {"properties": {}}, pointer, _FIELD)


def _keywords(ui: Mapping[str, Json], schema: Schema, pointer: str) -> Iterator[Problem]:
    for key in ui.keys() & _TEXTS:
        if not _is_text(ui[key]):
            yield _problem(f"{pointer}/{key}", N_("A text is needed here."))
    natural = kind(schema, ui)
    if "ui:signedCopyOf" in ui and natural not in ("file", "files"):
        yield _problem(f"{pointer}/ui:signedCopyOf", N_("Only an upload can be the signed copy of a document."))
    if "ui:search" in ui and (schema["type"] != "string" or natural == "file"):
        yield _problem(f"{pointer}/ui:search", N_("Only a text can be what a case is found by."))
    if "ui:widget" in ui and ui["ui:widget"] not in WIDGETS[natural]:
        yield _problem(
            f"{pointer}/ui:widget",
            N_("The widget “%(widget)s” does not suit this field; use %(known)s."),
            widget=ui["ui:widget"],
            known=", ".join(WIDGETS[natural]),
        )
    if not isinstance(ui.get("ui:rows", 3), int) or any(not isinstance(ui.get(key, True), bool) for key in _YES_NO):
        yield _problem(
            pointer, N_("ui:rows is a number of lines; ui:fresh, ui:inputs and ui:search are true or false.")
        )
    yield from _enum_names(ui.get("ui:enumNames", {}), schema, f"{pointer}/ui:enumNames")


def _enum_names(names: Json, schema: Schema, pointer: str) -> Iterator[Problem]:
    if not isinstance(names, dict) or not all(map(_is_text, names.values())):
        yield _problem(pointer, N_("ui:enumNames gives a label for each value."))
        return
    values = (
        {"true", "false"}
        if schema["type"] == "boolean"
        else {str(value) for value in schema.get("items", schema).get("enum", ())}
    )
    for name in sorted(names.keys() - values):
        yield _problem(f"{pointer}/{name}", N_("“%(value)s” is not one of the field's values."), value=name)


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value.strip() != ""
