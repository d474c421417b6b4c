"""The forms of our SOPs are valid, carry usable examples, and belong to the models that name them."""

import builtins
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

ROOT = Path(__file__).parents[3]
DEFINITIONS = ROOT / "forms" / "definitions"
SCHEMAS = sorted(DEFINITIONS.glob("*.schema.json"))
UIS = sorted(DEFINITIONS.glob("*.ui.json"))
MODELS = sorted((ROOT / "bpmn").glob("*.bpmn"))
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
UI_KEYS = {
    "ui:widget",
    "ui:help",
    "ui:placeholder",
    "ui:prefill",
    "ui:showIf",
    "ui:enumNames",
    "ui:rows",
    "ui:fresh",
}


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def fields(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, field in schema.get("properties", {}).items():
        yield name, field
        yield from fields(field.get("items", field))


def forms(model: Path) -> Iterator[tuple[str, str, str]]:
    """(dataKey, schema file, UI file) of every user task."""
    for task in etree.parse(model).iter("{*}userTask"):
        found = {p.get("name"): p.get("value") for p in task.iter(SPIFF + "property")}
        yield found["dataKey"], found["formJsonSchemaFilename"], found["formUiSchemaFilename"]


def name(path: Path) -> str:
    return path.name


def assert_ui_names_fields(ui: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    for key, hints in ui.items():
        if key.startswith("ui:"):
            continue
        field = schema["properties"][key]
        assert {k for k in hints if k != "items"} <= UI_KEYS, key
        if "ui:enumNames" in hints:
            assert set(hints["ui:enumNames"]) == set(field["enum"]), key
        if "items" in hints:
            assert_ui_names_fields(hints["items"], field["items"])


@pytest.mark.parametrize("path", SCHEMAS, ids=name)
def test_a_schema_is_valid_and_refuses_unknown_fields(path: Path) -> None:
    schema = read(path)
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    for field_name, field in fields(schema):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field_name)
        assert not hasattr(builtins, field_name) and not keyword.iskeyword(field_name)
        assert field["title"]


@pytest.mark.parametrize("path", SCHEMAS, ids=name)
def test_every_example_is_a_valid_submission(path: Path) -> None:
    schema = read(path)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert schema["examples"]
    for example in schema["examples"]:
        assert [error.message for error in validator.iter_errors(example)] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=name)
def test_a_decision_has_an_example_for_each_answer_and_the_first_goes_forward(path: Path) -> None:
    schema = read(path)
    if "keputusan" in schema["properties"]:
        assert [example["keputusan"] for example in schema["examples"]] == ["setuju", "kembalikan"]
        silent = dict(schema["examples"][1])
        del silent["alasan"]
        assert not Draft202012Validator(schema).is_valid(silent)


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_every_file_that_a_model_names_exists_and_its_ui_names_fields(model: Path) -> None:
    for _key, schema_file, ui_file in forms(model):
        schema, ui = read(DEFINITIONS / schema_file), read(DEFINITIONS / ui_file)
        assert sorted(ui["ui:order"]) == sorted(schema["properties"])
        assert_ui_names_fields(ui, schema)
    for parameter in etree.parse(model).iter(SPIFF + "parameter"):
        if parameter.get("id") == "template":
            template = parameter.get("value", "").strip("'")
            assert (ROOT / "docgen" / "templates" / template).is_file(), template


def test_no_form_file_is_left_over() -> None:
    named = {file for model in MODELS for _key, *files in forms(model) for file in files}
    assert {path.name for path in SCHEMAS + UIS} == named


@pytest.mark.parametrize("path", UIS, ids=name)
def test_prefill_and_context_read_forms_of_the_case(path: Path) -> None:
    known = {key for model in MODELS for key, *_files in forms(model)}
    for model in MODELS:
        known |= {op.get("resultVariable", "") for op in etree.parse(model).iter(SPIFF + "serviceTaskOperator")}
    ui = read(path)
    expressions = [line["value"] for line in ui.get("ui:context", [])]
    expressions += [hints["ui:prefill"] for hints in ui.values() if "ui:prefill" in hints]
    for expression in expressions:
        assert set(re.findall(r"\b([a-z][a-z0-9_]*)\.", re.sub(r"'[^']*'", "", expression))) <= known, expression
