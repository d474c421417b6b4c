"""Finding a case on the page, and over the API."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine.queries.documents import case_documents
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.clients import Api
from tests.visitors import Visitor


@pytest.fixture
def letter(site: Site) -> str:
    """The number of a letter of one of two cases."""
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, until="teruskan_nota_dinas")
    walking.start(site, "Bimtek Relawan")
    return str(case_documents(site, OPERATOR, case)[-1].number)


def test_the_page_finds_by_name_number_person_and_day_and_keeps_what_was_asked(
    app: Flask, site: Site, letter: str
) -> None:
    chair = Visitor(app, site, "kpukab")
    for address in (
        f"/berkas?q={letter}",
        "/berkas?q=sosialisasi",
        "/berkas?orang=aminah",
        "/berkas?q=1&status=running",
    ):
        chair.open(address)
        assert "Sosialisasi di SMA 1" in chair.text
        assert "Bimtek Relawan" not in chair.text
    assert "Bimtek Relawan" in chair.open("/berkas?dari=2020-01-01&sop=sop-16-2022").text
    assert chair.value("dari") == "2020-01-01"
    assert "Tidak ada berkas" in chair.open("/berkas?sampai=01/01/2020&orang=aminah").text
    assert (chair.value("sampai"), chair.value("orang")) == ("2020-01-01", "aminah")
    assert "Bimtek Relawan" in chair.open("/berkas?dari=besok&status=apa").text


def test_the_next_page_keeps_the_search(app: Flask, site: Site) -> None:
    for number in range(52):
        walking.start(site, f"Rapat {number:02d}")
    chair = Visitor(app, site, "kpukab").open("/berkas?q=rapat&orang=alam")
    chair.open(chair.link("Berkas yang lebih lama"))
    assert "Rapat 00" in chair.text
    assert "Rapat 51" not in chair.text
    assert chair.value("orang") == "alam"


def test_the_api_finds_the_same(api: Callable[[str], Api], letter: str) -> None:
    def titles(query: str) -> list[str]:
        return [each["business_key"] for each in api("auditor").items(f"/process-instances?{query}")]

    assert titles(f"number={letter}") == titles(f"q={letter}") == titles("person=kpa") == ["Sosialisasi di SMA 1"]
    assert titles("person=alamsyah&from=2020-01-01&to=2999-12-31&limit=1") == ["Bimtek Relawan", "Sosialisasi di SMA 1"]
    assert titles("to=2020-01-01") == []
    for wrong in ("2020-13-01", "besok", "2020-1-1"):
        assert api("auditor").get(f"/process-instances?from={wrong}").json["code"] == "malformed"
