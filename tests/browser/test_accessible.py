"""Accessible in the states that a page comes to when one acts on it; as they open, `test_every_page` looks at them."""

from typing import Any

import pytest
from playwright.sync_api import expect

from engine.site import Site
from tests import walking
from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])


@BOTH
def test_a_form_with_errors_and_the_page_after_signing_out(
    visit: Open, site: Site, size: dict[str, int], scheme: Any
) -> None:
    case = walking.start(site, "Sosialisasi pemilih pemula di SMA 1 Pinrang")
    walking.walk(site, case, "susun_rencana")
    page = visit("staf", f"/tugas/{walking.open_task(site, case, 'susun_rencana').id}", size=size)
    page.emulate_media(color_scheme=scheme)
    page.get_by_label("Tidak lengkap karena").fill("DIPA menyusul")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("#form-errors")).to_be_visible()
    found = violations(page)
    page.goto("/tidak-ada")
    found += violations(page)
    page.goto("/")
    page.get_by_role("button", name="Keluar").click()
    assert found + violations(page) == []


@BOTH
def test_a_person_who_is_refused_and_then_added(visit: Open, size: dict[str, int], scheme: Any) -> None:
    page = visit("admin", "/kelola/orang-baru", size=size)
    page.emulate_media(color_scheme=scheme)
    page.get_by_label("Nama pengguna").fill("dua kata")
    page.get_by_label("Nama lengkap").fill("Budi Santoso")
    page.get_by_role("button", name="Tambahkan").click()
    found = violations(page)
    page.get_by_label("Nama pengguna").fill("budi")
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.get_by_role("heading", name="Kata sandi")).to_be_visible()
    assert found + violations(page) == []
