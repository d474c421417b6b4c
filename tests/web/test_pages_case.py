"""The page of one case: where it stands, why it waits, what came out, what was, and that nothing was changed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from engine import installation, office
from engine.commands.comments import add_comment
from engine.models import instances, users
from engine.proof.stating import state
from engine.site import Site
from engine.versions import CARRIED
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.clients import Api
from tests.visitors import Visitor
from tests.walking import person
from web.context import by_when


@pytest.fixture
def checked(site: Site) -> str:
    """A case that waits for the Kasubag's check of the plan."""
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, "periksa_rencana")
    return case


def states(visitor: Visitor, element: str) -> set[str]:
    return set(visitor.page.get_element_by_id(f"el-{element}").get("class").split())


def test_the_diagram_shows_what_is_finished_and_what_waits(app: Flask, site: Site, checked: str) -> None:
    staff = Visitor(app, site, "staf").open(f"/berkas/{checked}")
    assert "finished" in states(staff, "susun_rencana")
    assert "active" in states(staff, "periksa_rencana")
    assert "taken" in states(staff, "ditetapkan_ya")
    assert "taken" not in states(staff, "ditetapkan_tidak")


def test_a_row_of_the_history_leads_to_its_replay(app: Flask, site: Site, checked: str) -> None:
    staff = Visitor(app, site, "staf").open(f"/berkas/{checked}")
    assert staff.link("2") == f"/berkas/{checked}/putar-ulang?seq=2"
    assert staff.open(f"/berkas/{checked}?seq=3").path == f"/berkas/{checked}/putar-ulang?seq=3"


def test_a_long_history_shows_its_latest_entries(app: Flask, site: Site, checked: str) -> None:
    for number in range(60):
        add_comment(site, person(site, "staf"), CHANNEL, checked, f"Catatan {number}")
    staff = Visitor(app, site, "staf").open(f"/berkas/{checked}")
    assert len(staff.page.xpath("//section[@aria-labelledby='history']//tbody/tr")) == 50
    assert "entri sebelumnya" in staff.text


def test_why_it_waits_names_role_person_norm_and_what_follows(app: Flask, site: Site, checked: str) -> None:
    text = Visitor(app, site, "staf").open(f"/berkas/{checked}").text
    assert "Sekarang: menunggu Muhammad Yusuf — Memeriksa rencana kegiatan Peran" in text
    assert "belum diambil; menunggu sejak" in text
    assert "Yang dapat mengerjakan: Muhammad Yusuf" in text
    assert "Ya: PPK — Menyetujui anggaran kegiatan" in text
    begun = Visitor(app, site, "kpukab").open(f"/berkas/{walking.start(site)}").text
    assert "Sekarang: menunggu KPU Kab — Mencatat rapat penetapan rencana kegiatan, s.d. " in begun


@pytest.mark.parametrize(
    ("days", "said"), [(0, "hari ini 16.00"), (1, "besok 16.00"), (-1, "29 November 2999 pukul 16.00 WITA")]
)
def test_a_deadline_of_today_or_tomorrow_is_told_by_its_hour(app: Flask, site: Site, days: int, said: str) -> None:
    """The office's day: what is 08.00 in Greenwich is 16.00 in Pinrang."""
    now = datetime(2999, 11, 30, 17, 30, tzinfo=UTC) - timedelta(days=1)
    app.extensions["alur"] = replace(site, clock=lambda: now)
    with app.test_request_context():
        assert by_when(datetime(2999, 11, 30, 8, tzinfo=UTC) + timedelta(days=days)) == said


def test_a_name_with_a_degree_ends_the_sentence(app: Flask, site: Site) -> None:
    with app.test_request_context("/?lang=id"):
        written = app.jinja_env.from_string("{{ _('You act on behalf of %(name)s (a.n.).', name=name) }}").render
        assert written(name="Alamsyah, S.H.") == "Anda bertindak a.n. Alamsyah, S.H."
        assert written(name="<b>") == "Anda bertindak a.n. &lt;b&gt;."


def test_what_the_machines_account_published_was_installed(app: Flask, site: Site) -> None:
    for path in ("/sop", "/sop/sop-16-2022"):
        text = Visitor(app, site, "perancang").open(path).text
        assert "saat pemasangan" in text
        assert "os:" not in text


def test_the_documents_can_be_opened_and_drafts_are_marked(app: Flask, site: Site, checked: str) -> None:
    staff = Visitor(app, site, "staf").open(f"/berkas/{checked}")
    assert "Nota Dinas nomor" in staff.text
    assert "Surat Undangan versi 1 · Word Draf" in staff.text
    assert staff.open(staff.link("Nota Dinas")).response.data[:2] == b"PK"


def test_the_history_is_proven_on_request(app: Flask, site: Site, checked: str) -> None:
    staff = Visitor(app, site, "staf").open(f"/berkas/{checked}")
    staff.open(staff.link("Buktikan riwayat"))
    assert "Riwayat terbukti utuh." in staff.text


def test_only_who_started_it_cancels_and_only_with_a_reason(app: Flask, site: Site, checked: str) -> None:
    assert not Visitor(app, site, "staf").open(f"/berkas/{checked}").page.xpath('//button[@value="cancel"]')
    chair = Visitor(app, site, "kpukab").open(f"/berkas/{checked}")
    chair.press("Batalkan", reason=" ")
    assert chair.status == 422
    chair.press("Batalkan", reason="Anggaran dialihkan")
    assert chair.status == 200
    assert "Dibatalkan" in chair.text
    assert "Anggaran dialihkan" in chair.text
    assert "Sekarang: menunggu" not in chair.text


def test_a_finished_case_waits_for_nobody(app: Flask, site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case)
    staff = Visitor(app, site, "staf").open(f"/berkas/{case}?periksa=1")
    assert "Riwayat terbukti utuh." in staff.text
    assert "Sekarang: menunggu" not in staff.text
    for title in ("Risalah Rapat", "Notula", "Daftar Inventarisasi Masalah", "Arsip Digital"):
        assert title in staff.text


def test_a_history_of_an_older_version_is_intact_by_its_statement_or_not_proved(
    app: Flask, site: Site, checked: str, api: Callable[[str], Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = walking.start(site)
    installation.set_up_key(site, OPERATOR, CHANNEL)
    monkeypatch.setattr("engine.proof.stating.BATCH", 1)
    with suppress(KeyboardInterrupt):
        state(site, OPERATOR, CHANNEL, interrupted)
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    chair = Visitor(app, site, "kpukab").open(f"/berkas/{checked}?periksa=1")
    assert "Riwayat utuh, menurut pernyataan" in chair.text and "terbukti utuh" not in chair.text
    assert "hal itu belum terbukti" in chair.open(f"/berkas/{other}?periksa=1").text
    told = {case: api("auditor").get(f"/process-instances/{case}/verify").json for case in (checked, other)}
    assert [(each["verified"], each["status"], each["not_compared"]) for each in told.values()] == [
        (False, "stated", 0),
        (False, "not_reproducible", 1),
    ]
    assert told[checked]["stated"].endswith("Z") and told[other]["stated"] is None


def interrupted(done: int, total: int) -> None:
    if done:
        raise KeyboardInterrupt


def test_cases_are_found_by_name_and_status(app: Flask, site: Site, checked: str) -> None:
    walking.start(site, "Rapat daftar pemilih")
    chair = Visitor(app, site, "kpukab").open("/berkas?q=sma+1")
    assert "Sosialisasi di SMA 1" in chair.text
    assert "Rapat daftar pemilih" not in chair.text
    assert "Tidak ada berkas yang cocok" in chair.open("/berkas?status=completed").text


def test_who_has_no_part_in_a_case_does_not_see_it(app: Flask, site: Site, checked: str) -> None:
    outsider = Visitor(app, site, "orangluar").open(f"/berkas/{checked}")
    assert outsider.status == 404
    assert "Tidak ditemukan" in outsider.text
    assert "Not found" in Visitor(app, site, "orangluar", "en").open("/tidak-ada").text


def test_the_board_starts_a_case_and_gives_it_a_name(app: Flask, site: Site) -> None:
    chair = Visitor(app, site, "kpukab").open("/mulai").press("Mulai kegiatan", title="  ")
    assert chair.status == 422
    assert "Beri nama kegiatan" in chair.text
    chair.press("Mulai kegiatan", title="Sosialisasi di SMA 2")
    assert "Sosialisasi di SMA 2" in chair.text
    assert "Memulai kegiatan" in chair.text
    assert "Tidak ada SOP yang dimulai oleh peran Anda" in Visitor(app, site, "staf").open("/mulai").text


def test_a_failure_is_told_with_its_cause_and_only_the_administrator_tries_again(app: Flask, site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, "putuskan_rencana")
    with site.database.write() as connection:
        data = office.current(connection)
        office.change(connection, {key: value for key, value in data.items() if key != "kop"}, "admin", site.clock())
    walking.complete(site, walking.open_task(site, case, "putuskan_rencana"))

    chair = Visitor(app, site, "kpukab").open(f"/berkas/{case}")
    assert "Langkah gagal: Menerbitkan Berita Acara Pleno" in chair.text
    assert "kop" in chair.text
    assert "incident" in states(chair, "terbitkan_berita_acara")
    assert not chair.page.xpath('//button[@value="retry"]')

    with site.database.write() as connection:
        office.change(connection, data, "admin", site.clock())
    admin = Visitor(app, site, "admin").open(f"/berkas/{case}").press("Coba lagi", reason="Kop surat dilengkapi")
    assert "Langkah gagal" not in admin.text
    assert "Mencoba lagi yang gagal" in admin.text
    assert "Berita Acara Pleno nomor" in admin.text


def test_nothing_that_people_type_becomes_markup(app: Flask, site: Site) -> None:
    case = walking.start(site, "<script>alert(1)</script> & <b>tebal</b> %(name)s")
    chair = Visitor(app, site, "kpukab")
    task = walking.open_task(site, case, "catat_rapat").id
    for path in ("/", "/berkas", f"/berkas/{case}", f"/tugas/{task}", "/berkas?q=<script>alert(1)"):
        html = chair.open(path).response.text
        assert "<script>alert" not in html, path
        assert "<b>tebal" not in html, path
        assert "%(name)s" in html or "q=" in path, path


def test_moments_are_written_in_the_offices_time_zone(app: Flask, site: Site, checked: str) -> None:
    with site.database.write() as connection:
        data = office.current(connection) | {"zona": "Asia/Jakarta", "singkatan_zona": "WIB"}
        office.change(connection, data, "admin", site.clock())
    text = Visitor(app, site, "staf").open(f"/berkas/{checked}").text
    assert " WIB" in text and "WITA" not in text


def test_a_step_that_nobody_can_do_is_said_where_it_waits(app: Flask, site: Site) -> None:
    case = walking.start(site, "Rapat")
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "kpa").values(active=False))
    assert "Tidak ada yang dapat mengerjakan langkah ini" in Visitor(app, site, "auditor").open(f"/berkas/{case}").text


def test_a_case_whose_state_cannot_be_read_says_how_that_is_mended(app: Flask, site: Site, checked: str) -> None:
    with site.database.write() as connection:
        connection.execute(update(instances).where(instances.c.id == checked).values(state="{", status="incident"))
    site.cases.take((checked, walking.look(site, checked).instance.head))
    admin = Visitor(app, site, "admin").open(f"/berkas/{checked}")
    assert "Keadaan tersimpan berkas kegiatan ini tidak dapat dibaca." in admin.text
    admin.press("Coba lagi", reason="keadaan disusun ulang")
    assert "Menyusun ulang keadaan berkas dari riwayat" in admin.text
    assert walking.look(site, checked).instance.status == "running"
