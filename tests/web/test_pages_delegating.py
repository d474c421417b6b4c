"""Delegating one task from its page, acting in another's name, and steps that nobody is left for."""

import pytest
from flask import Flask

from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import claim_user_task
from engine.queries.cases import case_history
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.visitors import Visitor


@pytest.fixture
def case(site: Site) -> str:
    return walking.start(site, "Sosialisasi di SMA 1")


@pytest.fixture
def page(site: Site, case: str) -> str:
    return f"/tugas/{walking.open_task(site, case, 'catat_rapat').id}"


def absent(site: Site, who: str, substitute: str) -> None:
    add_substitute(site, OPERATOR, CHANNEL, NewSubstitution(who, substitute, "plh", "SPT 12/2026"))


def test_a_task_is_delegated_after_one_more_question_and_the_history_says_so(
    app: Flask, site: Site, case: str, page: str
) -> None:
    chair = Visitor(app, site, "kpukab").open(page)
    chair.open(chair.link("Wakilkan tugas ini")).press("Lanjutkan", to="staf", note="tolong catat")
    assert "Andi Rahmat akan dapat mengerjakan tugas ini atas nama Anda" in chair.text
    assert walking.open_task(site, case, "catat_rapat").delegated_to is None
    question = chair.page
    for _ in range(2):  # a double click
        chair.page = question
        chair.press("Ya, wakilkan", instead=f"{page}/wakilkan")
    assert chair.path == page
    assert chair.link("Diwakilkan kepada Andi Rahmat").endswith("/wakilkan")
    _, last = case_history(site, OPERATOR, case)
    assert (last["kind"], last["reason"], last["delegated_to"]) == ("delegate", "tolong catat", "staf")
    assert "Diwakilkan kepada Andi Rahmattolong catat" in chair.open(f"{page}?panel=riwayat").text


def test_who_got_it_reads_why_and_in_whose_name_and_passes_it_on_to_nobody(app: Flask, site: Site, page: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"{page}/wakilkan")
    chair.press("Lanjutkan", to="staf", note="tolong catat").press("Ya, wakilkan")
    staff = Visitor(app, site, "staf").open(page)
    assert "Anda bertindak a.n. Alamsyah." in staff.text
    assert "tolong catat" in staff.text
    assert staff.value("tempat") is not None
    assert "Wakilkan tugas ini" not in staff.text
    assert "Anda tidak dapat mewakilkan tugas ini" in staff.open(f"{page}/wakilkan").text


def test_a_delegation_is_taken_back_with_a_reason(app: Flask, site: Site, case: str, page: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"{page}/wakilkan")
    chair.press("Lanjutkan", to="staf", note="tolong catat").press("Ya, wakilkan")
    chair.open(f"{page}/wakilkan").press("Tarik kembali", note="saya kerjakan sendiri")
    assert chair.path == page
    assert walking.open_task(site, case, "catat_rapat").delegated_to is None


@pytest.mark.parametrize(("to", "note"), [("", "tolong catat"), ("staf", "  ")])
def test_without_a_person_or_a_reason_nothing_happens_and_the_text_stays(
    app: Flask, site: Site, case: str, page: str, to: str, note: str
) -> None:
    chair = Visitor(app, site, "kpukab").open(f"{page}/wakilkan").press("Lanjutkan", to=to, note=note)
    assert chair.status == 422
    assert (chair.value("to"), chair.value("note").strip()) == (to, note.strip())
    assert walking.open_task(site, case, "catat_rapat").delegated_to is None


def test_whom_the_list_does_not_name_gets_nothing(app: Flask, site: Site, page: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"{page}/wakilkan")
    answer = chair.client.post(
        f"{page}/wakilkan",
        data={"csrf_token": chair.value("csrf_token"), "to": "orangluar", "note": "x", "confirm": "1"},
        headers={"Referer": f"http://localhost{page}"},
    )
    assert answer.status_code == 422


def test_a_substitute_writes_into_the_form_of_a_task_that_the_absent_person_holds(
    app: Flask, site: Site, case: str, page: str
) -> None:
    task = walking.open_task(site, case, "catat_rapat")
    claim_user_task(site, walking.person(site, "kpukab"), CHANNEL, task.id)
    absent(site, "kpukab", "ppk")
    stand_in = Visitor(app, site, "ppk").open(page)
    assert "Anda bertindak sebagai Plh. Ketua, mewakili Alamsyah." in stand_in.text
    stand_in.press("Simpan draf", tempat="Aula")
    assert "Draf tersimpan" in stand_in.text
    assert stand_in.open(page).value("tempat") == "Aula"


def test_a_step_that_nobody_is_left_for_says_so_on_its_page(app: Flask, site: Site, page: str) -> None:
    for who, substitute in (("kpukab", "ppk"), ("anggota", "ppk"), ("ppk", "kpa")):
        absent(site, who, substitute)
    text = Visitor(app, site, "auditor", language="en").open(page).text
    assert "Nobody can do this step now" in text


def test_whoever_starts_a_case_is_told_beforehand_of_steps_that_nobody_could_do(app: Flask, site: Site) -> None:
    chair = Visitor(app, site, "kpukab", language="en").open("/mulai")
    assert "Nobody can do this step" not in chair.text
    absent(site, "staf", "ppk")
    absent(site, "ppk", "kpa")
    assert "everybody who acts for Staf is absent" in chair.open("/mulai").text
