"""An administrator gives a task to somebody else, from its page."""

import pytest
from flask import Flask

from engine.commands.user_tasks import claim_user_task, save_draft
from engine.site import Site
from tests import walking
from tests.visitors import Visitor
from tests.walking import WEB, person


@pytest.fixture
def case(site: Site) -> str:
    return walking.start(site, "Sosialisasi di SMA 1")


@pytest.fixture
def page(site: Site, case: str) -> str:
    task = walking.open_task(site, case, "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    return f"/tugas/{task.id}"


@pytest.mark.parametrize("start", ["task", "case"])
def test_an_administrator_gives_it_to_one_of_those_who_may_do_it(
    app: Flask, site: Site, case: str, page: str, start: str
) -> None:
    admin = Visitor(app, site, "admin").open(page if start == "task" else f"/berkas/{case}")
    admin.open(admin.link("Alihkan tugas ini"))
    assert "Dipegang oleh Alamsyah" in admin.text
    assert [option.get("value") for option in admin.page.xpath("//option")] == ["", "-", "anggota"]
    admin.press("Alihkan", to="anggota", reason="Ketua sakit")
    assert admin.path == page
    assert "Dipegang oleh Rustan Bedu" in admin.text


def test_the_history_says_in_words_from_whom_to_whom_and_why(app: Flask, site: Site, case: str, page: str) -> None:
    admin = Visitor(app, site, "admin").open(f"{page}/alihkan").press("Alihkan", to="anggota", reason="Ketua sakit")
    for address in (f"/berkas/{case}", f"{page}?panel=riwayat"):
        text = admin.open(address).text
        assert "Mengalihkan tugas" in text
        assert "Alamsyah → Rustan Bedu" in text
        assert "Ketua sakit" in text
    text = admin.open(f"/berkas/{case}/putar-ulang?seq=3").text
    assert "Dialihkan kepadaRustan Bedu" in text
    assert "Diambil dariAlamsyah" in text
    admin.open(f"{page}/alihkan").press("Alihkan", to="-", reason="Dikerjakan siapa saja")
    assert "Rustan Bedu → KPU Kab" in admin.open(f"/berkas/{case}").text


@pytest.mark.parametrize(("to", "reason"), [("", "Ketua sakit"), ("anggota", " "), ("orangluar", "Ketua sakit")])
def test_without_a_person_who_may_or_a_reason_nothing_happens_and_the_text_stays(
    app: Flask, site: Site, case: str, page: str, to: str, reason: str
) -> None:
    admin = Visitor(app, site, "admin").open(f"{page}/alihkan")
    data = {"csrf_token": admin.value("csrf_token"), "to": to, "reason": reason}
    answer = admin.client.post(f"{page}/alihkan", data=data, headers={"Referer": f"http://localhost{page}"})
    assert answer.status_code == 422
    assert reason.strip() in answer.text
    assert walking.open_task(site, case, "catat_rapat").claimed_by == "kpukab"


def test_a_page_that_shows_another_holder_takes_the_task_from_nobody(
    app: Flask, site: Site, case: str, page: str
) -> None:
    late = Visitor(app, site, "admin").open(f"{page}/alihkan")
    Visitor(app, site, "admin").open(f"{page}/alihkan").press("Alihkan", to="anggota", reason="Ketua sakit")
    late.press("Alihkan", to="-", reason="Ketua sakit")
    assert late.status == 409
    assert "berpindah tangan" in late.text
    assert "Dipegang oleh Rustan Bedu" in late.text
    assert walking.open_task(site, case, "catat_rapat").claimed_by == "anggota"


def test_who_loses_it_still_reads_what_they_typed(app: Flask, site: Site, page: str) -> None:
    save_draft(site, person(site, "kpukab"), page.removeprefix("/tugas/"), {"tempat": "Aula kantor"})
    Visitor(app, site, "admin").open(f"{page}/alihkan").press("Alihkan", to="anggota", reason="Ketua sakit")
    chair = Visitor(app, site, "kpukab").open("/pemberitahuan")
    assert "Dialihkan dari Anda" in chair.text
    assert "Aula kantor" in chair.open(page).text


def test_nobody_else_is_offered_it(app: Flask, site: Site, case: str, page: str) -> None:
    for name in ("kpukab", "anggota", "auditor"):
        for address in (page, f"/berkas/{case}"):
            assert "Alihkan tugas ini" not in Visitor(app, site, name).open(address).text
