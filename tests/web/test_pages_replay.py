"""Putar ulang without a script: every entry by its address, with who, when, how long, and what it changed."""

import json

import pytest
from flask import Flask

from engine.commands.comments import add_comment
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL
from tests.visitors import Visitor
from tests.walking import person


@pytest.fixture
def returned(site: Site) -> str:
    """A plan that was sent back once, and sent again."""
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, "periksa_rencana")
    walking.complete(site, walking.open_task(site, case, "periksa_rencana"), returning=True)
    walking.walk(site, case, "periksa_rencana")
    return case


def states(visitor: Visitor, element: str) -> set[str]:
    return set(visitor.page.get_element_by_id(f"el-{element}").get("class").split())


def test_an_address_shows_the_diagram_as_it_was_then(app: Flask, site: Site, returned: str) -> None:
    auditor = Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang?seq=2")
    assert "active" in states(auditor, "putuskan_rencana")
    assert "finished" not in states(auditor, "susun_rencana")
    auditor.open(auditor.page.xpath("//a[@rel='next']/@href")[0])
    assert "finished" in states(auditor, "putuskan_rencana") and "taken" in states(auditor, "ditetapkan_ya")


def test_an_entry_says_who_was_allowed_and_what_changed(app: Flask, site: Site, returned: str) -> None:
    auditor = Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang?seq=9")
    about = " ".join(auditor.page.xpath("//*[@data-about]")[0].text_content().split())
    assert "berwenangMuhammad Yusuf" in about and "Denganhalaman" in about
    assert "KeputusanKembalikan kepada Staf" in about


def test_what_was_sent_again_is_told_as_a_change(app: Flask, site: Site, returned: str) -> None:
    walking.complete(site, walking.open_task(site, returned, "periksa_rencana"))
    auditor = Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang?seq=999")
    told = {
        dt.text: [part.tag for part in dt.getnext()]
        for dt in auditor.page.xpath("//*[@data-about]//dl[@class='changes']/dt")
    }
    assert told["Keputusan"] == ["del", "ins"]


@pytest.mark.parametrize("seq", ["0", "999", "x", "-1", "٣", ""])
def test_a_strange_step_is_no_error(app: Flask, site: Site, returned: str, seq: str) -> None:
    assert Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang?seq={seq}").status == 200


def test_the_script_gets_the_same_states_that_addresses_show(app: Flask, site: Site, returned: str) -> None:
    auditor = Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang")
    facts = json.loads(auditor.page.get_element_by_id("facts").text)
    held: dict[str, str] = {}
    flows: set[str] = set()
    for seq, (changed, taken) in enumerate(facts["steps"], facts["first"]):
        held |= changed
        flows |= set(taken)
        auditor.open(f"/berkas/{returned}/putar-ulang?seq={seq}")
        for element, classes in held.items():
            assert set(classes.split()) <= states(auditor, element)
        drawn = {each.get("data-element") for each in auditor.page.xpath("//*[contains(@class, ' taken')]")}
        assert flows == drawn


def test_a_case_of_many_entries_comes_in_pages(app: Flask, site: Site, returned: str) -> None:
    for number in range(400):
        add_comment(site, person(site, "staf"), CHANNEL, returned, f"Catatan {number}")
    auditor = Visitor(app, site, "auditor").open(f"/berkas/{returned}/putar-ulang?seq=350")
    assert "returned" in states(auditor, "periksa_rencana")
    rows = auditor.page.xpath("//tr[@data-seq]/@data-seq")
    assert rows[0] == "301" and rows[-1] == str(len(rows) + 300)
    assert auditor.link("Entri sebelumnya").endswith("seq=300")


def test_both_languages(app: Flask, site: Site, returned: str) -> None:
    assert "Who was allowed" in Visitor(app, site, "auditor", "en").open(f"/berkas/{returned}/putar-ulang").text
