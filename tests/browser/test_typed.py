"""What one types on a task's page is never lost: saves that come late, twice, in another order, or not at all."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event

import pytest
from flask import Flask, request
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import update

from engine.commands.user_tasks import save_draft
from engine.credentials import hash_password
from engine.models import users
from engine.queries.user_tasks import user_task
from engine.site import Site
from tests import walking
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import tick
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser

HALL, ROOM, FIELD = "Aula kantor", "Aula kantor, lantai dua", "Lapangan upacara"
SAVED, FAILED, BEHIND = "Draf tersimpan", "belum tersimpan. Alur mencoba lagi", "Draf ini juga diubah"


class Task:
    """A task that waits for the chair, and how its draft stands at the server."""

    def __init__(self, site: Site) -> None:
        self.site, self.case = site, walking.start(site, "Sosialisasi di SMA 1")
        self.id = walking.open_task(site, self.case, "catat_rapat").id
        self.path = f"/tugas/{self.id}"
        self.chair = walking.person(site, "kpukab")

    @property
    def draft(self) -> str | None:
        found = user_task(self.site, self.chair, self.id).draft or {}
        return found.get("tempat")

    @property
    def guests(self) -> list[str]:
        found = user_task(self.site, self.chair, self.id).draft or {}
        return [guest["nama"] for guest in found.get("peserta_lain", [])]

    @property
    def holder(self) -> str | None:
        return walking.open_task(self.site, self.case, "catat_rapat").claimed_by


class Road:
    """The way of the saves to the server: `held` are those under way, until they may go on."""

    def __init__(self, page: Page) -> None:
        self.page, self.held = page, list[Route]()
        self.open()
        page.route("**/tugas/*", lambda route: self.treat(route) if is_save(route) else route.fallback())

    def closed(self, treat: Callable[[Route], object]) -> None:
        """From now on every save meets with this."""
        self.treat = treat

    def hold(self) -> None:
        self.closed(self.held.append)

    def open(self) -> None:
        """What was held goes on, and what comes passes freely."""
        self.closed(Route.fallback)
        while self.held:
            self.held.pop(0).continue_()

    def wait_for(self, count: int = 1) -> None:
        for _ in range(100):
            if len(self.held) >= count:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("no save came")


class Counter:
    """Where the server takes saves: while it is not `open` they wait there, also those of a page that is gone."""

    def __init__(self, app: Flask) -> None:
        self.open, self.waiting = Event(), Event()
        self.open.set()
        app.before_request(self.wait)

    def wait(self) -> None:
        if request.form.get("_act") == "autosave" and not self.open.is_set():
            self.waiting.set()
            self.open.wait(60)


def is_save(route: Route) -> bool:
    return "autosave" in (route.request.post_data or "")


def arrives_without_an_answer(route: Route) -> None:
    route.fetch()
    route.abort()


@pytest.fixture
def task(site: Site) -> Task:
    return Task(site)


@pytest.fixture
def counter(app: Flask) -> Iterator[Counter]:
    counter = Counter(app)
    yield counter
    counter.open.set()


@pytest.fixture
def page(visit: Open, task: Task) -> Page:
    return visit("kpukab", task.path)


@pytest.fixture
def road(page: Page) -> Road:
    return Road(page)


def write(page: Page, text: str) -> None:
    """As a person does: with the keyboard, so that the browser knows that somebody is there."""
    page.get_by_label("Tempat rapat").click()
    page.get_by_label("Tempat rapat").fill("")
    page.keyboard.type(text)


def invite(page: Page, name: str) -> None:
    """Type one more participant."""
    page.locator("[data-rows=peserta_lain]").get_by_role("button", name="Tambah baris").click()
    page.keyboard.type(name)


def says(page: Page, text: str) -> None:
    expect(page.locator("[data-autosave-state]")).to_contain_text(text, timeout=15_000)


def shows(page: Page, text: str) -> None:
    expect(page.get_by_label("Tempat rapat")).to_have_value(text)


def go_on(page: Page, task: Task, before: str, then: str) -> None:
    """What was typed before stands there, and what is typed then is saved, too."""
    shows(page, before)
    write(page, then)
    says(page, SAVED)
    assert task.draft == then


def press(name: str, page: Page) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(name: str, page: Page) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def leads_on(act: Callable[[Page], object]) -> Callable[[Page], None]:
    """Do it, and wait until another page stands there."""

    def acted(page: Page) -> None:
        page.evaluate("() => { document.body.id = 'before'; }")
        act(page)
        expect(page.locator("#before")).to_have_count(0, timeout=15_000)

    return acted


def there_and_back(act: Callable[[Page], object]) -> Callable[[Page], None]:
    def acted(page: Page) -> None:
        address = page.url.partition("?")[0]
        leads_on(act)(page)
        page.goto(address)

    return acted


def takes_and_gives_back(page: Page) -> None:
    leads_on(partial(press, "Ambil tugas"))(page)
    shows(page, HALL)
    for name, text in (("Lepaskan", ROOM), ("Ambil tugas", HALL)):
        write(page, text)
        leads_on(partial(press, name))(page)
        shows(page, text)


def in_english(page: Page) -> None:
    leads_on(partial(follow, "English"))(page)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    expect(page.locator("[name=tempat]")).to_have_value(HALL)
    leads_on(partial(follow, "Bahasa Indonesia"))(page)


WAYS: dict[str, Callable[[Page], object]] = {
    "claim": leads_on(partial(press, "Ambil tugas")),
    "release": takes_and_gives_back,
    "reload": lambda page: page.reload(),
    "language": in_english,
    "panel": there_and_back(partial(press, "Dokumen")),
    "preview": there_and_back(partial(press, "Pratinjau")),
    "delegate": there_and_back(partial(follow, "Wakilkan tugas ini")),
    "inbox": there_and_back(partial(follow, "Alur")),
    "address": there_and_back(lambda page: page.goto("/berkas")),
    "save": leads_on(partial(press, "Simpan draf")),
}


@pytest.mark.parametrize(("way", "size"), [*((way, DESK) for way in WAYS), ("claim", PHONE), ("language", PHONE)])
def test_what_was_typed_a_moment_before_comes_along(visit: Open, task: Task, way: str, size: dict[str, int]) -> None:
    page = visit("kpukab", task.path, size=size)
    write(page, HALL)
    invite(page, "Hamsah")
    WAYS[way](page)
    shows(page, HALL)
    expect(page.locator('[name="peserta_lain.0.nama"]')).to_have_value("Hamsah")
    invite(page, "Sulastri")
    go_on(page, task, HALL, FIELD)
    assert task.guests == ["Hamsah", "Sulastri"]


@pytest.mark.parametrize("way", WAYS)
def test_a_save_that_the_next_page_breaks_off_is_made_up_for(page: Page, task: Task, road: Road, way: str) -> None:
    road.hold()
    write(page, HALL)
    road.wait_for()
    invite(page, "Hamsah")
    WAYS[way](page)
    shows(page, HALL)
    expect(page.locator('[name="peserta_lain.0.nama"]')).to_have_value("Hamsah")
    road.open()
    go_on(page, task, HALL, FIELD)
    assert task.guests == ["Hamsah"]


@pytest.mark.parametrize("way", WAYS)
def test_a_save_that_comes_after_the_next_page_is_ones_own(counter: Counter, visit: Open, task: Task, way: str) -> None:
    page = visit("kpukab", task.path)
    counter.open.clear()
    write(page, HALL)
    assert counter.waiting.wait(5)
    invite(page, "Hamsah")
    WAYS[way](page)
    shows(page, HALL)
    expect(page.locator('[name="peserta_lain.0.nama"]')).to_have_value("Hamsah")
    counter.open.set()
    page.wait_for_timeout(500)
    go_on(page, task, HALL, FIELD)
    assert task.guests == ["Hamsah"]


@pytest.mark.parametrize("treat", [arrives_without_an_answer, Route.abort], ids=["arrived", "lost"])
def test_a_save_without_an_answer_is_tried_again_by_itself_and_said(
    page: Page, task: Task, road: Road, treat: Callable[[Route], object]
) -> None:
    road.closed(treat)
    write(page, HALL)
    says(page, FAILED)
    write(page, ROOM)
    page.wait_for_timeout(2_000)
    says(page, FAILED)
    road.open()
    says(page, SAVED)
    assert task.draft == ROOM


@pytest.mark.parametrize("status", [502, 413])
def test_a_save_that_the_server_refuses_is_tried_again_by_itself(
    page: Page, task: Task, road: Road, status: int
) -> None:
    road.closed(lambda route: route.fulfill(status=status, body="<h1>Bad gateway</h1>", content_type="text/html"))
    write(page, HALL)
    says(page, FAILED)
    expect(page.locator("[data-autosave-state]")).to_be_in_viewport()
    road.open()
    says(page, SAVED)
    assert task.draft == HALL


def test_a_button_tries_once_more_when_the_save_before_it_fails(page: Page, task: Task, road: Road) -> None:
    def fails_once(route: Route) -> None:
        road.open()
        route.abort()

    road.closed(fails_once)
    write(page, HALL)
    says(page, FAILED)
    press("Ambil tugas", page)
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()
    assert road.treat == Route.fallback
    go_on(page, task, HALL, FIELD)


def test_without_a_server_a_button_leaves_the_page_and_its_text_where_they_are(
    page: Page, task: Task, road: Road
) -> None:
    road.closed(Route.abort)
    write(page, HALL)
    says(page, FAILED)
    press("Ambil tugas", page)
    page.wait_for_timeout(4_000)
    go_on_later = page.get_by_role("button", name="Ambil tugas")
    expect(go_on_later).to_be_visible()
    road.open()
    says(page, SAVED)
    go_on_later.click()
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()
    shows(page, HALL)


def test_a_button_that_finds_no_server_leads_nowhere_and_loses_nothing(page: Page, task: Task) -> None:
    """Also before anything was saved: Chromium puts its own page in the place of the one that asked for itself."""
    page.route("**/tugas/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    write(page, HALL)
    press("Ambil tugas", page)
    says(page, FAILED)
    page.wait_for_timeout(4_000)
    page.unroute("**/tugas/*")
    go_on(page, task, HALL, ROOM)


@pytest.mark.parametrize("way", ["Kotak masuk", "Keluar", "F5"])
def test_leaving_with_unsaved_text_asks(page: Page, road: Road, way: str) -> None:
    asked = list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    road.closed(Route.abort)
    page.on("dialog", stay)
    write(page, HALL)
    if way == "F5":
        page.evaluate("() => { setTimeout(() => location.reload()); }")
    else:
        page.locator("header").get_by_text(way, exact=True).click()
    page.wait_for_timeout(5_000)
    assert asked == ["beforeunload"]
    shows(page, HALL)
    says(page, FAILED)
    road.open()
    says(page, SAVED)
    page.goto("/")
    assert asked == ["beforeunload"]


def test_whoever_only_looked_is_not_asked_and_has_no_draft(page: Page, task: Task) -> None:
    asked = list[str]()

    def count(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", count)
    page.get_by_label("Tempat rapat").click()
    press("Ambil tugas", page)
    press("Lepaskan", page)
    press("Dokumen", page)
    expect(page.locator("main")).not_to_contain_text("Draf tersimpan")
    page.goto("/")
    assert not asked
    assert user_task(task.site, task.chair, task.id).draft is None


def test_the_tab_that_is_closed_sends_what_it_has(page: Page, task: Task, visit: Open) -> None:
    other = page.context.new_page()
    write(page, HALL)
    page.close()
    other.goto(task.path)
    for _ in range(50):
        if task.draft == HALL:
            break
        other.wait_for_timeout(100)
    assert task.draft == HALL


def test_a_save_from_before_the_task_was_sent_is_too_late(page: Page, task: Task, road: Road) -> None:
    save_draft(
        task.site,
        task.chair,
        task.id,
        walking.example(task.site, walking.open_task(task.site, task.case, "catat_rapat")),
    )
    page.reload()
    road.hold()
    write(page, HALL)
    road.wait_for()
    tick(page)
    press("Kirim", page)
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()
    road.open()
    expect(page.locator("main")).to_contain_text(HALL)
    page.wait_for_timeout(500)
    assert task.draft is None
    page.reload()
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()


def test_text_that_was_taken_back_does_not_come_again_with_a_late_save(
    counter: Counter, visit: Open, task: Task
) -> None:
    page = visit("kpukab", task.path)
    write(page, HALL)
    says(page, SAVED)
    counter.open.clear()
    write(page, FIELD)
    assert counter.waiting.wait(5)
    write(page, HALL)
    press("Ambil tugas", page)
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()
    counter.open.set()
    page.wait_for_timeout(500)
    assert task.draft == HALL
    go_on(page, task, HALL, ROOM)


def test_another_tabs_draft_is_told_again_and_again_and_never_overwritten_by_the_way(page: Page, task: Task) -> None:
    save_draft(task.site, task.chair, task.id, {"tempat": FIELD})
    write(page, HALL)
    says(page, BEHIND)
    press("Ambil tugas", page)
    expect(page.get_by_role("alert")).to_contain_text("diubah di tempat lain")
    expect(page.locator("tr", has_text="Tempat rapat")).to_contain_text(FIELD)
    shows(page, HALL)
    says(page, BEHIND)
    write(page, ROOM)
    page.wait_for_timeout(2_500)
    says(page, BEHIND)
    assert (task.draft, task.holder) == (FIELD, None)
    page.reload()
    expect(page.locator("tr", has_text="Tempat rapat")).to_contain_text(ROOM)
    assert task.draft == FIELD
    leads_on(partial(press, "Simpan draf"))(page)
    go_on(page, task, ROOM, HALL)


def test_the_copy_of_a_tab_is_another_tab(page: Page, task: Task) -> None:
    copy = page.context.new_page()
    copy.goto(task.path)
    copy.evaluate(
        "kept => { for (const [name, value] of kept) sessionStorage.setItem(name, value); }",
        page.evaluate("() => Object.entries(sessionStorage)"),
    )
    write(page, HALL)
    says(page, SAVED)
    write(copy, FIELD)
    says(copy, BEHIND)
    assert task.draft == HALL


def sign_in(page: Page, name: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kotak masuk")


@pytest.fixture
def passwords(site: Site) -> None:
    with site.database.write() as connection:
        connection.execute(
            update(users).where(users.c.name.in_(["kpukab", "anggota"])).values(password=hash_password(PASSWORD))
        )


@pytest.mark.usefixtures("passwords")
def test_signed_in_again_in_another_tab_the_draft_saves_itself_again(page: Page, task: Task) -> None:
    page.context.clear_cookies(name="alur")
    write(page, HALL)
    says(page, "Sesi Anda sudah berakhir")
    sign_in(page.context.new_page(), "kpukab")
    says(page, SAVED)
    assert task.draft == HALL
    press("Ambil tugas", page)
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()


@pytest.mark.usefixtures("passwords")
def test_what_one_typed_is_not_saved_for_whoever_signs_in_next(page: Page, task: Task) -> None:
    page.context.clear_cookies(name="alur")
    write(page, HALL)
    says(page, "Sesi Anda sudah berakhir")
    sign_in(page.context.new_page(), "anggota")
    page.wait_for_timeout(4_000)
    says(page, "Sesi Anda sudah berakhir")
    other = user_task(task.site, walking.person(task.site, "anggota"), task.id)
    assert (task.draft, other.draft) == (None, None)
    page.reload()
    expect(page.get_by_label("Tempat rapat")).not_to_have_value(HALL)
    assert user_task(task.site, walking.person(task.site, "anggota"), task.id).draft is None


def test_a_page_that_the_browser_had_put_by_is_opened_anew(page: Page, task: Task) -> None:
    write(page, HALL)
    says(page, SAVED)
    save_draft(task.site, task.chair, task.id, {"tempat": ROOM})
    page.evaluate("() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }")
    go_on(page, task, ROOM, FIELD)


def test_back_leads_to_what_was_typed_last(page: Page, task: Task) -> None:
    write(page, HALL)
    press("Ambil tugas", page)
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()
    write(page, ROOM)
    follow("Alur", page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kotak masuk")
    page.go_back()
    go_on(page, task, ROOM, FIELD)
    page.go_back()
    go_on(page, task, FIELD, HALL)


def test_a_double_click_takes_the_task_once(page: Page, task: Task) -> None:
    write(page, HALL)
    page.get_by_role("button", name="Ambil tugas").dblclick()
    expect(page.get_by_role("button", name="Lepaskan")).to_be_visible()
    go_on(page, task, HALL, FIELD)


@pytest.mark.parametrize("script", [True, False])
def test_the_enter_key_saves_and_nothing_else(visit: Open, task: Task, script: bool) -> None:
    page = visit("kpukab", task.path, script=script)
    write(page, HALL)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tersimpan"))
    assert (task.draft, task.holder) == (HALL, None)


def test_without_a_script_every_button_keeps_what_was_typed(visit: Open, task: Task) -> None:
    page = visit("kpukab", task.path, script=False)
    write(page, HALL)
    press("Ambil tugas", page)
    shows(page, HALL)
    write(page, ROOM)
    press("Kirim", page)
    expect(page.locator("#form-errors, #kelengkapan-error").first).to_be_visible()
    assert task.draft == ROOM
    press("Lepaskan", page)
    shows(page, ROOM)
    assert task.holder is None


@pytest.mark.parametrize("place", ["Mulai kegiatan", "Komentar", "Alasan", "Wakilkan"])
def test_other_typed_text_is_asked_after_too(visit: Open, task: Task, place: str) -> None:
    addresses = {"Mulai kegiatan": "/mulai", "Wakilkan": f"{task.path}/wakilkan"}
    page = visit("kpukab", addresses.get(place, f"/berkas/{task.case}"))
    asked = list[str]()

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    if place == "Alasan":
        page.get_by_text("Batalkan berkas ini").click()
    box = page.locator("main form").locator("textarea:visible, input[name=title]").last
    box.click()
    page.keyboard.type(HALL)
    page.locator("header").get_by_text("English", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(1_000)
    assert asked == ["beforeunload"]
    expect(box).to_have_value(HALL)
    box.fill("")
    follow("English", page)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_double_click_starts_one_case_and_says_one_thing(visit: Open, task: Task) -> None:
    page = visit("kpukab", "/mulai")
    page.locator("input[name=key]").first.check()
    page.get_by_label("Nama kegiatan").fill(ROOM)
    page.get_by_role("button", name="Mulai kegiatan").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ROOM)
    page.get_by_label("Komentar Anda").fill(FIELD)
    leads_on(lambda page: page.get_by_role("button", name="Kirim komentar").dblclick())(page)
    expect(page.locator("article.comment")).to_have_count(1)
    page.goto("/berkas")
    expect(page.get_by_role("link", name=ROOM)).to_have_count(1)
