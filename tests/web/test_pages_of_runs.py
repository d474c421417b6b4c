"""What was answered in several runs of the same steps: all of it is shown, and none as a change of another's."""

import pytest
from flask import Flask

from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.user_tasks import complete_user_task
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.visitors import Visitor
from tests.walking import WEB, person

EACH = """
    start s; sub P each=orang item=siapa gives=nilai { user nilai; user periksa; nilai > periksa }
    end e; s > P > e
"""


@pytest.fixture
def case(site: Site) -> str:
    """Two people were judged."""
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": model(EACH), "f.json": FORM.encode()})
    case = start_process(site, person(site, "staf"), WEB, "p", data={"orang": ["Ani", "Budi"]})[0]
    for k in ("lulus semua", "gagal satu"):
        task = walking.open_task(site, case, "nilai")
        complete_user_task(site, person(site, "staf"), WEB, task.id, {"k": k})
    return case


def test_the_panel_of_a_task_shows_the_answers_of_all_runs(app: Flask, site: Site, case: str) -> None:
    task = walking.open_task(site, case, "periksa")
    seen = Visitor(app, site, "staf").open(f"/tugas/{task.id}?panel=berkas").text
    assert "lulus semua" in seen and "gagal satu" in seen


def test_the_replay_shows_the_second_answer_as_its_own(app: Flask, site: Site, case: str) -> None:
    seen = Visitor(app, site, "auditor").open(f"/berkas/{case}/putar-ulang?seq=3").text
    assert "gagal satu" in seen and seen.count("lulus semua") == 1
