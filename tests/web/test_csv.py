"""Lists taken along as files: all of the list, under its search, and noted who took them."""

import csv
import io
import re
from itertools import islice

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from engine.queries.acts import find_acts
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.visitors import Visitor
from web.downloads import sheet


def rows(visitor: Visitor, path: str) -> list[dict[str, str]]:
    response = visitor.open(path).response
    assert response.mimetype == "text/csv" and response.data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))


def test_the_cases_that_a_search_finds_are_all_in_the_file(app: Flask, site: Site) -> None:
    for number in range(55):
        walking.start(site, f"=Rapat {number}")
    auditor = Visitor(app, site, "auditor").open("/berkas?q=Rapat")
    found = rows(auditor, auditor.link("Unduh daftar ini (CSV)"))
    assert len(found) == 55 and found[0]["kegiatan"] == "'=Rapat 54", "no cell is a formula"
    assert rows(auditor, "/berkas?q=Rapat+7&csv=1")[0]["sop"]
    (taken, again) = [act for act in find_acts(site, OPERATOR) if act["kind"] == "exported"]
    assert (taken["actor"], taken["subject"], taken["after"]) == ("auditor", "cases", {"rows": 55})
    assert again["after"] == {"rows": 1}


@given(st.text(alphabet=";,\t\n\r\"' =+-@1a"))
def test_no_part_of_a_cell_is_a_formula_wherever_a_spreadsheet_splits_it(cell: str) -> None:
    text = sheet("uji", ["a"], [[cell]]).get_data(as_text=True)
    row = next(islice(csv.reader(io.StringIO(text, newline="")), 1, None), [""])
    for part in re.split(r"[;\t\r\n]", row[0]):
        assert part.strip(' "')[:1] not in tuple("=+-@"), part
    assert re.sub("[' ]", "", row[0]) == re.sub("[' ]", "", cell), "nothing is lost"


def test_plain_text_stays_as_it_is() -> None:
    text = sheet("uji", ["a"], [["Rapat; Bimtek - tahap 2"], ["a=b"]]).get_data(as_text=True)
    assert text.splitlines()[1:] == ["Rapat; Bimtek - tahap 2", "a=b"]


@pytest.mark.parametrize("path", ["/", "/bersama", "/selesai"])
def test_a_list_of_tasks_too(app: Flask, site: Site, path: str) -> None:
    case = walking.start(site, "Rapat A")
    walking.complete(site, walking.waiting(site, case)[0])
    walking.start(site, "Rapat B")
    found = rows(Visitor(app, site, "kpukab"), f"{path}?csv=1")
    assert "Mencatat rapat penetapan rencana kegiatan" in [row["langkah"] for row in found]


def test_how_the_office_does_too(app: Flask, site: Site) -> None:
    walking.walk(site, walking.start(site), until="periksa_rencana")
    found = rows(Visitor(app, site, "auditor"), "/kinerja?csv=1")
    assert {row["jenis"] for row in found} == {"langkah", "peran"}
    assert found[0]["selesai"] == "1" and found[0]["waktu_baku_menit"] == "450"


def test_a_figure_leads_to_its_cases(app: Flask, site: Site) -> None:
    case = walking.start(site, "Kembali")
    walking.walk(site, case, until="putuskan_rencana")
    walking.complete(site, walking.waiting(site, case)[0], returning=True)
    walking.walk(site, walking.start(site, "Lurus"), until="tindak_lanjut_alokasi")
    auditor = Visitor(app, site, "auditor").open("/kinerja")
    again = auditor.page.xpath("//td[@data-label='Terulang']/a/@href")[0]
    assert "Kembali" in auditor.open(again).text and "Lurus" not in auditor.text
    assert auditor.page.xpath("//*[@id='terulang']/@checked")
