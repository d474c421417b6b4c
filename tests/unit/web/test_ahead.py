"""What follows a step for people, whatever automatic steps and decisions lie between."""

import pytest

from engine import installation
from engine.commands.deployments import gathered
from engine.definitions import Definition, read_definitions
from web.ahead import ahead


@pytest.fixture(scope="module")
def sop() -> Definition:
    files = gathered([installation.ROOT / "bpmn" / "sop-16-2022.bpmn"], installation.LIBRARY)
    return read_definitions(files)[0]


def after(sop: Definition, activity: str) -> dict[str, tuple[str, ...]]:
    return {step.element.id: step.answers for step in ahead(sop, activity)}


def test_a_decision_leads_on_and_back_each_with_its_answer(sop: Definition) -> None:
    assert after(sop, "periksa_rencana") == {"setujui_anggaran": ("Ya",), "susun_rencana": ("Tidak, kembalikan",)}


def test_a_split_leads_to_all_its_branches(sop: Definition) -> None:
    branches = {"pelaksanaan_staf", "pelaksanaan_kasubag", "pelaksanaan_kpa", "pelaksanaan_kpu"}
    assert after(sop, "siapkan_kegiatan").keys() == branches


def test_nothing_follows_the_last_step(sop: Definition) -> None:
    assert after(sop, "arsipkan") == {}
