"""What kind of field a piece of schema is, and which widgets suit it."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Any
Schema = Mapping[str, Any]

FORMATS = frozenset({"date", "time", "date-time", "email", "uri", "attachment"})

# How schemas say that a text is a time of day: the format `time` wants seconds, which nobody at an office writes.
TIME_OF_DAY = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

# The first widget of a kind is what it gets unless the UI schema says otherwise.
WIDGETS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "email", "url"),
    "textarea": ("textarea",),
    "integer": ("number", "text"),
    "number": ("number", "text"),
    "money": ("money",),
    "date": ("date",),
    "time": ("time",),
    "choice": ("select", "radio"),
    "choices": ("checkboxes",),
    "yes_no": ("radio",),
    "checkbox": ("checkbox",),
    "file": ("file", "photo"),
    "files": ("files", "file", "photo"),
    "rows": ("table", "cards"),
    "group": ("group",),
}


def kind(schema: Schema, ui: Schema) -> str:
    """One of the keys of WIDGETS."""
    widget = ui.get("ui:widget")
    match schema["type"]:
        case "object":
            return "group"
        case "array":
            return _array_kind(schema["items"])
        case "boolean":
            return "checkbox" if widget == "checkbox" else "yes_no"
        case _ if "enum" in schema:
            return "choice"
        case "integer" | "number" as number:
            return "money" if widget == "money" else number
    if schema.get("format") in ("date", "time"):
        return str(schema["format"])
    if schema.get("pattern") == TIME_OF_DAY:
        return "time"
    if schema.get("format") == "attachment":
        return "file"
    return "textarea" if widget == "textarea" else "text"


def _array_kind(items: Schema) -> str:
    if "enum" in items:
        return "choices"
    return "files" if items.get("format") == "attachment" else "rows"


def ordered(schema: Schema, ui: Schema) -> list[str]:
    """The names of an object's properties in the order of the page: `ui:order`, then the rest ("*" stands for it)."""
    order = list(ui.get("ui:order", ()))
    rest = [name for name in schema["properties"] if name not in order]
    if "*" not in order:
        return order + rest
    at = order.index("*")
    return order[:at] + rest + order[at + 1 :]


def below(ui: Schema, name: str) -> Schema:
    """The part of a UI schema about the property (or, for an array, the "items") called `name`."""
    part: Schema = ui.get(name, {})
    return part


def properties(schema: Schema, ui: Schema) -> Iterator[tuple[str, Schema, Schema]]:
    """Each property of an object with its own schema and UI schema, in the order of the page."""
    for name in ordered(schema, ui):
        yield name, schema["properties"][name], below(ui, name)
