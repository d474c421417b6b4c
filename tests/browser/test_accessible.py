"""WCAG 2.2 A and AA by axe-core, on every page, light and dark, at a desk and on a phone."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from engine.site import Site
from tests import walking
from tests.browser.conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe-core finds; it comes in through the debugger, which our content security policy does not bind."""
    page.evaluate(AXE)
    found: Any = page.evaluate("tags => axe.run(document, { runOnly: tags })", STANDARDS)
    return [
        f"{page.url}: {rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_violation(visit: Open, site: Site, size: dict[str, int], scheme: Any) -> None:
    case = walking.start(site, "Sosialisasi pemilih pemula di SMA 1 Pinrang")
    walking.walk(site, case, "periksa_rencana")
    walking.complete(site, walking.open_task(site, case, "periksa_rencana"), returning=True)
    task = f"/tugas/{walking.open_task(site, case, 'susun_rencana').id}"
    staff, chair, out = (visit(name, size=size) for name in ("staf", "kpukab", "orangluar"))
    pages = {
        staff: (
            "/",
            "/bersama",
            "/menunggu",
            "/selesai",
            "/?q=tidak+ada",
            task,
            f"{task}/pratinjau",
            f"/berkas/{case}?periksa=1",
            "/saya",
            "/periksa",
            "/x",
        ),
        chair: ("/mulai", "/berkas", f"/berkas/{case}", f"/dokumen/{case}-terbitkan_berita_acara-v1/salinan"),
        out: ("/",),
    }
    found: list[str] = []
    for page, paths in pages.items():
        page.emulate_media(color_scheme=scheme)
        for path in paths:
            page.goto(path)
            found += violations(page)
    staff.goto(task)
    staff.get_by_role("button", name="Kirim", exact=True).click()
    found += violations(staff)
    staff.goto("/")
    staff.get_by_role("button", name="Keluar").click()
    found += violations(staff)
    assert found == []
