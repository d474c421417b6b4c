"""Kelola in a real browser: accessible in every state, and usable on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from engine.commands.register import Span, enter_span, void_numbers
from engine.queries.register import this_year
from engine.site import Site
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.test_accessible import violations
from tests.cast import CHANNEL, OPERATOR

pytestmark = pytest.mark.browser

PAGES = (
    "orang",
    "orang?q=zzz",
    "orang-baru",
    "orang-csv",
    "orang/staf",
    "orang/admin",
    "peran",
    "pengganti",
    "kalender",
    "nomor?jenis=nota_dinas",
    "kantor",
    "tindakan?periksa=1",
)


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_no_page_of_the_administration_has_a_violation(
    visit: Open, site: Site, size: dict[str, int], scheme: Any
) -> None:
    year = this_year(site)
    enter_span(site, OPERATOR, CHANNEL, Span("nota_dinas", year, 3, 4), "Buku agenda")
    void_numbers(site, OPERATOR, CHANNEL, Span("nota_dinas", year, 1, 1), "Salah cetak")
    page = visit("admin", size=size)
    page.emulate_media(color_scheme=scheme)
    found: list[str] = []
    for path in [*(f"/kelola/{name}" for name in PAGES), f"/kelola/nomor/nota_dinas/{year}", "/saya/pengganti"]:
        page.goto(path)
        for fold in page.locator("main details").all():
            fold.evaluate("fold => fold.open = true")
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    page.goto("/kelola/orang-baru")
    page.get_by_label("Nama pengguna").fill("dua kata")
    page.get_by_label("Nama lengkap").fill("Budi Santoso")
    page.get_by_role("button", name="Tambahkan").click()
    found += violations(page)
    page.get_by_label("Nama pengguna").fill("budi")
    page.get_by_role("button", name="Tambahkan").click()
    expect(page.get_by_role("heading", name="Kata sandi")).to_be_visible()
    found += violations(page)
    page.goto("/saya/kata-sandi")
    assert found + violations(page) == []
