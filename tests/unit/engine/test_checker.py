"""What the checker refuses, and that it says where and why."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checker import Finding, check
from engine.checker.findings import RULES
from engine.definitions import read_definitions
from engine.errors import InvalidDeployment
from engine.runtime import Case
from tests.conformance.table import FEATURES
from tests.unit.docgen.word import docx, paragraph
from tests.unit.engine.diagrams import FORM, bpmn


@dataclass(frozen=True)
class Signature:
    required: frozenset[str] = frozenset({"n"})
    optional: frozenset[str] = frozenset({"template"})


OPERATORS = {"test/v1": Signature()}
FLOWS = "s1 u1\nu1 x1\nx1 v1 | u1.a == 'ya'\nx1 c1 | default\nv1 x2\nc1 x2\nx2 p1\np1 e1"
MODEL = bpmn(FLOWS, inner={"p1": "s2 u2\nu2 e2"}, scripts={"c1": "n = 1", "v1": "u1.a"})

U1 = "<bpmn:flowNodeRef>u1</bpmn:flowNodeRef>"
PROPERTIES = "<spiffworkflow:properties>"
TWICE = (
    '<c:properties xmlns:c="http://camunda.org/schema/1.0/bpmn"><c:property name="dataKey" value="u2"/></c:properties>'
)
DATA_KEY = '<spiffworkflow:property name="dataKey" value="u1"/>'
SEPARATE = (
    '<spiffworkflow:properties><spiffworkflow:property name="separate_from" value="u1"/></spiffworkflow:properties>'
)
END = "</bpmn:definitions>"


def findings(content: bytes, files: Mapping[str, bytes] | None = None) -> list[Finding]:
    return check({"m.bpmn": content, "f.json": FORM, **(files or {})}, OPERATORS)


def codes(content: bytes, files: Mapping[str, bytes] | None = None) -> list[str]:
    return [finding.code for finding in findings(content, files)]


def test_a_sound_model_has_no_findings() -> None:
    assert findings(MODEL) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('name="Staf"', 'name=" "', "unnamed_lane"),
        ('name="Staf"', 'name=" "', "no_lanes"),
        (U1, "", "no_lane"),
        ("</bpmn:lane>", f'</bpmn:lane><bpmn:lane id="l2" name="PPK">{U1}</bpmn:lane>', "two_lanes"),
        ("bpmn:userTask", "bpmn:manualTask", "passes_through"),
        ("bpmn:userTask", "bpmn:businessRuleTask", "no_operator"),
        ("<bpmn:scriptTask", "<bpmn:task", "bad_xml"),
        ("<bpmn:startEvent", '<bpmn:boundaryEvent id="b" attachedToRef="u2"/><bpmn:startEvent', "bad_boundary"),
        ("<bpmn:startEvent", '<bpmn:boundaryEvent id="b" attachedToRef="u1"/><bpmn:startEvent', "no_event_name"),
        ("<bpmn:script>", "<bpmn:multiInstanceLoopCharacteristics/><bpmn:script>", "bad_loop"),
        ("<bpmn:script>", "<bpmn:ioSpecification/><bpmn:script>", "drawn_only"),
        ("</bpmn:endEvent>", "<bpmn:cancelEventDefinition/></bpmn:endEvent>", "unsupported"),
        ('<bpmn:subProcess id="p1"', '<bpmn:subProcess triggeredByEvent="true" id="p1"', "bad_event_subprocess"),
        ('<bpmn:subProcess id="p1"', '<bpmn:subProcess startQuantity="dua" id="p1"', "unsupported_attribute"),
        (PROPERTIES, f"<spiffworkflow:preScript>n = 1</spiffworkflow:preScript>{PROPERTIES}", "unsupported"),
        (PROPERTIES, f'<x:form xmlns:x="http://x"/>{PROPERTIES}', "extension_ignored"),
        (PROPERTIES, f"{TWICE}{PROPERTIES}", "extension_ignored"),
        ('id="u1" name', 'id="" name', "given_id"),
        ('id="u1" name', 'id="u 1" name', "bad_id"),
        ('id="u1" name', 'id="u2" name', "duplicate_id"),
        ('<bpmn:sequenceFlow id="f1"', "<bpmn:sequenceFlow", "given_id"),
        ('targetRef="u1"', 'targetRef="tidak_ada"', "dangling_flow"),
        ('targetRef="u1"', 'targetRef="u2"', "dangling_flow"),
        ("bpmn:startEvent", "bpmn:endEvent", "started"),
        ("<bpmn:endEvent", "<bpmn:startEvent/><bpmn:endEvent", "start_events"),
        ('targetRef="p1"', 'targetRef="u1"', "unreachable"),
        ('sourceRef="p1" targetRef="e1"', 'sourceRef="x1" targetRef="e1"', "dead_end"),
        ('sourceRef="c1" targetRef="x2"', 'sourceRef="u1" targetRef="x2"', "implicit_split"),
        ('sourceRef="c1" targetRef="x2"', 'sourceRef="c1" targetRef="x1"', "automatic_loop"),
        ('sourceRef="p1" targetRef="e1"', 'sourceRef="e1" targetRef="p1"', "out_of_end"),
        ('sourceRef="c1" targetRef="x2"', 'sourceRef="c1" targetRef="s1"', "into_start"),
        ('default="f4"', "", "condition_missing"),
        ('default="f4"', 'default="f1"', "bad_default"),
        ('default="f4"', 'default="f3"', "condition_of_default"),
        ("<bpmn:conditionExpression>u1.a ==", "<bpmn:conditionExpression>u1.a =", "bad_expression"),
        ("u1.a == ", "u1.b == ", "unknown_name"),
        ("n = 1", "import os", "bad_expression"),
        ("<bpmn:script>n = 1</bpmn:script>", "", "no_script"),
        (DATA_KEY, f'<spiffworkflow:property name="separate_from" value="u2, x1"/>{DATA_KEY}', "unknown_separation"),
        (DATA_KEY, f'<spiffworkflow:property name="separate_from" value="u1"/>{DATA_KEY}', "unknown_separation"),
        ("<bpmn:script>", f"<bpmn:extensionElements>{SEPARATE}</bpmn:extensionElements><bpmn:script>",
         "separation_misplaced"),
        ('value="f.json"', 'value=""', "no_form"),
        ('value="f.json"', 'value="../f.json"', "missing_file"),
        ('name="dataKey" value="u1"', 'name="dataKey" value="Kop"', "bad_data_key"),
        ('name="dataKey" value="u1"', 'name="dataKey" value="kop"', "bad_data_key"),
        ('name="dataKey"', 'name="lain"', "no_data_key"),
        (DATA_KEY, f'<spiffworkflow:property name="waktu" value="1 Minggu"/>{DATA_KEY}', "unread_time"),
        ('id="test/v1"', 'id=""', "no_operator"),
        ('id="test/v1"', 'id="test/v2"', "unknown_operator"),
        ('parameter id="n"', 'parameter id="m"', "missing_parameter"),
        ('parameter id="n"', 'parameter id="m"', "unknown_parameter"),
        ('parameter id="n"', 'parameter id="template"', "template_not_fixed"),
        ('id="n" type="any" value="u1.a"', "id='signed_by' value=\"['u1', 'x1']\"", "unknown_signatory"),
        ('isExecutable="true"', 'isExecutable="false"', "offered"),
        ("bpmn:process", "bpmn:interface", "no_process"),
        (END, f'<bpmn:process id="q" isExecutable="false"/>{END}', "not_executable"),
        ("<bpmn:process", "<!DOCTYPE a><bpmn:process", "bad_xml"),
        (END, f'<bpmn:import id="m"/>{END}', "unsupported"),
        (END, f'<bpmn:collaboration><bpmn:messageFlow id="m"/></bpmn:collaboration>{END}', "drawn_only"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old: str, new: str, code: str) -> None:
    assert old in MODEL.decode()
    assert code in codes(MODEL.replace(old.encode(), new.encode()))


def test_the_examples_cover_every_code() -> None:
    (parameters,) = (m.args[1] for m in test_what_is_wrong_is_named.pytestmark)  # type: ignore[attr-defined]
    elsewhere = {"no_default", "condition_misplaced", "bad_form", "bad_template", "unknown_field", "duplicate_process"}
    elsewhere |= {"more_errors", "more_warnings", "other_sop"}
    elsewhere |= {"deadlock", "not_synchronised", "not_proven", "unknown_signed_copy"}
    elsewhere |= {error for each in FEATURES for error in [each.refused.partition("@")[0]] if error}
    elsewhere |= {"linked", "translated", "unread", "adhoc_order", "recursive_call", "no_mask"}
    assert {code for *_, code in parameters} | elsewhere == set(RULES)


def test_what_people_start_has_a_lane() -> None:
    bare = '<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="p" isExecutable="true">{}</process>'
    cycle = "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"
    start, timed = "<startEvent id='s'/>", f"<startEvent id='s'>{cycle}</startEvent>"
    steps = "<sequenceFlow id='f' sourceRef='s' targetRef='e'/><endEvent id='e'/>"
    head, tail = MODEL.split(b"<bpmn:process")[0], b"</bpmn:definitions>"
    assert codes(head + bare.format(start + steps).encode() + tail) == ["no_lanes"]
    assert codes(head + bare.format(timed + steps).encode() + tail) == []


@pytest.mark.parametrize("copied", ["u2", "nowhere"])
def test_a_signed_copy_is_of_what_a_step_issues(copied: str) -> None:
    named = DATA_KEY.replace("dataKey", "formUiSchemaFilename").replace('value="u1"', 'value="f.ui.json"')
    form = b'{"type": "object", "properties": {"a": {"type": "string", "format": "attachment"}}}'
    files = {"f.json": form, "f.ui.json": b'{"a": {"ui:signedCopyOf": "%s"}}' % copied.encode()}
    found = findings(MODEL.replace(DATA_KEY.encode(), (DATA_KEY + named).encode(), 1), files)
    assert [finding.params["activity"] for finding in found if finding.code == "unknown_signed_copy"] == [copied]


def test_an_automatic_loop_is_named_where_it_is() -> None:
    flows = "s1 c1\nc1 x1\nx1 c2\nc2 x2\nx2 x1 | n == 1\nx2 c3 | default\nc3 e1"
    found = findings(bpmn(flows, scripts=dict.fromkeys(("c1", "c2", "c3"), "n = 1")))
    assert [(finding.code, finding.element_id) for finding in found] == [("automatic_loop", "x1")]


def test_conditions_belong_where_something_is_chosen() -> None:
    assert codes(bpmn("s1 u1\nu1 e1 | u1.a == 'a'")) == ["no_default"]
    assert codes(bpmn("s1 u1 | true\nu1 e1")) == ["condition_misplaced"]
    assert codes(bpmn("s1 u1\nu1 x1\nx1 e1 | u1.a == 'a'")) == ["no_default"]


CHOICE = "s1 u1\nu1 x1\nx1 u2 | u1.a == 'a'\nx1 u3 | default\n"
BOTH = "s1 a1\na1 u2\na1 u3\n"


@pytest.mark.parametrize(
    ("flows", "found"),
    [
        (CHOICE + "u2 a2\nu3 a2\na2 e1", [("deadlock", "a2")]),
        (CHOICE + "u2 x2\nu3 x2\nx2 e1", []),
        (CHOICE + "u2 o2\nu3 o2\no2 e1", []),
        (BOTH + "u2 x2\nu3 x2\nx2 u4\nu4 e1", [("overwritten", "u4"), ("not_synchronised", "u4")]),
        (BOTH + "u2 x2\nu3 x2\nx2 e1", [("not_synchronised", "e1")]),
        (BOTH + "u2 a2\nu3 a2\na2 u4\nu4 e1", []),
        (BOTH + "u2 o2\nu3 o2\no2 u4\nu4 e1", []),
        (BOTH + "u2 e2\nu3 et1", []),
        # A loop that leaves a parallel block comes back with a token too many.
        (BOTH + "u2 x2\nx2 a2 | u2.a == 'a'\nx2 x3 | default\nu3 a2\na2 e1\nx3 e2", [("deadlock", "a2")]),
        # Rework around a whole parallel block is sound.
        ("s1 x1\nx1 a1\na1 u2\na1 u3\nu2 a2\nu3 a2\na2 x2\nx2 x1 | u2.a == 'a'\nx2 e1 | default", []),
        ("s1 o1\no1 u1 | 1 < 2\no1 u2 | default\nu1 a1\nu2 a1\na1 e1", [("deadlock", "a1")]),
    ],
)
def test_gateways_that_do_not_fit_are_found(flows: str, found: list[tuple[str, str]]) -> None:
    assert [(finding.code, finding.element_id) for finding in findings(bpmn(flows))] == found


def test_what_cannot_be_proven_is_said() -> None:
    branch = "a1 x{n}\nx{n} u{n} | 1 < 2\nx{n} u{m} | default\nu{n} o{n}\nu{m} o{n}\no{n} o99\n"
    branches = "".join(branch.format(n=n, m=n + 50) for n in range(1, 14))
    assert "not_proven" in codes(bpmn(f"s1 a1\n{branches}o99 e1"))


def test_a_finding_leads_to_the_element_and_the_line() -> None:
    (finding,) = findings(MODEL.replace(b"u1.a == 'ya'", b"u1.a == ;"))
    line = next(n for n, text in enumerate(MODEL.decode().splitlines(), 1) if 'id="x1"' in text)
    assert (finding.element_id, finding.element_name, finding.line, finding.severity) == ("x1", "X1", line, "error")
    assert finding.message % finding.params == "“X1”: “u1.a == ;” cannot be used: it is not well-formed (1:9)."


def test_a_form_is_read_and_its_problems_are_passed_on() -> None:
    (first, *_) = findings(MODEL, {"f.json": b'{"type": "string"}'})
    assert (first.code, first.params["file"]) == ("bad_form", "f.json")
    assert first.message % first.params


def test_a_template_must_be_a_word_file() -> None:
    model = MODEL.replace(b'id="n" type="any" value="u1.a"', b'id="template" type="any" value="\'t.docx\'"')
    assert "missing_file" in codes(model)
    assert "bad_template" in codes(model, {"t.docx": b"PK"})


def test_what_is_printed_of_the_case_itself_must_be_there() -> None:
    model = MODEL.replace(b'id="n" type="any" value="u1.a"', b'id="template" type="any" value="\'t.docx\'"')
    head = "{{ kop.fax }} {{ dokumen.nomor }} {{ dokumen.nomer }}"
    rows = "{% for b in berkas %}{{ b.judul }}{{ b.jdul }}{% endfor %}"
    found = findings(model, {"t.docx": docx(paragraph(head) + paragraph(rows))})
    assert [each.params["field"] for each in found if each.code == "unknown_field"] == ["berkas.jdul", "dokumen.nomer"]


def test_a_bad_tag_in_a_template_is_shown_with_the_text_around_it() -> None:
    model = MODEL.replace(b'id="n" type="any" value="u1.a"', b'id="template" type="any" value="\'t.docx\'"')
    found = findings(model, {"t.docx": docx(paragraph("Perihal {{ rencana. }} di sini"))})
    (bad,) = (each for each in found if each.code == "bad_template")
    assert "Perihal" in bad.hint % bad.params


def test_one_process_deployed_twice_is_refused() -> None:
    found = findings(MODEL, {"n.bpmn": MODEL})
    assert [(each.code, each.file) for each in found] == [("duplicate_process", n) for n in ("m.bpmn", "n.bpmn")]


def test_a_finding_names_its_file_also_where_processes_call_each_other() -> None:
    calls = MODEL.replace(b"</bpmn:process>", b'<bpmn:callActivity id="k" calledElement="q"/></bpmn:process>')
    called = MODEL.replace(b'id="proses"', b'id="q"').replace(b"u1.a ==", b"u1.b ==")
    found = findings(calls, {"n.bpmn": called, "rusak.bpmn": b"<a"})
    files = {each.code: each.file for each in found}
    assert (files["unreachable"], files["unknown_name"], files["bad_xml"]) == ("m.bpmn", "n.bpmn", "rusak.bpmn")


def test_nothing_is_read_where_something_is_refused() -> None:
    with pytest.raises(InvalidDeployment) as refused:
        read_definitions({"m.bpmn": MODEL.replace(b"f.json", b"g.json")})
    assert {error.code for error in refused.value.errors} == {"missing_file"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"<a",
        b"<a/>",
        b"<?xml version='1.0' encoding='utf-7'?>+ADw-a/+AD4-",
        "<a/>".encode("utf-16"),
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
        b"<a>" * 100_000,
        b"<a" + b" x='1'" * 50_000 + b"/>",
        b"<a>&undefined;</a>",
        b"<a>\xed\xa0\x80</a>",
        b" " * 6_000_000,
    ],
)
def test_what_is_no_model_is_refused_with_a_reason(content: bytes) -> None:
    (finding, *_) = findings(content)
    assert finding.severity == "error"
    assert finding.message % finding.params


@pytest.mark.parametrize(
    ("flows", "inner", "scripts"),
    [
        ("\n".join(f"u{n} u{n + 1}" for n in range(3_000)), {}, {}),
        ("s1 p1\np1 e1", {f"p{n}": f"s2 p{n + 1}\np{n + 1} e2" for n in range(1, 60)} | {"p60": "s3 e3"}, {}),
        ("s1 c0\nc2400 e1\n" + "\n".join(f"c{n} c{n + 1}" for n in range(2_400)), {},
         {f"c{n}": "n = 1" for n in range(2_401)}),
        ("s1 a1\na2 e1\n" + "\n".join(f"a1 u{n}\nu{n} a2" for n in range(2_000)), {}, {}),
        ("s1 x0\nx1200 e1\n" + "\n".join(f"x{n} x{n + 1}\nx{n + 1} x{n}" for n in range(1_200)), {}, {}),
    ],
)  # fmt: skip
def test_a_huge_model_is_judged_in_a_moment(flows: str, inner: dict[str, str], scripts: dict[str, str]) -> None:
    content = bpmn(flows, inner=inner, scripts=scripts)
    before = time.process_time()
    findings(content)
    assert time.process_time() - before < 2


scraps = st.binary(max_size=3) | st.sampled_from([b"<", b'"', b">"])
cuts = st.tuples(st.integers(0, len(MODEL)), st.integers(0, 60), scraps)


@settings(max_examples=300, deadline=None)
@given(st.lists(cuts, max_size=3))
def test_no_mutilated_model_breaks_the_checker(mutilations: list[tuple[int, int, bytes]]) -> None:
    content = MODEL
    for start, length, put in mutilations:
        content = content[:start] + put + content[start + length :]
    for finding in findings(content):
        assert finding.message % finding.params
        assert finding.hint % finding.params


words = st.sampled_from(MODEL.decode().replace("<", " <").replace(">", "> ").split())


@settings(max_examples=200, deadline=None)
@given(st.lists(words, max_size=30), st.binary(max_size=50))
def test_no_bytes_break_the_checker(pieces: list[str], tail: bytes) -> None:
    head = MODEL[: MODEL.index(b"<bpmn:process")]
    for content in (tail, " ".join(pieces).encode() + tail, head + " ".join(pieces).encode() + b"</bpmn:definitions>"):
        findings(content)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MODEL.decode().split("<")[1:]), st.integers(0, 60)), min_size=1, max_size=4))
def test_what_the_checker_lets_through_can_be_run(moves: list[tuple[str, int]]) -> None:
    parts = MODEL.decode().split("<")
    for part, at in moves:
        tag = part.split()[0].split(">")[0].rstrip("/")
        whole = part if "/>" in part or tag.startswith("/") else f"{part}</{tag}>"
        parts.insert(1 + at % len(parts), whole)
    content = "<".join(parts).encode()
    if not any(finding.severity == "error" for finding in findings(content)):
        for definition in read_definitions({"m.bpmn": content, "f.json": FORM}):
            case, _ = Case.start(definition, {}, lambda call: None)
            for task in case.open_tasks:
                case.complete(task.path, {"a": "ya"}, lambda call: None)
            assert Case.load(definition, case.dump()).digest() == case.digest()
