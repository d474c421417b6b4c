"""JSON Schemas of what the API takes and gives, declared once: the OpenAPI document and the checks come from them."""

from collections.abc import Mapping
from typing import Any

from engine import clock

Schema = Mapping[str, Any]

COMPONENTS: dict[str, Schema] = {}

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
FLAG: Schema = {"type": "boolean"}
ANY_OBJECT: Schema = {"type": "object"}
BYTES: Schema = {"type": "string", "format": "binary"}
WHY: Schema = {"type": "string", "minLength": 1, "maxLength": 2000}
WHEN = "A day of the office such as 2026-11-24, which is included, or a moment with its time zone."


def choice(*values: str) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"oneOf": [schema, {"type": "null"}]}
    nullable = {**schema, "type": [schema["type"], "null"]}
    return nullable | {"enum": [*schema["enum"], None]} if "enum" in schema else nullable


def many(schema: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": schema}


def record(name: str, /, *, optional: Mapping[str, Schema] | None = None, **properties: Schema) -> Schema:
    """Define a named object of an answer; returns the reference to it."""
    everything = {**properties, **(optional or {})}
    COMPONENTS[name] = {"type": "object", "properties": everything, "required": list(properties)}
    return {"$ref": f"#/components/schemas/{name}"}


def body(properties: Mapping[str, Schema], *, optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object that a client sends: what is not named here is refused, since it would be lost."""
    everything = {**properties, **(optional or {})}
    closed = {"type": "object", "properties": everything, "required": list(properties)}
    return closed | {"additionalProperties": False}


def page(item: Schema) -> Schema:
    """A page of a list, with the address of the next one."""
    properties = {"items": many(item), "next": maybe(TEXT)}
    return {"type": "object", "properties": properties, "required": ["items", "next"]}


def told(reference: Schema, value: object, given: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The object of an answer: what is not `given` is said by the value's attribute of the same name."""
    said = {**(given or {}), **more}
    names = COMPONENTS[reference["$ref"].rpartition("/")[2]]["required"]
    return {name: _plain(said[name] if name in said else getattr(value, name)) for name in names}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else clock.plain(value)
