"""The forms of our SOPs can be read, carry usable examples, and fit the models, expressions and templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from docgen.render import compile_template
from engine.expressions import compile_expression
from forms.prefill import fitting
from forms.schema import Form, expressions, field_names, read_form
from forms.validation import validate

ROOT = Path(__file__).parents[3]
DEFINITIONS = ROOT / "forms" / "definitions"
TEMPLATES = ROOT / "docgen" / "templates"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
ISSUED = {"nomor": "1/PP.06-BA/7315/KPU-Kab/2026", "tanggal": "2026-03-09", "versi": 1}
# What the engine adds to the data of the case when it fills a template.
SURROUNDINGS = {"kop", "dokumen", "penanda_tangan", "kasus", "berkas"}


@dataclass(frozen=True)
class Step:
    """A user task of a model, with its form."""

    sop: str
    task: str
    key: str
    files: tuple[str, str]

    @property
    def form(self) -> Form:
        schema, ui = (DEFINITIONS / file for file in self.files)
        return read_form(schema.read_bytes(), ui.read_bytes())

    @property
    def examples(self) -> list[dict[str, Any]]:
        examples: list[dict[str, Any]] = self.form.schema["examples"]
        return examples


def properties(element: etree._Element) -> dict[str, str]:
    return {p.attrib["name"]: p.attrib["value"] for p in element.iter(SPIFF + "property")}


def read_steps(sop: str) -> Iterator[Step]:
    for task in MODELS[sop].iter("{*}userTask"):
        said = properties(task)
        files = said["formJsonSchemaFilename"], said["formUiSchemaFilename"]
        yield Step(sop, task.get("id", ""), said["dataKey"], files)


MODELS = {path.stem: etree.parse(path) for path in sorted((ROOT / "bpmn").glob("*.bpmn"))}
STEPS = [step for sop in MODELS for step in read_steps(sop)]
each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.sop}-{step.task}")
each_sop = pytest.mark.parametrize("sop", MODELS)


def results(sop: str) -> set[str]:
    return {op.get("resultVariable") for op in MODELS[sop].iter(SPIFF + "serviceTaskOperator")} - {None}


def known_names(sop: str) -> set[str]:
    """Every dotted name that an expression or a template may read from the case."""
    names = {f"{result}.{fact}" for result in results(sop) for fact in ISSUED}
    for step in read_steps(sop):
        names |= {step.key} | {f"{step.key}.{field}" for field in field_names(step.form)}
    return names


def case_data(sop: str) -> dict[str, Any]:
    """The data of a case in which every form was sent once and every letter issued."""
    return {step.key: step.examples[0] for step in read_steps(sop)} | dict.fromkeys(results(sop), ISSUED)


def prefills(ui: Mapping[str, Any]) -> dict[str, str]:
    return {name: hints["ui:prefill"] for name, hints in ui.items() if "ui:prefill" in hints}


@each_step
def test_a_form_can_be_read_and_orders_every_field(step: Step) -> None:
    assert sorted(step.form.ui["ui:order"]) == sorted(step.form.schema["properties"])


@each_step
def test_every_example_is_a_valid_submission(step: Step) -> None:
    assert step.examples
    assert [validate(step.form, example) for example in step.examples] == [[] for _ in step.examples]


@each_step
def test_a_decision_has_an_example_for_each_answer_and_the_first_goes_forward(step: Step) -> None:
    if "keputusan" in step.form.schema["properties"]:
        assert [example["keputusan"] for example in step.examples] == ["setuju", "kembalikan"]
        without_reason = {name: value for name, value in step.examples[1].items() if name != "alasan"}
        assert [error.pointer for error in validate(step.form, without_reason)] == ["/alasan"]


@each_step
def test_expressions_read_what_the_case_has(step: Step) -> None:
    own = field_names(step.form)
    for pointer, text in expressions(step.form):
        reads = compile_expression(text).reads
        assert reads <= (own if pointer.endswith("/ui:showIf") else known_names(step.sop)), text


@each_step
def test_what_is_prefilled_fits_its_field(step: Step) -> None:
    for name, text in prefills(step.form.ui).items():
        value = compile_expression(text).evaluate(case_data(step.sop))
        if value is not None:  # the case left that field empty
            assert fitting(step.form.schema["properties"][name], value) is not None, name


def test_no_form_file_is_left_over() -> None:
    assert {path.name for path in DEFINITIONS.glob("*.json")} == {file for step in STEPS for file in step.files}


@each_sop
def test_the_templates_exist_and_name_fields_of_the_forms(sop: str) -> None:
    named = {p.attrib["value"].strip("'") for p in MODELS[sop].iter(SPIFF + "parameter") if p.get("id") == "template"}
    for name in named:
        used = compile_template((TEMPLATES / name).read_bytes()).names
        assert {dotted for dotted in used if dotted.split(".")[0] not in SURROUNDINGS} <= known_names(sop), name


def test_inputs_that_people_bring_are_there_or_a_reason_is_given() -> None:
    preparation = next(step for step in STEPS if step.key == "persiapan")
    bare = {name: value for name, value in preparation.examples[0].items() if name != "materi"}
    assert [error.pointer for error in validate(preparation.form, bare)] == ["/alasan_tanpa_materi"]
    assert validate(preparation.form, bare | {"alasan_tanpa_materi": "Narasumber membawa sendiri."}) == []
