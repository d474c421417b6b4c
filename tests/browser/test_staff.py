"""A clerk's day in a real browser: in both languages, at a desk and on a phone, with and without scripts."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from playwright.sync_api import Locator, Page, expect

from engine import clock
from engine.commands.attachments import KINDS
from engine.commands.people import NewUser, add_user
from engine.language import translate
from engine.queries.user_tasks import UserTask
from engine.site import Site
from tests import walking
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.filling import FILE
from tests.cast import CHANNEL, OPERATOR, PASSWORD

pytestmark = pytest.mark.browser

LATE, FRESH = "Sosialisasi pemilih pemula di SMA 1 Pinrang", "Rapat koordinasi logistik"
SCAN = "Pindaian tanda terima yang sudah ditandatangani"
PICTURE = b"\x89PNG\r\n\x1a\n"
NOTE = {"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"halo"}
Say = Callable[..., str]


@dataclass
class Calendar:
    """The clock of the installation, which a test sets forward."""

    days: int = 0

    def __call__(self) -> datetime:
        return clock.now() + timedelta(days=self.days)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def site(site: Site, calendar: Calendar) -> Site:
    return replace(site, clock=calendar)


@pytest.fixture
def tasks(site: Site, calendar: Calendar) -> tuple[UserTask, UserTask]:
    """Two invitations that wait to be sent, one of them for a month; and a second clerk who could send them."""
    colleague = NewUser("budi", "Budi Santoso", lanes=["Staf"], positions=["Staf"])
    add_user(site, OPERATOR, CHANNEL, colleague)
    late = invitation(site, LATE)
    calendar.days += 30
    return late, invitation(site, FRESH)


def invitation(site: Site, title: str) -> UserTask:
    case = walking.start(site, title)
    walking.walk(site, case, until="kirim_undangan")
    return walking.open_task(site, case, "kirim_undangan")


def sign_in(page: Page, say: Say, language: str) -> None:
    page.goto(f"/masuk?lang={language}")
    page.get_by_label(say("User name")).fill("staf")
    page.get_by_label(say("Password")).fill(PASSWORD)
    page.get_by_role("button", name=say("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Inbox"))


def item(page: Page, title: str) -> Locator:
    """A task in a list, by its case."""
    return page.locator(".list > li").filter(has_text=title)


def send(page: Page, say: Say) -> Locator:
    return page.get_by_role("button", name=say("Send"), exact=True)


def large(folder: Path) -> Path:
    """A picture of 30 MB."""
    file = folder / "hasil pindai.png"
    with file.open("wb") as stream:
        stream.write(PICTURE)
        stream.truncate(30_000_000)
    return file


WALKS = [("id", DESK, True), ("en", PHONE, True), ("id", PHONE, False), ("en", DESK, False)]


@pytest.mark.parametrize(
    ("language", "size", "script"), WALKS, ids=["id-desk", "en-phone", "id-phone-plain", "en-desk-plain"]
)
def test_a_clerks_day(
    tasks: tuple[UserTask, UserTask],
    site: Site,
    calendar: Calendar,
    visit: Open,
    tmp_path: Path,
    language: str,
    size: dict[str, int],
    script: bool,
) -> None:
    say = partial(translate, language=language)
    page, colleague = (visit("", size=size, script=script), visit("budi", f"/?lang={language}", script=script))
    sign_in(page, say, language)

    claims_what_is_most_urgent(page, colleague, say)
    is_told_of_every_error(page, say)
    attaches(page, say, script, large(tmp_path))
    finds_the_draft_again(visit, page, say, script)
    previews(page, say)
    opens_the_letter(page)
    sends_once(page, say)

    calendar.days += 1
    page.context.clear_cookies()
    sign_in(page, say, language)
    page.get_by_role("link", name=re.compile(f"^{say('Finished')}")).click()
    page.get_by_role("searchbox").fill("sma 1")
    page.get_by_role("button", name=say("Search")).click()
    item(page, LATE).get_by_role("link", name="Mengirimkan Surat Undangan").click()
    expect(page.get_by_role("heading", name=say("Sent."))).to_be_visible()
    expect(page.locator("main")).to_contain_text("Hamsah")


def claims_what_is_most_urgent(page: Page, colleague: Page, say: Say) -> None:
    """The overdue task is on top; of two who take it one has it, and the other learns who and since when."""
    expect(page.locator(".list > li").first).to_contain_text(LATE)
    expect(page.locator(".list > li").first).to_contain_text(say("Over the standard time"))
    for title in (FRESH, LATE):
        item(page, title).get_by_role("button", name=say("Take the task")).click()
        page.get_by_role("link", name=say("Inbox")).first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(say("My tasks"))
    expect(page.locator(".list > li").first).to_contain_text(LATE)

    item(colleague, LATE).get_by_role("button", name=say("Take the task")).click()
    expect(colleague.get_by_role("alert")).to_contain_text("Andi Rahmat")
    expect(colleague.get_by_role("alert")).to_contain_text(re.compile(r"20\d\d .*\d\d[.:]\d\d WITA"))
    item(page, LATE).get_by_role("link", name=say("Go on")).click()


def is_told_of_every_error(page: Page, say: Say) -> None:
    """Sent as it is: each error stands beside its field, and what was typed stays."""
    while page.get_by_label("Tujuan").count() > 1:
        there = page.get_by_label("Tujuan").count()
        page.get_by_role("button", name=say("Remove")).nth(there - 1).click()
        expect(page.get_by_label("Tujuan")).to_have_count(there - 1)
    page.get_by_label("Nama penerima").fill("Hamsah")
    page.get_by_role("group", name=say("Needed for it")).get_by_role("checkbox").check()
    send(page, say).click()
    links = page.locator("#form-errors").get_by_role("link")
    expect(links).to_have_count(3)
    for link in links.all():
        place = page.locator(f'[id="{str(link.get_attribute("href"))[1:]}"]')
        expect(place).to_have_accessible_description(re.compile(say("This must be filled in.")))
    expect(page.get_by_label("Nama penerima")).to_have_value("Hamsah")


def attaches(page: Page, say: Say, script: bool, too_large: Path) -> None:
    """A photo is taken; a wrong kind of file and one of 30 MB are refused with the reason, and what was typed stays."""
    save = page.get_by_role("button", name=say("Save draft"))
    large = say("This file is larger than %(megabytes)s MB.", params={"megabytes": 25}) if script else "25 MB"
    chosen: list[tuple[Any, str, str]] = [
        ([FILE, NOTE], "catatan.txt", say(KINDS)),
        (too_large, too_large.name, large),
    ]
    for files, name, reason in chosen:
        page.get_by_label(SCAN).set_input_files(files)
        if not script:
            save.click()
        error = page.locator(".field-files .error")
        expect(error).to_contain_text(name)
        expect(error).to_contain_text(reason)
        expect(page.get_by_role("link", name="pindaian.png")).to_have_count(1)
        expect(page.get_by_label("Nama penerima")).to_have_value("Hamsah")


def finds_the_draft_again(visit: Open, page: Page, say: Say, script: bool) -> None:
    """Closed half-way, it is there in another browser."""
    page.get_by_label("Alamat").fill("Jalan Jenderal Sudirman 1")
    if script:
        expect(page.locator("[data-autosave-state]")).to_have_text(say("Draft saved"))
    else:
        page.get_by_role("button", name=say("Save draft")).click()
    other = visit("staf", page.url, script=script)
    expect(other.get_by_label("Alamat")).to_have_value("Jalan Jenderal Sudirman 1")
    expect(other.get_by_role("link", name="pindaian.png")).to_have_count(1)
    other.context.close()


def previews(page: Page, say: Say) -> None:
    page.get_by_role("button", name=say("Preview")).click()
    expect(page.locator(".paper-sheet").first).to_contain_text("Hamsah")
    page.get_by_role("link", name=say("Back to the form")).click()
    expect(page.get_by_label("Nama penerima")).to_have_value("Hamsah")


def opens_the_letter(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="Nota Dinas", exact=True).click()
    word = Word(io.BytesIO(download.value.path().read_bytes()))
    assert "NOTA DINAS" in [each.text.strip() for each in word.paragraphs]


def sends_once(page: Page, say: Say) -> None:
    """Sent with a double click; neither Back nor the second tab sends it again."""
    second = page.context.new_page()
    second.goto(page.url)
    for tab, name in ((page, "Hamsah"), (second, "Sulastri")):
        tab.get_by_label("Nama penerima").fill(name)
        tab.get_by_label("Tanggal").fill("2026-11-24")
        tab.get_by_label("Pukul").fill("09:20")
        tab.get_by_label("Antar").check()
    send(page, say).dblclick()
    sent = page.get_by_role("heading", name=say("Sent."))
    expect(sent).to_be_visible()

    send(second, say).click()
    expect(second.get_by_role("alert")).to_contain_text(say("Nothing was sent."))
    expect(second.get_by_role("region", name=say("What you typed, not sent"))).to_contain_text("Sulastri")
    second.close()

    page.go_back()
    expect(send(page, say)).to_have_count(0)


def test_the_keyboard_alone_does_a_task(tasks: tuple[UserTask, UserTask], visit: Open) -> None:
    """From signing in to Kirim without a pointer: everything is reached with Tab, in the order of the page."""
    page = visit("", "/masuk")
    expect(page.get_by_label("Nama pengguna")).to_be_focused()
    page.keyboard.type("staf")
    go_to(page, "Kata sandi")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kotak masuk")

    go_to(page, "Mengirimkan Surat Undangan")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tujuan").first).to_be_visible()
    for _ in range(page.get_by_label("Tujuan").count() - 1):
        go_to(page, "Hapus")
        page.keyboard.press("Enter")
    expect(page.get_by_label("Tujuan")).to_have_count(1)
    for label, typed in (("Nama penerima", "Hamsah"), ("Tanggal", "10102026"), ("Pukul", "0920a")):
        go_to(page, label)
        page.keyboard.type(typed)
    go_to(page, "Antar")
    page.keyboard.press("Space")
    go_to(page, "Proposal Kegiatan")
    page.keyboard.press("Space")
    go_to(page, "Kirim")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Terkirim")).to_be_visible()


def go_to(page: Page, name: str) -> None:
    """Press Tab until what has that name has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(NAMED) == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


NAMED = """() => {
    const there = document.activeElement;
    return (there.labels?.[0] ?? there).textContent.split("*")[0].trim();
}"""
