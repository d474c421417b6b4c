"""Coming in and going out through the pages."""

import pytest
from flask import Flask

from engine import credentials
from engine.site import Site
from tests.cast import PASSWORD
from tests.visitors import Visitor


def a_link(site: Site, name: str) -> str:
    with site.database.write() as connection:
        return f"/masuk/{credentials.create_link(connection, name, site.clock())}"


@pytest.fixture
def stranger(app: Flask, site: Site) -> Visitor:
    visitor = Visitor(app, site, "orangluar")
    return visitor.press("Keluar")


def test_a_link_that_is_only_looked_at_is_not_used_up(site: Site, stranger: Visitor) -> None:
    link = a_link(site, "staf")
    for _ in range(3):
        assert stranger.open(link).status == 200
    assert stranger.press("Masuk sekarang").path == "/"
    assert stranger.link("Andi Rahmat") == "/saya"


def test_a_link_works_once(site: Site, stranger: Visitor) -> None:
    link = a_link(site, "staf")
    stranger.open(link).press("Masuk sekarang")
    stranger.open("/").press("Keluar")
    stranger.open(link).press("Masuk sekarang")
    assert stranger.status == 401
    assert "sudah dipakai atau kedaluwarsa" in stranger.text


def test_a_wrong_password_keeps_the_name_that_was_typed(stranger: Visitor) -> None:
    stranger.open("/masuk").press("Masuk", name="staf", password="bukan ini")
    assert stranger.status == 401
    assert "Nama pengguna atau kata sandi tidak benar" in stranger.text
    assert stranger.value("name") == "staf"


def test_one_comes_to_the_page_that_one_wanted(stranger: Visitor) -> None:
    stranger.open("/berkas?q=rapat")
    assert stranger.path.startswith("/masuk?next=")
    assert stranger.press("Masuk", name="staf", password=PASSWORD).path == "/berkas?q=rapat"


@pytest.mark.parametrize("elsewhere", ["https://jahat.example/", "//jahat.example/", "/\\jahat.example", "jahat"])
def test_signing_in_never_leads_to_another_site(stranger: Visitor, elsewhere: str) -> None:
    stranger.open("/masuk")
    stranger.press("Masuk", instead=f"/masuk?next={elsewhere}", name="staf", password=PASSWORD)
    assert stranger.path == "/"


def test_who_am_i_names_roles_and_position(app: Flask, site: Site) -> None:
    text = Visitor(app, site, "kpukab").open("/saya").text
    assert "Alamsyah" in text
    assert "KPU Kab" in text
    assert "Ketua" in text


def test_the_language_is_switched_by_a_link_and_stays(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "staf")
    assert visitor.page.get("lang") == "id"
    visitor.open(f"{visitor.path}{visitor.link('English')[1:]}")
    assert visitor.page.get("lang") == "en"
    assert "Nothing is waiting for you." in visitor.open("/").text
