"""Two tabs with one draft of an SOP, and an SOP that has the id of another."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine.commands.deployments import deploy
from engine.queries.definitions import process_definitions
from engine.queries.sop_drafts import sop_draft
from engine.site import Site
from tests.cast import CHANNEL, OPERATOR
from tests.clients import Api
from tests.conformance.drawing import FORM
from tests.integration.test_succession import LEAVE, sop
from tests.visitors import Visitor
from tests.walking import person

Clients = Callable[[str], Api]
CHANGED = "Rancangan ini sudah berubah sejak halaman Anda dibuka"
NEW_FORM = ("f.json", FORM.replace('"k"', '"l"').encode())


@pytest.fixture
def tabs(app: Flask, site: Site) -> tuple[Visitor, Visitor]:
    first, second = Visitor(app, site, "perancang"), Visitor(app, site, "perancang")
    first.open("/sop").press("Unggah", files=list(sop("Surat Masuk").items()))
    return first, second.open(first.path)


def held(site: Site, tab: Visitor) -> bytes:
    return sop_draft(site, person(site, "perancang"), tab.path.split("/")[2]).files["f.json"]


def test_one_tab_does_not_publish_what_the_other_uploaded(site: Site, tabs: tuple[Visitor, Visitor]) -> None:
    first, second = tabs
    draft = first.path
    first.open(f"{draft}/terbit")
    second.press("Unggah", files=[NEW_FORM])
    first.press("Terbitkan", note="Versi pertama")
    assert (first.status, CHANGED in first.text, first.value("note")) == (409, True, "Versi pertama")
    assert "Process_1" not in {each.key for each in process_definitions(site, OPERATOR)}
    first.press("Terbitkan")
    assert "Diterbitkan: Surat Masuk, versi 1" in first.text


def test_a_note_is_not_lost_where_the_draft_can_be_published_no_more(tabs: tuple[Visitor, Visitor]) -> None:
    first, second = tabs
    first.open(f"{first.path}/terbit")
    second.press("remove=f.json")
    first.press("Terbitkan", note="Catatan panjang")
    assert first.status == 409 and "Catatan panjang" in first.text


@pytest.mark.parametrize(
    ("button", "answers"), [("Unggah", {"files": [("g.json", b"{}")]}), ("remove=m.bpmn", {}), ("Buang rancangan", {})]
)
def test_one_tab_does_not_undo_what_the_other_uploaded(
    site: Site, tabs: tuple[Visitor, Visitor], button: str, answers: dict[str, object]
) -> None:
    first, second = tabs
    second.press("Unggah", files=[NEW_FORM])
    first.press(button, **answers)
    assert (first.status, CHANGED in first.text) == (409, True)
    assert held(site, second) == NEW_FORM[1]
    assert "m.bpmn" in first.text and "g.json" not in first.text
    first.press(button, **answers)  # now it was seen
    assert first.status == 200


def test_an_sop_with_the_id_of_another_is_asked_about(site: Site, tabs: tuple[Visitor, Visitor]) -> None:
    deploy(site, OPERATOR, CHANNEL, sop("Permohonan Cuti", LEAVE))
    first, _ = tabs
    first.open(f"{first.path}/terbit").press("Terbitkan", note="Baru")
    assert first.status == 422
    assert "Id “Process_1” sudah dipakai SOP “Permohonan Cuti”" in first.text
    assert first.value("note") == "Baru"
    first.press("Terbitkan", same="1")
    assert "Diterbitkan: Surat Masuk, versi 2" in first.text


def test_over_the_api_a_finding_names_its_file_and_who_asks_says_that_it_is_the_same_sop(api: Clients) -> None:
    designer = api("perancang")
    first = designer.upload("/deployments", "files", *sop("Surat Masuk").items())
    assert first.status_code == 201
    other = designer.upload("/deployments", "files", *sop("Permohonan Cuti", LEAVE).items())
    (found,) = other.json["errors"]
    assert (other.status_code, found["code"], found["file"]) == (422, "other_sop", "m.bpmn")
    same = designer.upload("/deployments?same=true", "files", *sop("Permohonan Cuti", LEAVE).items())
    assert same.json["definitions"][0]["version"] == 2
