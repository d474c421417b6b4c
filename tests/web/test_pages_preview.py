"""Pratinjau: the document before it is sent, and the way back with everything that was typed."""

from pathlib import Path

import pytest
from flask import Flask

from engine.commands.user_tasks import save_draft
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE
from tests.visitors import Visitor


def waiting(site: Site, activity: str) -> str:
    """A case that waits at the activity, its form filled in as a draft; the address of its page."""
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, until=activity)
    task = walking.open_task(site, case, activity)
    save_draft(site, walking.person(site, BY_LANE[task.lane]), task.id, walking.example(site, task))
    return f"/tugas/{task.id}"


def test_the_document_is_read_before_it_is_sent_and_nothing_typed_is_lost(app: Flask, site: Site) -> None:
    kpa = Visitor(app, site, "kpa").open(waiting(site, "tindak_lanjut_alokasi"))
    kpa.press("Pratinjau", hal="Hal yang <sedang> diketik")
    assert kpa.path.endswith("/pratinjau")
    assert "Belum ada yang dikirim" in kpa.text
    assert "Hal yang <sedang> diketik" in kpa.text
    assert "KOMISI PEMILIHAN UMUM" in kpa.text
    assert kpa.page.xpath('//*[@data-mark="DRAF"]')
    kpa.open(kpa.link("Kembali ke formulir"))
    assert kpa.value("hal") == "Hal yang <sedang> diketik"
    kpa.press("Kirim")
    assert "Nota Dinas" in kpa.text


def test_it_shows_under_our_own_content_security_policy(app: Flask, site: Site) -> None:
    kpa = Visitor(app, site, "kpa").open(waiting(site, "tindak_lanjut_alokasi") + "/pratinjau")
    assert not kpa.page.xpath("//@style | //style | //script[not(@src)]")
    assert all(not str(name).startswith("on") for e in kpa.page.iter() for name in e.attrib)


def test_an_empty_form_shows_an_empty_document(app: Flask, site: Site) -> None:
    kpa = Visitor(app, site, "kpa").open(waiting(site, "tindak_lanjut_alokasi")).press("Pratinjau", hal="", yth="")
    assert kpa.status == 200
    assert "NOTA DINAS" in kpa.text


def test_a_word_file_can_be_downloaded(app: Flask, site: Site) -> None:
    kpa = Visitor(app, site, "kpa").open(waiting(site, "tindak_lanjut_alokasi") + "/pratinjau")
    kpa.open(kpa.link("Unduh Word"))
    assert kpa.response.data.startswith(b"PK")


def test_the_pdf_link_is_there_only_where_it_works(
    app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = waiting(site, "tindak_lanjut_alokasi") + "/pratinjau"
    monkeypatch.setattr("engine.pdf.available", lambda: True)
    monkeypatch.setattr("engine.pdf.to_pdf", lambda var, word: b"%PDF-")
    kpa = Visitor(app, site, "kpa").open(page)
    assert kpa.open(kpa.link("Unduh PDF")).response.data == b"%PDF-"
    monkeypatch.setattr("engine.pdf.available", lambda: False)
    assert not Visitor(app, site, "kpa").open(page).page.xpath('//a[contains(., "PDF")]')


def test_who_writes_is_told_that_the_document_comes_later(app: Flask, site: Site) -> None:
    staff = Visitor(app, site, "staf").open(waiting(site, "susun_rencana")).press("Pratinjau")
    assert "setelah langkah berikutnya" in staff.text
    assert "Surat Undangan" in staff.text


def test_who_decides_is_told_what_is_assumed(app: Flask, site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    page = f"/tugas/{walking.open_task(site, case, 'putuskan_rencana').id}/pratinjau"
    chair = Visitor(app, site, "kpukab").open(page)
    assert "ditampilkan seolah-olah" in chair.text
    assert "Berita Acara Pleno" in chair.text


def test_a_step_that_issues_nothing_says_so(app: Flask, site: Site) -> None:
    page = waiting(site, "periksa_rencana") + "/pratinjau"
    assert "tidak menerbitkan dokumen" in Visitor(app, site, "kasubag").open(page).text
