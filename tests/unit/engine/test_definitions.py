"""Reading a definition from its files."""

import hashlib
from pathlib import Path

import pytest

from engine.bpmn import BadBpmn, read_bpmn
from engine.canonical import canonical
from engine.checker import check
from engine.definitions import Definition, read_definitions
from engine.runtime import Case
from tests.unit.engine.diagrams import FORM, bpmn

SOURCE = (Path(__file__).parent / "models" / "tegak.bpmn").read_bytes()
FILES = {"tegak.bpmn": SOURCE, "f.json": FORM}


@pytest.fixture
def tegak() -> Definition:
    (definition,) = read_definitions(FILES)
    return definition


def test_a_model_with_a_vertical_pool_and_nested_lanes_is_sound() -> None:
    assert check(FILES) == []


def test_the_process_is_known_by_its_id_and_carries_its_own_words(tegak: Definition) -> None:
    assert (tegak.key, tegak.name, tegak.source) == ("tegak", "Surat keluar", "tegak.bpmn")
    assert (tegak.documentation, tegak.properties) == ("Contoh kolam tegak.", {"nomor_sop": "1"})


def test_an_element_carries_its_line_and_what_the_designer_wrote(tegak: Definition) -> None:
    element = tegak.elements["tulis"]
    assert (element.name, element.kind, element.documentation) == ("Menulis", "userTask", "Tulis suratnya.")
    assert element.properties["dataKey"] == "surat"
    assert SOURCE.decode().splitlines()[element.line - 1].strip().startswith('<userTask id="tulis"')


def test_an_element_is_in_its_innermost_lane_and_a_sub_process_hands_its_lane_down(tegak: Definition) -> None:
    lanes = {id_: tegak.elements[id_].lane for id_ in ("mulai", "tulis", "rinci", "rincian", "pilih")}
    assert lanes == {
        "mulai": "Sekretariat",
        "tulis": "Kasubag Teknis",
        "rinci": "Sekretariat",
        "rincian": "Sekretariat",
        "pilih": None,
    }
    assert (tegak.lanes, tegak.start_lane) == (("Kasubag Teknis", "Sekretariat"), "Sekretariat")


def test_flows_stand_in_the_order_of_the_document(tegak: Definition) -> None:
    assert [flow.id for flow in tegak.flows.values() if flow.source == "pilih"] == ["f_satu", "f_dua", "f_rinci"]
    assert tegak.flows["f_satu"].condition == "surat.a == 'satu'"


@pytest.mark.parametrize(("answer", "taken"), [("satu", "f_satu"), ("dua", "f_dua"), ("tiga", "f_rinci")])
def test_the_document_decides_between_two_true_conditions_and_not_the_drawing(
    tegak: Definition, answer: str, taken: str
) -> None:
    case, _ = Case.start(tegak, {}, lambda call: None)
    step = case.complete("tulis.1", {"a": answer}, lambda call: None)
    assert [t.flow_id for t in step.transitions if t.activity_id == "pilih" and t.event == "taken"] == [taken]


def test_the_digest_is_of_exactly_the_files_that_are_named(tegak: Definition) -> None:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    assert tegak.files == hashes
    assert tegak.digest == hashlib.sha256(canonical(hashes).encode()).hexdigest()
    (same,) = read_definitions({**FILES, "lain.json": b"{}"})
    assert same == tegak
    (other,) = read_definitions({**FILES, "f.json": FORM + b"\n"})
    assert other.digest != tegak.digest


def test_several_files_give_several_definitions() -> None:
    found = read_definitions({**FILES, "m.bpmn": bpmn("s1 u1\nu1 e1")})
    assert [(definition.key, definition.source) for definition in found] == [
        ("proses", "m.bpmn"),
        ("tegak", "tegak.bpmn"),
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"<a>\n<b>\n</a>", 3),
        (b"<?xml version='1.0'?>\n\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 3),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), 1),
        (b"<a>&x;</a>", 1),
    ],
)
def test_what_is_not_plain_xml_is_refused_with_the_line(content: bytes, line: int) -> None:
    with pytest.raises(BadBpmn) as refused:
        read_bpmn(content)
    assert refused.value.params["line"] == line
