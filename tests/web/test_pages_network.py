"""Showing colleagues where Alur is: on the administrator's page, and on the terminal that serves it."""

from pathlib import Path

import pytest

from app import create_app
from engine.settings import Settings
from engine.site import Site
from tests.visitors import Visitor
from web.announcement import announcement
from web.qr import terminal


def served_at(site: Site, **settings: object) -> Visitor:
    named = Site(Settings(var=site.settings.var, **settings), site.database, bundles=site.bundles)  # type: ignore[arg-type]
    return Visitor(create_app(site=named), named, "admin").open("/alamat")


def test_the_administrator_shows_the_address_and_its_picture(site: Site) -> None:
    page = served_at(site, base_url="https://alur.kantor.lan")
    assert page.link("https://alur.kantor.lan") == "https://alur.kantor.lan"
    picture = page.page.xpath('//*[@role="img"]')[0]
    assert picture.get("aria-label") == "Kode QR dari https://alur.kantor.lan"
    assert picture.xpath(".//*[local-name()='svg']")
    assert not page.page.xpath("//*[@style] | //style")


def test_every_network_of_the_pc_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.network.reachable", lambda host: ["192.168.1.20", "10.1.0.7"])
    page = served_at(site, host="0.0.0.0")
    assert page.link("http://192.168.1.20") == "http://192.168.1.20:8000"
    assert page.link("http://10.1.0.7") == "http://10.1.0.7:8000"


def test_a_server_for_one_pc_says_how_to_open_it(site: Site) -> None:
    assert "alur serve --host 0.0.0.0" in served_at(site).text


def test_who_i_am_leads_the_administrator_there_and_nobody_else(site: Site) -> None:
    app = create_app(site=site)
    assert Visitor(app, site, "admin").open("/saya").link("Alamat untuk rekan") == "/alamat"
    assert not Visitor(app, site, "staf").open("/saya").page.xpath('//a[@href="/alamat"]')


def test_serving_the_network_prints_what_colleagues_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.network.reachable", lambda host: ["192.168.1.20", "10.1.0.7"])
    lines = list(announcement(Settings(host="0.0.0.0"), {}, picture=True))
    assert lines == [
        "Alur berjalan di http://127.0.0.1:8000  (Ctrl-C untuk mengakhiri)",
        "Rekan sekantor membuka:",
        "  http://192.168.1.20:8000",
        "  http://10.1.0.7:8000",
        terminal("http://192.168.1.20:8000"),
    ]
    assert not any("█" in line for line in announcement(Settings(host="0.0.0.0"), {}, picture=False))


def test_a_pc_on_no_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.network.reachable", lambda host: [])
    lines = list(announcement(Settings(host="0.0.0.0"), {}, picture=True))
    assert lines[1:] == ["Komputer ini tidak tersambung ke jaringan: rekan sekantor tidak dapat membukanya."]


def test_a_demo_prints_a_link_per_person_and_no_picture() -> None:
    lines = list(announcement(Settings(demo=True, var=Path("x")), {"staf": "rahasia"}, picture=True))
    assert lines[1:] == ["  staf       http://127.0.0.1:8000/masuk/rahasia"]
