"""What only a browser shows: drafts that save themselves, double clicks, stepping, the keyboard, narrow screens."""

import pytest
from playwright.sync_api import Page, expect

from engine.site import Site
from tests import walking
from tests.browser.conftest import PHONE, Open
from tests.browser.filling import tick

pytestmark = pytest.mark.browser


@pytest.fixture
def started(site: Site) -> str:
    return walking.start(site, "Sosialisasi pemilih pemula di SMA 1 Pinrang")


def task_page(site: Site, case: str, activity: str) -> str:
    return f"/tugas/{walking.open_task(site, case, activity).id}"


def test_a_draft_saves_itself(visit: Open, site: Site, started: str) -> None:
    page = visit("kpukab", task_page(site, started, "catat_rapat"))
    page.get_by_label("Tempat rapat").fill("Aula kantor")
    expect(page.locator("[data-autosave-state]")).to_have_text("Draf tersimpan")
    page.goto("/")
    page.goto(task_page(site, started, "catat_rapat"))
    expect(page.get_by_label("Tempat rapat")).to_have_value("Aula kantor")


def test_a_double_click_sends_once(visit: Open, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = visit("kpukab", task_page(site, started, "putuskan_rencana"))
    page.locator('[name="keputusan"][value="setuju"]').check()
    tick(page)
    page.get_by_role("button", name="Kirim", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
    entries = [task for task in walking.look(site, started).user_tasks if task.activity_id == "putuskan_rencana"]
    assert [task.status for task in entries] == ["completed"]


def test_back_after_sending_offers_nothing_to_send_twice(visit: Open, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = visit("kpukab", task_page(site, started, "putuskan_rencana"))
    page.locator('[name="keputusan"][value="setuju"]').check()
    tick(page)
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Kirim", exact=True)).to_have_count(0)


def test_all_documents_of_a_case_are_seen_without_scrolling_in_a_box(visit: Open, site: Site, started: str) -> None:
    walking.walk(site, started)
    documents = visit("auditor", f"/berkas/{started}").locator("ul.documents")
    assert documents.locator("li").count() > 12
    assert documents.evaluate("list => list.scrollHeight <= list.clientHeight")


def test_an_error_leads_to_its_field(visit: Open, site: Site, started: str) -> None:
    page = visit("kpukab", task_page(site, started, "catat_rapat"))
    page.get_by_label("Tempat rapat").fill("")
    tick(page)
    page.get_by_role("button", name="Kirim", exact=True).click()
    summary = page.locator("#form-errors")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Tempat rapat").click()
    expect(page.get_by_label("Tempat rapat")).to_be_focused()


def test_the_keyboard_comes_to_the_content_first(visit: Open, started: str) -> None:
    page = visit("kpukab")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Lompat ke isi")).to_be_focused()
    expect(page.get_by_role("link", name="Lompat ke isi")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, {"width": 1366, "height": 768}], ids=["phone", "desk"])
def test_no_page_is_wider_than_the_screen(visit: Open, site: Site, started: str, size: dict[str, int]) -> None:
    walking.walk(site, started, "susun_rencana")
    page = visit("staf", size=size)
    task = task_page(site, started, "susun_rencana")
    case = f"/berkas/{started}"
    for path in ("/", "/menunggu", "/selesai", "/berkas", "/mulai", "/saya", task, case, f"{case}?periksa=1", "/x"):
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, path
        check_structure(page)


def check_structure(page: Page) -> None:
    """One heading of the first rank, a language, and a name for everything that can be operated."""
    assert page.locator("h1").count() == 1, page.url
    assert page.locator("html").get_attribute("lang") == "id"
    nameless = page.evaluate(
        """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
        .filter((e) => !e.closest('template') && e.getAttribute('aria-hidden') !== 'true'
            && !e.textContent.trim() && !e.labels?.length && !e.ariaLabel)
        .map((e) => e.outerHTML)"""
    )
    assert nameless == [], page.url
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids)), page.url


def test_the_checklist_opens_the_way_to_send(visit: Open, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = visit("kpukab", task_page(site, started, "putuskan_rencana"))
    page.locator('[name="keputusan"][value="setuju"]').check()
    send = page.get_by_role("button", name="Kirim", exact=True)
    expect(send).to_be_disabled()
    send.click(force=True)
    expect(page.locator('[name="_kelengkapan"]').first).to_be_focused()
    tick(page)
    expect(send).to_be_enabled()
    page.locator('[name="_kelengkapan"]').first.uncheck()
    expect(send).to_be_disabled()
    page.get_by_label("Tidak lengkap karena").fill("Surat edaran menyusul")
    expect(send).to_be_enabled()
    send.click()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
    expect(page.get_by_text("Surat edaran menyusul")).to_be_visible()


def test_a_second_tab_does_not_overwrite_the_first_unknowingly(visit: Open, site: Site, started: str) -> None:
    path = task_page(site, started, "catat_rapat")
    first = visit("kpukab", path)
    second = first.context.new_page()
    second.goto(path)
    first.get_by_label("Tempat rapat").fill("Aula kantor")
    expect(first.locator("[data-autosave-state]")).to_have_text("Draf tersimpan")
    first.get_by_label("Tempat rapat").fill("Aula kantor lantai dua")
    expect(first.locator("[data-autosave-state]")).to_have_text("Draf tersimpan")
    second.get_by_label("Tempat rapat").fill("Ruang rapat")
    expect(second.locator("[data-autosave-state]")).to_contain_text("juga diubah di tab atau perangkat lain")
    second.get_by_role("button", name="Simpan draf").click()
    different = second.locator("tr", has_text="Tempat rapat")
    expect(different).to_contain_text("Aula kantor lantai dua")
    expect(second.get_by_label("Tempat rapat")).to_have_value("Ruang rapat")
    second.get_by_role("button", name="Simpan draf").click()
    expect(second.get_by_text("Draf tersimpan.", exact=False).first).to_be_visible()
    expect(second.get_by_label("Tempat rapat")).to_have_value("Ruang rapat")


def test_sending_right_after_typing_is_not_taken_for_another_tab(visit: Open, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = visit("kpukab", task_page(site, started, "putuskan_rencana"))
    page.locator('[name="keputusan"][value="setuju"]').check()
    tick(page)
    page.get_by_label("Tidak lengkap karena").fill("tidak ada")
    with page.expect_request(lambda request: request.method == "POST"):
        pass
    page.get_by_label("Tidak lengkap karena").fill("")
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
