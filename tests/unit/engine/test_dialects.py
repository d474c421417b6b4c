"""Models made with Camunda Modeler and our element templates say what they would say in our own words."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn import Element, Process, read_bpmn
from engine.checker import Finding, check
from engine.definitions import deployed_definition
from engine.expressions import compile_expression
from engine.issuing import REGISTRY
from engine.properties import NAMES
from tests.unit.docgen.word import docx, paragraph
from tests.unit.engine.diagrams import FORM, bpmn

MODELS = Path(__file__).with_name("models")
FLAVOURS = ("camunda", "zeebe")
URI = {"camunda": "http://camunda.org/schema/1.0/bpmn", "zeebe": "http://camunda.org/schema/zeebe/1.0"}
OPERATORS = {
    "camunda": '<bpmn:serviceTask id="v1" name="V1" camunda:type="external" camunda:topic="docgen/render" '
    'camunda:resultVariable="surat">{own}<camunda:inputOutput>'
    '<camunda:inputParameter name="template">surat.docx</camunda:inputParameter>'
    '<camunda:inputParameter name="type">{value}</camunda:inputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>",
    "zeebe": '<bpmn:serviceTask id="v1" name="V1">{own}<zeebe:taskDefinition type="docgen/render"/>'
    '<zeebe:ioMapping><zeebe:input source="surat.docx" target="template"/>'
    '<zeebe:input source="{value}" target="type"/></zeebe:ioMapping>'
    '<zeebe:taskHeaders><zeebe:header key="resultVariable" value="surat"/></zeebe:taskHeaders>'
    "</bpmn:extensionElements>",
}
FILES = {
    "f.json": FORM,
    "cuti.schema.json": FORM,
    "putus.schema.json": FORM,
    "surat.docx": docx(paragraph("Surat")),
}


def spoken(model: bytes, flavour: str, user: str = "", operator: str = "") -> bytes:
    """The model with what else a user task and a service task say in a dialect."""
    text = model.decode().replace("<bpmn:definitions", f'<bpmn:definitions xmlns:{flavour}="{URI[flavour]}"')
    text = text.replace("</spiffworkflow:properties>", f"</spiffworkflow:properties>{user}", 1)
    if operator:
        start = text.index('<bpmn:serviceTask id="v1"')
        end = text.index("</bpmn:extensionElements>", start) + len("</bpmn:extensionElements>")
        text = text[:start] + operator + text[end:]
    return text.encode()


def properties(flavour: str, **values: str) -> str:
    inner = "".join(f'<{flavour}:property name="{name}" value="{escape(text)}"/>' for name, text in values.items())
    return f"<{flavour}:properties>{inner}</{flavour}:properties>"


def read(model: bytes) -> Process:
    return read_bpmn(model)[0][0]


def element(model: bytes, id_: str) -> Element:
    return next(each for each in read(model).elements if each.id == id_)


def findings(model: bytes) -> list[Finding]:
    return check({"m.bpmn": model, **FILES}, REGISTRY)


@pytest.mark.parametrize("version", [7, 8])
def test_what_camunda_modeler_made_with_the_templates_is_deployed_without_a_remark(version: int) -> None:
    """The files come from bpmn-js with Camunda's own panels, behaviours and element templates."""
    model = (MODELS / f"camunda-{version}.bpmn").read_bytes()
    assert findings(model) == []
    sop = deployed_definition({"m.bpmn": model, **FILES}, "cuti")
    assert sop.properties == {"unit": "KPU Uji", "nomor_sop": "7/2026", "keterkaitan": "SOP Arsip"}
    first, second, issue, archive = (sop.elements[id_] for id_ in ("isi", "setuju", "terbit", "arsip"))
    assert first.properties == {
        "formJsonSchemaFilename": "cuti.schema.json", "dataKey": "cuti", "waktu": "± 2 jam", "asal": "baris-1",
        "kelengkapan": "Formulir, KTP", "keluaran": "Permohonan", "ket": "SOP Arsip",
    }  # fmt: skip
    assert second.separate_from == ("isi",)
    assert (issue.operator, issue.result, archive.operator) == ("docgen/render", "surat", "docgen/archive")
    given = {name: compile_expression(text).constant for name, text in issue.parameters.items()}
    assert given == {"template": "surat.docx", "type": "surat_cuti", "title": "Surat Cuti",
                     "signed_by": ["isi", "setuju"]}  # fmt: skip


@given(st.sampled_from(FLAVOURS), st.dictionaries(st.sampled_from(sorted(NAMES)), st.text("ab ±'<&\"=", min_size=1)))
def test_our_names_are_read_in_any_namespace_as_in_our_own(flavour: str, said: dict[str, str]) -> None:
    model = bpmn("s1 u1\nu1 e1")
    plain = element(model, "u1").properties
    spoken_of = {name: text for name, text in said.items() if text.strip()}
    found = element(spoken(model, flavour, properties(flavour, **said)), "u1").properties
    assert found == {name: text.strip() for name, text in spoken_of.items()} | plain


@given(st.sampled_from(FLAVOURS), st.text("ab ±<&/\"'=$").map("x".__add__))
def test_a_plain_text_is_the_parameter_itself(flavour: str, text: str) -> None:
    operator = OPERATORS[flavour].format(own="<bpmn:extensionElements>", value=escape(text))
    issue = element(spoken(bpmn("s1 v1\nv1 e1"), flavour, operator=operator), "v1")
    assert (issue.operator, issue.result) == ("docgen/render", "surat")
    assert compile_expression(issue.parameters["type"]).constant == text.strip()


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(
    ("value", "constant"),
    [("'nota'", "nota"), ('"nota"', "nota"), ("${'nota'}", "nota"), ("=1 + 2", 3), ('=["a","b"]', ["a", "b"])],
)
def test_what_is_marked_as_an_expression_is_one(flavour: str, value: str, constant: object) -> None:
    operator = OPERATORS[flavour].format(own="<bpmn:extensionElements>", value=escape(value))
    issue = element(spoken(bpmn("s1 v1\nv1 e1"), flavour, operator=operator), "v1")
    assert compile_expression(issue.parameters["type"]).constant == constant


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_our_own_words_count_and_a_contradiction_is_a_warning(flavour: str) -> None:
    said = properties(flavour, dataKey="lain", waktu="1 jam", formJsonSchemaFilename="f.json")
    model = spoken(bpmn("s1 u1\nu1 e1"), flavour, said)
    assert element(model, "u1").properties == {"formJsonSchemaFilename": "f.json", "dataKey": "u1", "waktu": "1 jam"}
    (found,) = findings(model)
    assert (found.code, found.severity, found.element_id) == ("extension_ignored", "warning", "u1")
    assert found.params["tag"] == f"{flavour}:properties (dataKey)"


def test_of_two_dialects_that_contradict_each_other_one_counts_and_the_other_is_told() -> None:
    said = properties("camunda", waktu="1 jam") + properties("zeebe", waktu="2 jam")
    model = spoken(spoken(bpmn("s1 u1\nu1 e1"), "camunda"), "zeebe", said)
    assert element(model, "u1").properties["waktu"] == "1 jam"
    assert [finding.params["tag"] for finding in findings(model)] == ["zeebe:properties (waktu)"]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_operator_that_is_named_twice_is_ours(flavour: str) -> None:
    own = '<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="docgen/archive"/>'
    operator = OPERATORS[flavour].format(own=own, value="surat")
    model = spoken(bpmn("s1 v1\nv1 e1"), flavour, operator=operator)
    issue = element(model, "v1")
    assert (issue.operator, issue.result, issue.parameters) == ("docgen/archive", None, {})
    assert {finding.code for finding in findings(model)} == {"extension_ignored", "missing_parameter"}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_what_is_not_ours_stays_and_is_told(flavour: str) -> None:
    model = spoken(bpmn("s1 u1\nu1 e1"), flavour, properties(flavour, waktuu="1 jam"))
    (found,) = findings(model)
    assert (found.code, found.params["tag"]) == ("extension_ignored", f"{flavour}:properties (waktuu)")


def test_which_template_was_used_is_not_told() -> None:
    model = bpmn("s1 u1\nu1 e1").replace(b'id="u1"', b'id="u1" zeebe:modelerTemplate="alur.user-task"')
    assert findings(spoken(model, "zeebe", "<zeebe:userTask/>")) == []
