"""Kinerja, as auditors, designers and administrators read it; and the same over the API."""

from collections.abc import Callable

from flask import Flask

from engine.site import Site
from tests import walking
from tests.clients import Api
from tests.visitors import Visitor
from tests.walking import SOP


def test_steps_and_roles_stand_in_tables_and_the_diagram_shows_the_heat(app: Flask, site: Site) -> None:
    walking.walk(site, walking.start(site), until="periksa_rencana")
    visitor = Visitor(app, site, "auditor").open("/kinerja")
    steps = [head.text_content().strip() for head in visitor.page.xpath("//table[1]//tbody//th")]
    assert steps[0].startswith("Mencatat rapat") and "Staf" in steps
    assert visitor.page.xpath("//*[@data-element='catat_rapat' and contains(@class, 'heat-1')]")
    assert not visitor.page.xpath("//*[@data-element='susun_laporan' and contains(@class, 'heat')]")


def test_what_takes_long_is_another_heat(app: Flask, site: Site) -> None:
    walking.walk(site, walking.start(site), until="periksa_rencana")
    visitor = Visitor(app, site, "auditor").open(f"/kinerja?sop={SOP}&versi=1&peta=lama")
    assert "dari langkah terlama" in visitor.text


def test_days_without_a_case_say_so(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "perancang").open("/kinerja?dari=2001-01-01&sampai=2001-02-01")
    assert "Pilih tanggal lain" in visitor.text
    assert visitor.open("/kinerja?dari=kemarin&sampai=x&versi=-1").status == 200
    assert visitor.open("/kinerja?sop=tidak-ada").status == 404


def test_the_menu_shows_it_to_whom_it_is_for(app: Flask, site: Site) -> None:
    assert Visitor(app, site, "auditor").open("/").link("Kinerja") == "/kinerja"
    staff = Visitor(app, site, "staf").open("/")
    assert "/kinerja" not in [a.get("href") for a in staff.page.iter("a")]


def test_the_api_gives_the_same_in_seconds(api: Callable[[str], Api], site: Site) -> None:
    walking.walk(site, walking.start(site), until="putuskan_rencana")
    found = api("auditor").get(f"/statistics?key={SOP}&version=1").json
    assert found["cases"]["started"] == 1 and found["activities"]["catat_rapat"]["norm"] == 27000
    assert found["activities"]["putuskan_rencana"]["waiting"] == {"median": None, "p90": None}
    assert api("auditor").get("/statistics?from=gestern").status_code == 400
