"""Putar ulang in a real browser: slider, play and keys step without a request; links do it without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.site import Site
from tests import walking
from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


@pytest.fixture
def replayed(site: Site) -> str:
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, "periksa_rencana")
    return f"/berkas/{case}/putar-ulang"


def stands(page: Page, seq: int) -> None:
    """The page shows that entry everywhere."""
    expect(page.locator("[data-seq]").first).to_have_text(str(seq))
    expect(page).to_have_url(re.compile(rf"seq={seq}$"))
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", str(seq))


def test_the_slider_steps_without_asking_the_server(visit: Open, replayed: str) -> None:
    page = visit("auditor", f"{replayed}?seq=1")
    asked: list[str] = []
    page.on("request", lambda request: request.resource_type != "other" and asked.append(request.url))
    page.locator("[data-slider]").fill("3")
    stands(page, 3)
    decide = page.locator("#el-putuskan_rencana")
    expect(decide).to_have_class(re.compile("finished"))
    expect(decide).to_be_in_viewport()
    expect(page.locator("[data-now]")).to_contain_text("Menetapkan rencana kegiatan")
    expect(page.locator("[data-about]")).to_contain_text("Keputusan")
    page.locator("[data-slider]").fill("2")
    expect(decide).to_have_class(re.compile("active"))
    expect(decide).not_to_have_class(re.compile("finished"))
    assert asked == []


def test_keys_step_and_go_to_the_ends(visit: Open, replayed: str) -> None:
    page = visit("auditor", f"{replayed}?seq=2")
    page.keyboard.press("ArrowRight")
    stands(page, 3)
    page.keyboard.press("ArrowLeft")
    stands(page, 2)
    page.keyboard.press("End")
    last = page.locator("tr[data-seq]").count()
    stands(page, last)
    expect(page.get_by_role("link", name="Berikutnya")).to_have_count(0)
    page.keyboard.press("Home")
    stands(page, 1)


def test_it_plays_and_pauses(visit: Open, replayed: str) -> None:
    page = visit("auditor", f"{replayed}?seq=1")
    page.get_by_role("button", name="Putar").click()
    expect(page.locator("[data-seq]").first).to_have_text("3", timeout=10_000)
    page.get_by_role("button", name="Jeda").click()
    expect(page.get_by_role("button", name="Putar")).to_have_attribute("aria-pressed", "false")


def test_a_row_and_a_shared_address_lead_to_the_entry(visit: Open, replayed: str) -> None:
    page = visit("auditor", replayed)
    page.locator("tr[data-seq='4'] a[data-step]").click()
    stands(page, 4)
    page.reload()
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", "4")


def test_without_a_script_links_step_and_bring_the_drawing_along(visit: Open, replayed: str) -> None:
    page = visit("auditor", replayed, script=False)
    expect(page.locator("[data-play]")).to_be_hidden()
    page.locator("tr[data-seq='7'] a[data-step]").click()
    expect(page.locator("#el-susun_rencana")).to_be_in_viewport()
    expect(page.locator("#el-susun_rencana")).to_have_class(re.compile("finished"))
    page.get_by_role("link", name="Sebelumnya").click()
    expect(page).to_have_url(re.compile("seq=6"))


def test_a_deep_link_to_a_row_steps_there(visit: Open, replayed: str) -> None:
    page = visit("auditor", f"{replayed}#langkah-4")
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", "4")
    expect(page.locator("[data-seq]").first).to_have_text("4")
