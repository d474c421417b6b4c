"""Files and the preview in a real browser: progress while they are sent, nothing lost on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.site import Site
from tests import walking
from tests.browser.filling import FILE

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def waiting(site: Site, activity: str) -> str:
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, until=activity)
    return f"/tugas/{walking.open_task(site, case, activity).id}"


def test_chosen_files_are_sent_at_once_and_the_draft_keeps_them(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"))
    page.locator("#f-pindaian").set_input_files([FILE, {**FILE, "name": "hal 2.png"}])
    kept = page.locator('input[type=hidden][name="pindaian"]')
    expect(kept).to_have_count(2)
    expect(page.locator("[data-autosave-state]")).to_have_text("Draf tersimpan")
    page.reload()
    expect(kept).to_have_count(2)
    page.get_by_role("listitem").filter(has_text="hal 2.png").get_by_role("button").click()
    expect(kept).to_have_count(1)


def test_a_file_that_is_refused_is_told_beside_its_field(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"))
    text = {"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"halo"}
    page.locator("#f-pindaian").set_input_files([text, FILE])
    expect(page.locator(".field-files .error")).to_contain_text("catatan.txt")
    expect(page.locator('input[type=hidden][name="pindaian"]')).to_have_count(1)


def test_a_button_waits_for_the_files_that_are_on_their_way(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"))
    page.route("**/lampiran", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.locator("#f-pindaian").set_input_files([FILE])
    page.get_by_role("button", name="Simpan draf").click()
    expect(page).to_have_url(re.compile("tersimpan"))
    expect(page.locator('input[type=hidden][name="pindaian"]')).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_the_preview_leads_back_to_what_was_typed(site: Site, visit: Open, script: bool) -> None:
    page = visit("kpa", waiting(site, "tindak_lanjut_alokasi"), script=script)
    page.locator('[name="hal"]').fill("Hal yang sedang diketik")
    page.get_by_role("button", name="Pratinjau").click()
    expect(page.locator(".paper-sheet")).to_contain_text("Hal yang sedang diketik")
    page.get_by_role("link", name="Kembali ke formulir").click()
    expect(page.locator('[name="hal"]')).to_have_value("Hal yang sedang diketik")


def test_without_a_script_files_go_with_the_form(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"), script=False)
    page.locator("#f-pindaian").set_input_files([FILE, {**FILE, "name": "hal 2.png"}])
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.locator('input[type=hidden][name="pindaian"]')).to_have_count(2)
