"""Kotak masuk: whose task it is, who took it, how late it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import create_app
from engine.site import Site
from tests import walking
from tests.visitors import Visitor


@pytest.fixture
def started(site: Site) -> str:
    return walking.start(site, "Sosialisasi di SMA 1")


def test_an_empty_inbox_says_so(app: Flask, site: Site) -> None:
    assert "Tidak ada tugas yang menunggu Anda." in Visitor(app, site, "staf").open("/").text


def test_a_task_of_my_role_is_shared_until_i_take_it(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open("/")
    assert "Tugas bersama peran saya 1" in chair.text
    assert "Anda memegang tugas ini sejak" in chair.press("Ambil tugas").text
    chair.open("/")
    assert "Tugas saya 1" in chair.text
    assert "Tugas bersama" not in chair.text
    chair.open(chair.link("Lanjutkan")).press("Lepaskan")
    assert "Tugas bersama peran saya 1" in chair.open("/").text


def test_who_comes_second_is_told_who_holds_the_task_since_when(app: Flask, site: Site, started: str) -> None:
    chair, member = Visitor(app, site, "kpukab").open("/"), Visitor(app, site, "anggota").open("/")
    chair.press("Ambil tugas")
    member.press("Ambil tugas")
    assert member.status == 409
    assert "Tugas ini diambil oleh Alamsyah pada" in member.text
    assert "WITA" in member.text
    assert not member.page.xpath('//button[@value="send"]')


def test_a_task_for_a_position_is_not_offered_to_others_of_the_lane(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    assert "Tidak ada tugas yang menunggu Anda." in Visitor(app, site, "anggota").open("/").text
    assert "Menetapkan rencana kegiatan" in Visitor(app, site, "kpukab").open("/").text


def test_what_waits_for_others_names_their_role(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    text = Visitor(app, site, "kpukab").open("/menunggu").text
    assert "Menindaklanjuti penetapan alokasi" in text
    assert "KPA Belum diambil; menunggu sejak" in text


def test_what_is_done_can_be_found_again_the_latest_first(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    text = Visitor(app, site, "kpukab").open("/selesai?saya=1").text
    assert text.index("Menetapkan rencana kegiatan") < text.index("Mencatat rapat penetapan")
    assert "Belum ada yang selesai." in Visitor(app, site, "kpa").open("/selesai?saya=1").text


def test_what_is_late_shows_it_and_comes_first(site: Site, started: str) -> None:
    later = replace(site, clock=lambda: site.clock() + timedelta(days=30))
    walking.start(later, "Rapat yang baru")
    chair = Visitor(create_app(site=later), later, "kpukab").open("/")
    first, second = chair.page.xpath('//ul[@class="list"]/li')
    assert first.get("class") == "red"
    assert "Sosialisasi di SMA 1" in first.text_content()
    assert "Melewati waktu baku" in first.text_content()
    assert second.get("class") == ""
