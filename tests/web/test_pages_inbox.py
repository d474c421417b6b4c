"""Kotak masuk: whose task it is, who took it, how late it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import create_app
from engine import installation
from engine.commands.cases import start_process
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.visitors import Visitor


@pytest.fixture
def started(site: Site) -> str:
    return walking.start(site, "Sosialisasi di SMA 1")


def headings(visitor: Visitor) -> list[str]:
    return [" ".join(heading.text_content().split()) for heading in visitor.page.xpath("//main//h2")]


def names(visitor: Visitor) -> list[str]:
    return [link.text_content() for link in visitor.page.xpath('//ul[@class="list"]//h3/a')]


def cases(visitor: Visitor) -> list[str]:
    return [line.text_content() for line in visitor.page.xpath('//ul[@class="list"]/li/p[1]')]


def counted(visitor: Visitor) -> dict[str, int]:
    """What the lists' links say: how many tasks each holds."""
    links = visitor.page.xpath('//nav[@class="filters"]//a')
    return {link[0].text_content(): int(link[1].text_content()) for link in links}


def test_an_empty_inbox_says_so(app: Flask, site: Site) -> None:
    assert "Tidak ada tugas yang menunggu Anda." in Visitor(app, site, "staf").open("/").text


def test_a_task_of_my_role_is_shared_until_i_take_it(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open("/")
    assert "Tugas bersama peran saya 1" in chair.text
    assert "Anda memegang tugas ini sejak" in chair.press("Ambil tugas").text
    chair.open("/")
    assert "Tugas saya 1" in chair.text
    assert headings(chair) == ["Tugas saya 1"]
    chair.open(chair.link("Lanjutkan")).press("Lepaskan")
    assert "Tugas bersama peran saya 1" in chair.open("/").text


def test_a_task_is_given_back_where_it_is_listed(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open("/")
    chair.press("Ambil tugas")
    chair.open("/saya/tugas?q=rapat").press("Lepaskan")
    assert chair.path == "/saya/tugas?q=rapat"
    assert counted(chair)["Tugas saya"] == 0


@pytest.mark.parametrize("elsewhere", ["https://jahat.example/", "//jahat.example/", "/\\jahat.example"])
def test_giving_back_never_leads_to_another_site(app: Flask, site: Site, started: str, elsewhere: str) -> None:
    chair = Visitor(app, site, "kpukab").open("/").press("Ambil tugas").open("/")
    chair.press("Lepaskan", _back=elsewhere)
    assert chair.path.startswith("/tugas/")


def test_every_list_says_how_many_tasks_it_holds(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    walking.start(site, "Rapat kedua")
    chair = Visitor(app, site, "kpukab").open("/").press("Ambil tugas").open("/")
    assert list(counted(chair).values()) == [1, 1, 0, 0, 1, 2]
    for path, title in (("/saya/tugas", "Rapat kedua"), ("/menunggu", "Sosialisasi di SMA 1")):
        assert cases(chair.open(path)) == [title]
    member = Visitor(app, site, "anggota").open("/menunggu")
    assert cases(member) == ["Rapat kedua"]
    assert "Dipegang oleh Alamsyah sejak" in member.text
    assert list(counted(Visitor(app, site, "orangluar").open("/")).values()) == [0, 0, 0, 0, 0, 0]


def test_tasks_are_found_by_name_case_and_letter_number(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "teruskan_nota_dinas")
    walking.start(site, "Rapat 100% jadi")
    chair = Visitor(app, site, "kpukab")
    assert cases(chair.open("/?q=100%25")) == ["Rapat 100% jadi"]
    assert cases(chair.open("/menunggu?q=sma+1")) == ["Sosialisasi di SMA 1"]
    assert cases(chair.open("/menunggu?q=Ses-Kab")) == ["Sosialisasi di SMA 1"]
    assert cases(chair.open("/menunggu?q=mendisposisikan")) == ["Sosialisasi di SMA 1"]
    assert "tidak ada tugas dalam daftar ini" in chair.open("/?q=%2525").text.lower()


def test_pages_hold_the_whole_list_and_no_task_twice(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.paging.PAGE", 2)
    monkeypatch.setattr("web.pages.inbox.PAGE", 2)
    started = [walking.start(site, f"Rapat {number}") for number in range(5)]
    chair = Visitor(app, site, "kpukab").open("/bersama?urut=terbaru")
    found = cases(chair)
    while "Halaman berikutnya" in chair.text:
        found += cases(chair.open(chair.link("Halaman berikutnya")))
    assert found == [f"Rapat {number}" for number in reversed(range(len(started)))]
    assert "Tugas 5 sampai 5" in chair.text
    assert cases(chair.open(chair.link("Halaman sebelumnya"))) == ["Rapat 2", "Rapat 1"]


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


def test_a_position_that_is_called_as_its_role_is_not_written_twice(app: Flask, site: Site) -> None:
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn" / "surat-masuk.bpmn"])
    letter, _ = start_process(site, walking.person(site, "staf"), walking.WEB, "surat-masuk", business_key="Undangan")
    walking.walk(site, letter, until="beri_disposisi")
    secretary = Visitor(app, site, "kpa")
    task = walking.open_task(site, letter, "beri_disposisi").id
    for address in ("/", f"/tugas/{task}", f"/berkas/{letter}"):
        assert "Sekretaris" in secretary.open(address).text
        assert "Sekretaris (Sekretaris)" not in secretary.text


def test_what_waits_for_others_names_their_role(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    text = Visitor(app, site, "kpukab").open("/menunggu").text
    assert "Menindaklanjuti penetapan alokasi" in text
    assert "KPA Belum diambil; menunggu sejak" in text
    assert "Menunggu peran lain 1" in text


def test_what_is_done_can_be_found_again_the_latest_first(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    text = Visitor(app, site, "kpukab").open("/selesai").text
    assert text.index("Menetapkan rencana kegiatan") < text.index("Mencatat rapat penetapan")
    assert "Belum ada yang selesai." in Visitor(app, site, "kpa").open("/selesai").text


def test_what_is_late_shows_it_and_comes_first(site: Site, started: str) -> None:
    later = replace(site, clock=lambda: site.clock() + timedelta(days=30))
    walking.start(later, "Rapat yang baru")
    chair = Visitor(create_app(site=later), later, "kpukab").open("/")
    first, second = chair.page.xpath('//ul[@class="list"]/li')
    assert first.get("class") == "red"
    assert "Sosialisasi di SMA 1" in first.text_content()
    assert "Melewati waktu baku" in first.text_content()
    assert second.get("class") == ""
    assert cases(chair.open("/terlambat")) == ["Sosialisasi di SMA 1"]
