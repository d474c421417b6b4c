"""A form is read once and checked whole: everything that would be ignored or dangerous is a problem with its place."""

import json
from typing import Any

import pytest

from forms.schema import FormInvalid, complete, expressions, field_names, read_form

PEOPLE = {
    "type": "object",
    "properties": {
        "hal": {"type": "string"},
        "tempat": {"type": "object", "properties": {"gedung": {"type": "string"}}},
        "peserta": {"type": "array", "items": {"$ref": "#/$defs/orang"}},
    },
    "$defs": {"orang": {"type": "object", "properties": {"nama": {"type": "string"}}}},
}


def form(schema: Any, ui: Any = None) -> Any:
    return read_form(json.dumps(schema).encode(), json.dumps(ui or {}).encode())


def problems(schema: Any, ui: Any = None) -> list[str]:
    with pytest.raises(FormInvalid) as caught:
        form(schema, ui)
    return [str(problem) for problem in caught.value.problems]


def one(field: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": field}, **more}


def test_the_same_bytes_give_the_same_form() -> None:
    assert form(PEOPLE) is form(PEOPLE)


def test_local_references_are_written_out() -> None:
    assert form(PEOPLE).schema["properties"]["peserta"]["items"]["properties"]["nama"]["type"] == "string"


def test_templates_may_use_every_field_and_column() -> None:
    assert field_names(form(PEOPLE)) == {"hal", "tempat", "tempat.gedung", "peserta", "peserta.nama"}


def test_what_was_left_out_is_there_for_templates() -> None:
    assert complete(form(PEOPLE), {"peserta": [{}]}) == {
        "hal": None,
        "tempat": {"gedung": None},
        "peserta": [{"nama": None}],
    }
    assert complete(form(PEOPLE), {})["peserta"] == []


def test_expressions_are_listed_with_their_place() -> None:
    ui = {
        "ui:context": [{"label": "Pagu", "value": "telaah.pagu"}],
        "hal": {"ui:prefill": "rapat.hal"},
        "peserta": {"items": {"nama": {"ui:showIf": "hal == 'x'"}}},
    }
    assert expressions(form(PEOPLE, ui)) == [
        ("/ui:context/0/value", "telaah.pagu"),
        ("/hal/ui:prefill", "rapat.hal"),
        ("/peserta/items/nama/ui:showIf", "hal == 'x'"),
    ]


def test_all_problems_are_reported_at_once() -> None:
    schema = {
        "type": "object",
        "properties": {"Nama": {"type": "string"}, "max": {"type": "string"}, "x": {"title": "?"}},
        "required": ["zz"],
        "patternProperties": {},
    }
    assert problems(schema) == [
        "schema /patternProperties: The keyword “patternProperties” is not supported here.",
        "schema /properties/Nama: A field's name is made of a–z, 0–9 and _: “Nama”.",
        "schema /properties/max: “max” is a reserved word; choose another name.",
        "schema /properties/x: Every field needs one type: object, array, string, integer, number or boolean.",
        "schema /: The schema has no field “zz”.",
    ]


@pytest.mark.parametrize("name", ["class", "len", "items", "__class__", "a-b", "A", "", "9x", "x" * 64])
def test_names_that_expressions_or_templates_cannot_reach_are_refused(name: str) -> None:
    assert problems({"type": "object", "properties": {name: {"type": "string"}}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[]", "one JSON object"),
        (b'{"type": "object", "type": "array"}', "“type” is given twice"),
        (b'{"type": NaN}', "NaN"),
        (b"\xff", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"type": "object"}' + b" " * 300_000, "larger than 256 kB"),
        (b'{"type": "string"}', "has the type “object”"),
        (b'{"type": "object"}', "needs properties"),
    ],
)
def test_a_schema_that_cannot_be_read_is_refused(text: bytes, said: str) -> None:
    with pytest.raises(FormInvalid, match=said):
        read_form(text)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ({"$ref": "https://example.org/x.json"}, "not one of the definitions"),
        ({"$ref": "#/$defs/loop"}, "refers to itself"),
        ({"$ref": "#/$defs/missing"}, "not one of the definitions"),
        ({"type": ["string", "null"]}, "one type"),
        ({"type": "string", "format": "ipv4"}, "“ipv4” is not known"),
        ({"type": "string", "maxLength": "ten"}, "Not JSON Schema"),
        ({"type": "string", "minimum": 3}, "“minimum” is not supported"),
        ({"type": "object", "properties": {"y": {"type": "string"}}, "additionalProperties": True}, "not listed"),
        ({"type": "array"}, "needs items"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "cannot hold rows"),
        ({"type": "string", "pattern": "^(a+)+$"}, "repeated group"),
    ],
)
def test_a_field_that_cannot_be_used_is_refused(field: Any, said: str) -> None:
    schema = one(field) | {"$defs": {"loop": {"type": "array", "items": {"$ref": "#/$defs/loop"}}}}
    assert said in "\n".join(problems(schema))


def test_references_that_multiply_are_stopped() -> None:
    several = {name: {"$ref": "#/$defs/b"} for name in ("if", "then", "else", "not")}
    definitions: dict[str, Any] = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 10} for i in range(9)}
    definitions |= {"d9": {"type": "string"}, "b": several}
    assert "too large" in problems(one({"$ref": "#/$defs/d0"}) | {"$defs": definitions})[0]


def test_a_form_has_a_bounded_number_of_fields() -> None:
    schema = {"type": "object", "properties": {f"f{i}": {"type": "string"} for i in range(301)}}
    assert problems(schema) == ["schema /properties/f300: A form has at most 300 fields."]


def test_a_condition_may_only_name_fields_that_exist() -> None:
    condition = {"properties": {"keputusan": {"const": "setuju"}}}
    schema = one({"type": "string"}, **{"if": condition, "then": {"required": ["alasan"]}})
    assert problems(schema) == [
        "schema /if: The schema has no field “keputusan”.",
        "schema /then: The schema has no field “alasan”.",
    ]


def test_a_condition_is_an_object() -> None:
    schema = one({"type": "string"}, allOf=[{"properties": {"x": True}}, False])
    assert problems(schema) == [
        "schema /allOf/0/properties/x: A condition is an object of keywords.",
        "schema /allOf/1: A condition is an object of keywords.",
    ]


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        ({"y": {}}, "no field “y”"),
        ({"x": {"ui:wigdet": "textarea"}}, "“ui:wigdet” is not known"),
        ({"x": {"ui:widget": "money"}}, "“money” does not suit this field"),
        ({"x": {"ui:prefill": 3}}, "A text is needed"),
        ({"x": {"z": {}}}, "no field “z”"),
        ({"x": "textarea"}, "is an object"),
        ({"x": {"ui:enumNames": {"a": "A"}}}, "“a” is not one of"),
        ({"x": {"ui:context": []}}, "“ui:context” is not known"),
        ({"ui:order": ["x", "y"]}, "no field “y”"),
        ({"ui:order": ["x", "x"]}, "different field names"),
        ({"ui:order": ["x", {"label": "x"}]}, "different field names"),
        ({"ui:context": [{"label": "?"}]}, "two texts"),
        ({"ui:context": "telaah.pagu"}, "two texts"),
    ],
)
def test_a_ui_schema_that_does_not_fit_is_refused(ui: Any, said: str) -> None:
    assert said in "\n".join(problems(one({"type": "string"}), ui))
