"""What a step needs, item by item, and what somebody says of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn import Element
from engine.inputs import Checklist, checklist, inputs, problems, recorded
from forms.schema import Form

NEEDED = ("Nota Dinas", "Risalah Rapat", "DIPA")


def step(text: str) -> Element:
    return Element("a", "A", "userTask", "Staf", 1, "proses", {"kelengkapan": text})


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", ()),
        ("-", ()),
        ("Proposal Kegiatan", ("Proposal Kegiatan",)),
        ("Nota Dinas/ Risalah Rapat/ DIPA", NEEDED),
        ("Materi Kegiatan, Jadwal Kegiatan, dan Daftar Hadir", ("Materi Kegiatan", "Jadwal Kegiatan", "Daftar Hadir")),
        ("SOP no. 16/2022; Rencana Kerja dan Anggaran", ("SOP no. 16/2022", "Rencana Kerja dan Anggaran")),
        ("DIPA, DIPA", ("DIPA",)),
    ],
)
def test_the_items_are_those_that_the_sop_lists(text: str, items: tuple[str, ...]) -> None:
    assert inputs(step(text), None) == items


def test_a_form_that_asks_for_them_itself_is_not_doubled() -> None:
    schema = {"type": "object", "properties": {"dasar": {"type": "array"}}}
    asks, silent = Form(schema, {"dasar": {"ui:inputs": True}}), Form(schema, {"ui:order": ["dasar"], "dasar": {}})
    assert inputs(step("Nota Dinas/ DIPA"), asks) == ()
    assert inputs(step("Nota Dinas/ DIPA"), silent) == ("Nota Dinas", "DIPA")


def test_all_ticked_or_a_reason_opens_the_way() -> None:
    assert problems(NEEDED, Checklist(NEEDED)) == []
    assert problems(NEEDED, Checklist(NEEDED[:1], "DIPA menyusul")) == []
    (problem,) = problems(NEEDED, Checklist(NEEDED[:1]))
    assert (problem.code, problem.params["lacking"]) == ("incomplete", "Risalah Rapat, DIPA")


def test_what_the_step_does_not_need_and_too_long_a_reason_are_told() -> None:
    assert [each.code for each in problems(NEEDED, Checklist((*NEEDED, "Kopi"), "x" * 1001))] == [
        "unknown_input",
        "reason_too_long",
    ]


def test_a_reason_is_kept_only_where_something_lacks() -> None:
    assert recorded(NEEDED, Checklist(NEEDED, "tidak perlu"))["kelengkapan"]["reason"] is None
    assert recorded(NEEDED, Checklist(("DIPA",), "menyusul"))["kelengkapan"] == {
        "checked": ["DIPA"],
        "lacking": ["Nota Dinas", "Risalah Rapat"],
        "reason": "menyusul",
    }
    assert recorded(NEEDED, None) == recorded((), Checklist()) == {}


@given(ticked=st.lists(st.sampled_from(NEEDED)), reason=st.text(max_size=30))
def test_what_is_accepted_leaves_nothing_unsaid(ticked: list[str], reason: str) -> None:
    said = checklist({"checked": ticked, "reason": reason})
    if not problems(NEEDED, said):
        kept = recorded(NEEDED, said)["kelengkapan"]
        assert sorted(kept["checked"] + kept["lacking"]) == sorted(NEEDED)
        assert kept["reason"] or not kept["lacking"]
        again = replace(said, checked=tuple(kept["checked"]), reason=kept["reason"] or "")
        assert recorded(NEEDED, again)["kelengkapan"] == kept
