"""The panels beside a task's form: one press away, and what was typed stays."""

import pytest
from flask import Flask

from engine.site import Site
from tests import walking
from tests.visitors import Visitor

SHOWN = {
    "berkas": "Isian langkah-langkah sebelumnya",
    "dokumen": "Berita Acara Pleno",
    "diagram": "Posisi",
    "riwayat": "Riwayat",
}


@pytest.fixture
def kpa(app: Flask, site: Site) -> Visitor:
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, "tindak_lanjut_alokasi")
    return Visitor(app, site, "kpa").open(f"/tugas/{walking.open_task(site, case, 'tindak_lanjut_alokasi').id}")


@pytest.mark.parametrize("name", SHOWN)
def test_a_tab_saves_the_draft_shows_its_panel_on_the_same_page_and_leads_back(kpa: Visitor, name: str) -> None:
    page = kpa.path
    kpa.press(f"_act={name}", hal="Hal yang sedang diketik")
    assert kpa.path.startswith(f"{page}?panel={name}")
    assert SHOWN[name] in kpa.text
    assert "Draf tersimpan" in kpa.text
    (here,) = kpa.page.xpath('//nav[@class="tabs"]//*[@aria-current="page"]')
    assert (
        here.text_content()
        == {"berkas": "Berkas", "dokumen": "Dokumen", "diagram": "Diagram", "riwayat": "Riwayat"}[name]
    )
    kpa.open(kpa.link("Formulir"))
    assert (kpa.path, kpa.value("hal")) == (page, "Hal yang sedang diketik")


def test_what_the_steps_before_said_is_read_without_leaving_the_task(kpa: Visitor) -> None:
    kpa.open(f"{kpa.path}?panel=berkas")
    assert "Mencatat rapat penetapan rencana kegiatan" in kpa.text
    assert "Alamsyah" in kpa.text


def test_a_panel_that_is_none_is_the_form(kpa: Visitor) -> None:
    assert kpa.open(f"{kpa.path}?panel=rahasia").page.get_element_by_id("isian") is not None


def test_the_panels_of_a_task_that_is_done_are_links(app: Flask, site: Site) -> None:
    case = walking.start(site, "Sosialisasi di SMA 1")
    done = walking.open_task(site, case, "catat_rapat")
    walking.complete(site, done)
    chair = Visitor(app, site, "kpukab").open(f"/tugas/{done.id}")
    chair.open(chair.link("Riwayat"))
    assert "Menyelesaikan tugas" in chair.text
