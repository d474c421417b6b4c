"""What was typed, ticked and chosen stays in a real browser: across an ended session, tabs, and a double click."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from engine.credentials import hash_password
from engine.models import users
from engine.site import Site
from tests import walking
from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import FILE
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


def waiting(site: Site, activity: str) -> str:
    case = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, case, until=activity)
    return f"/tugas/{walking.open_task(site, case, activity).id}"


def test_files_that_went_up_before_the_session_ended_are_there_after_signing_in(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"))
    page.locator("#f-pindaian").set_input_files([FILE])
    kept = page.locator('input[type=hidden][name="pindaian"]')
    expect(kept).to_have_count(1)
    page.context.clear_cookies(name="alur")
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.get_by_role("alert")).to_contain_text("Sesi Anda sudah berakhir")
    page.get_by_label("Nama pengguna").fill("staf")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(re.compile("tersimpan"))
    expect(kept).to_have_count(1)
    expect(page.get_by_role("link", name=FILE["name"])).to_be_visible()


def test_a_file_chosen_after_the_session_ended_says_so_beside_its_field(site: Site, visit: Open) -> None:
    page = visit("staf", waiting(site, "kirim_undangan"))
    page.context.clear_cookies(name="alur")
    page.locator("#f-pindaian").set_input_files([FILE])
    expect(page.locator(".field-files .error")).to_contain_text("Sesi Anda sudah berakhir")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_five_tabs_stand_in_one_line_and_lead_back_to_what_was_typed(
    site: Site, visit: Open, script: bool, size: dict[str, int]
) -> None:
    page = visit("kpa", waiting(site, "tindak_lanjut_alokasi"), script=script, size=size)
    page.locator('[name="hal"]').fill("Hal yang sedang diketik")
    tabs = page.locator("nav.tabs")
    boxes = [each.bounding_box() for each in tabs.get_by_role("listitem").all()]
    assert len(boxes) == 5
    assert len({box and box["y"] for box in boxes}) == 1
    assert all(box and box["x"] + box["width"] <= size["width"] for box in boxes)
    for name in ("Berkas", "Dokumen", "Diagram", "Riwayat"):
        tabs.get_by_text(name, exact=True).click()
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)
    tabs.get_by_text("Formulir", exact=True).click()
    expect(page.locator('[name="hal"]')).to_have_value("Hal yang sedang diketik")


def test_a_task_is_delegated_and_the_other_person_finds_it_with_the_reason(site: Site, visit: Open) -> None:
    address = waiting(site, "tindak_lanjut_alokasi")
    page = visit("kpa", address, script=False)
    page.get_by_role("link", name="Wakilkan tugas ini").click()
    page.get_by_label("Kepada siapa?").select_option(label="Andi Rahmat")
    page.get_by_label("Alasan").fill("Saya rapat di provinsi")
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("button", name="Ya, wakilkan").dblclick()
    expect(page.get_by_role("link", name="Diwakilkan kepada Andi Rahmat")).to_be_visible()
    other = visit("staf", address)
    expect(other.get_by_text("Anda bertindak a.n. Sitti Aminah.")).to_be_visible()
    expect(other.get_by_text("Saya rapat di provinsi")).to_be_visible()


def test_the_name_of_a_case_is_typed_once_even_when_the_session_ends(site: Site, visit: Open) -> None:
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "kpukab").values(password=hash_password(PASSWORD)))
    page = visit("kpukab", "/mulai", script=False)
    page.locator("input[name=key]").first.check()
    page.get_by_label("Nama kegiatan").fill("Rapat koordinasi logistik")
    page.context.clear_cookies(name="alur")
    page.get_by_role("button", name="Mulai kegiatan").click()
    page.get_by_label("Nama pengguna").fill("kpukab")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_label("Nama kegiatan")).to_have_value("Rapat koordinasi logistik")
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rapat koordinasi logistik")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_panels_delegation_and_text_offered_again_can_be_used_by_everybody(
    site: Site, visit: Open, size: dict[str, int]
) -> None:
    address = waiting(site, "tindak_lanjut_alokasi")
    page, found = visit("kpa", address, size=size), []
    for panel in ("berkas", "dokumen", "diagram", "riwayat"):
        page.goto(f"{address}?panel={panel}")
        found += violations(page)
    page.goto(f"{address}/wakilkan")
    page.get_by_label("Kepada siapa?").select_option(label="Andi Rahmat")
    page.get_by_label("Alasan").fill("Saya rapat di provinsi")
    page.context.clear_cookies(name="alur-form")
    page.get_by_role("button", name="Lanjutkan").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum ada yang terkirim")
    found += violations(page)
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_role("button", name="Ya, wakilkan")).to_be_visible()
    assert found + violations(page) == []
