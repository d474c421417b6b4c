"""The words a form's schema may use: what is unknown here would be ignored silently, so it is a problem."""

import builtins
import keyword
import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from forms.kinds import FORMATS, Json, Schema
from forms.patterns import MAX_PATTERNED_TEXT, pattern_problem
from forms.problem import Problem
from forms.wording import N_

MAX_FIELDS = 300
MAX_TEXT = 20_000
MAX_ITEMS = 500
MAX_NUMBER = 2**53 - 1  # what every JSON reader, and the canonical form in the history, holds exactly

# Names that expressions or templates could not reach: `max` is a function, `x.items` a method of every object.
RESERVED = frozenset([*keyword.kwlist, *dir(builtins), *dir(dict)])
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

_BY_TYPE: Mapping[str, frozenset[str]] = {
    "object": frozenset({"properties", "required", "additionalProperties", "dependentRequired"}),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format", "enum"}),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum"}),
    "boolean": frozenset(),
}
_SINGLE = ("if", "then", "else", "not")
_SEVERAL = ("allOf", "anyOf", "oneOf")
_CONDITIONS = frozenset([*_SINGLE, *_SEVERAL])
_ANYWHERE = frozenset({"type", "title", "description", "default", "examples", "const", "$comment"}) | _CONDITIONS
_AT_ROOT = frozenset({"$schema", "$id"})
_IN_CONDITION = frozenset().union(*_BY_TYPE.values()) - {"additionalProperties"} | {"contains"} | _ANYWHERE

_META = Draft202012Validator(Draft202012Validator.META_SCHEMA)


def schema_problems(schema: dict[str, Json]) -> list[Problem]:
    """What is wrong with a schema whose references are written out."""
    against_standard = [
        Problem(
            "schema",
            "".join(f"/{step}" for step in error.absolute_path),
            N_("Not JSON Schema: %(cause)s"),
            {"cause": error.message[:200]},
        )
        for error in _META.iter_errors(schema)
    ]
    if against_standard:
        return against_standard
    if schema.get("type") != "object":
        return [Problem("schema", "", N_("A form's schema has the type “object”."))]
    checker = _SchemaChecker()
    checker.field(schema, "", _AT_ROOT)
    return checker.problems


class _SchemaChecker:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.fields = 0

    def report(self, pointer: str, message: str, **params: Any) -> None:
        self.problems.append(Problem("schema", pointer, message, params))

    def field(self, schema: Json, pointer: str, more: frozenset[str] = frozenset()) -> None:
        """A part of the schema that is a field of the form."""
        self.fields += 1
        if self.fields == MAX_FIELDS + 2:  # the root is counted too
            self.report(pointer, N_("A form has at most %(limit)s fields."), limit=MAX_FIELDS)
        if self.fields > MAX_FIELDS + 1:
            return
        type_ = schema.get("type") if isinstance(schema, dict) else None
        if not isinstance(type_, str) or type_ not in _BY_TYPE:
            self.report(pointer, N_("Every field needs one type: object, array, string, integer, number or boolean."))
            return
        self._known(schema, pointer, _BY_TYPE[type_] | _ANYWHERE | more)
        getattr(self, f"_{type_}", lambda *_: None)(schema, pointer)
        self._conditions(schema, pointer, schema)

    def _known(self, schema: Schema, pointer: str, known: frozenset[str]) -> None:
        for key in sorted(schema.keys() - known):
            self.report(f"{pointer}/{key}", N_("The keyword “%(key)s” is not supported here."), key=key)

    def _object(self, schema: Schema, pointer: str) -> None:
        if schema.get("additionalProperties", False) is not False:
            self.report(f"{pointer}/additionalProperties", N_("Fields that are not listed cannot be allowed."))
        if not schema.get("properties"):
            self.report(pointer, N_("An object needs properties."))
        for name, part in schema.get("properties", {}).items():
            where = f"{pointer}/properties/{name}"
            if not NAME.fullmatch(name):
                self.report(where, N_("A field's name is made of a–z, 0–9 and _: “%(name)s”."), name=name)
            elif name in RESERVED:
                self.report(where, N_("“%(name)s” is a reserved word; choose another name."), name=name)
            self.field(part, where)

    def _array(self, schema: Schema, pointer: str) -> None:
        items = schema.get("items")
        if not isinstance(items, dict):
            self.report(pointer, N_("An array needs items."))
            return
        many_in_one_field = "enum" in items or items.get("format") == "attachment"
        if items.get("type") == "array" or ("/items/" in pointer and not many_in_one_field):
            self.report(pointer, N_("Rows cannot hold rows."))
        self.field(items, f"{pointer}/items")

    def _string(self, schema: Schema, pointer: str) -> None:
        if schema.get("format", "date") not in FORMATS:
            self.report(f"{pointer}/format", N_("The format “%(format)s” is not known."), format=schema["format"])
        if "pattern" in schema:
            self._pattern(schema["pattern"], pointer, schema.get("maxLength", MAX_PATTERNED_TEXT))

    def _pattern(self, pattern: str, pointer: str, longest: int) -> None:
        if cause := pattern_problem(pattern, longest):
            self.report(f"{pointer}/pattern", N_("The pattern cannot be used: %(cause)s."), cause=cause)

    def _conditions(self, schema: Schema, pointer: str, of: Schema) -> None:
        parts = [(schema[key], f"{pointer}/{key}") for key in _SINGLE if key in schema]
        parts += [(part, f"{pointer}/{key}/{i}") for key in _SEVERAL for i, part in enumerate(schema.get(key, ()))]
        for part, where in parts:
            self._condition(part, where, of)
        for name in _mentioned(schema) - of.get("properties", {}).keys():
            self.report(pointer, N_("The schema has no field “%(name)s”."), name=name)

    def _condition(self, part: Json, pointer: str, of: Schema) -> None:
        """A part that only restricts the field `of`: it may name its fields, and only those."""
        if not isinstance(part, dict):
            self.report(pointer, N_("A condition is an object of keywords."))
            return
        self._known(part, pointer, _IN_CONDITION)
        if "pattern" in part:
            self._pattern(part["pattern"], pointer, part.get("maxLength", MAX_PATTERNED_TEXT))
        for name, below in part.get("properties", {}).items():
            if name in of.get("properties", {}):
                self._condition(below, f"{pointer}/properties/{name}", of["properties"][name])
        for key in part.keys() & {"items", "contains"}:
            self._condition(part[key], f"{pointer}/{key}", of.get("items", {}))
        self._conditions(part, pointer, of)


def _mentioned(schema: Schema) -> set[str]:
    """The fields that the keywords of one part of a schema name."""
    dependent = schema.get("dependentRequired", {})
    names = {*schema.get("properties", {}), *schema.get("required", ()), *dependent}
    return names.union(*dependent.values())


def bound(schema: dict[str, Json]) -> None:
    """Write the limits into a checked schema that every field has, also when its author named none."""
    match schema["type"]:
        case "object":
            schema["additionalProperties"] = False
            for part in schema["properties"].values():
                bound(part)
        case "array":
            schema["maxItems"] = min(schema.get("maxItems", MAX_ITEMS), MAX_ITEMS)
            bound(schema["items"])
        case "string":
            longest = MAX_PATTERNED_TEXT if "pattern" in schema else MAX_TEXT
            schema["maxLength"] = min(schema.get("maxLength", longest), MAX_TEXT)
        case "integer" | "number":
            schema["maximum"] = min(schema.get("maximum", MAX_NUMBER), MAX_NUMBER)
            schema["minimum"] = max(schema.get("minimum", -MAX_NUMBER), -MAX_NUMBER)
