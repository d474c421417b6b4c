"""A model whose ids are names that every JavaScript object has: its replay, its dossier and its own page work."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.user_tasks import complete_user_task
from engine.site import Site
from tests import walking
from tests.browser.conftest import Open
from tests.browser.test_dossier import page as page
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import WEB, person
from web.dossier import compose

pytestmark = pytest.mark.browser

MODEL = """
    start valueOf; user constructor; user __proto__; user toString; user hasOwnProperty; end isPrototypeOf
    valueOf > constructor > __proto__ > toString > hasOwnProperty > isPrototypeOf
"""


@pytest.fixture
def case(site: Site) -> Iterator[str]:
    """It has come to `toString`; `hasOwnProperty` has not been reached."""
    content = model(MODEL)
    for old, new in (('id="l_p"', 'id="__lookupGetter__"'), ('value="__proto__"', 'value="proto"')):
        content = content.replace(old.encode(), new.encode())
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()})
    staff = person(site, "staf")
    case, _ = start_process(site, staff, WEB, "p", business_key="__proto__")
    for _ in range(2):
        complete_user_task(site, staff, WEB, walking.waiting(site, case)[0].id, {})
    yield case


def test_the_replay_steps_over_them(visit: Open, case: str) -> None:
    tab = visit("auditor", f"/berkas/{case}/putar-ulang?seq=3")
    expect(tab.locator("#el-toString.active")).to_have_count(1)
    tab.locator("[data-slider]").fill("1")
    expect(tab.locator("#el-constructor.active")).to_have_count(1)
    expect(tab.locator("#el-toString")).not_to_have_class("active")
    tab.locator("[data-slider]").fill("2")
    expect(tab.locator("#el-__proto__.active")).to_have_count(1)
    expect(tab.locator("#el-constructor.finished")).to_have_count(1)


@pytest.mark.parametrize("path", ["/berkas/{}", "/sop/p/versi/1"])
def test_the_pages_about_it_open(visit: Open, case: str, path: str) -> None:
    tab = visit("auditor", path.format(case))
    expect(tab.locator("svg #el-__proto__")).to_have_count(1)


def test_the_dossier_checks_itself_and_steps(site: Site, case: str, page: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(compose(site, OPERATOR, CHANNEL, case, "id"))) as archive:
        archive.extractall(tmp_path / "dosir")
    (tmp_path / "dosir" / "constructor").write_text("bukan bagian dosir")
    page.goto((tmp_path / "dosir" / "putar-ulang.html").as_uri())
    expect(page.locator("#verdict")).to_have_text("Semua bagian saling cocok")
    expect(page.locator("#el-toString.active")).to_have_count(1)
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator("#el-constructor.active")).to_have_count(1)
    page.locator("#folder").set_input_files(tmp_path / "dosir")
    expect(page.locator("#files")).to_contain_text("Bagan, formulir, dan templat SOP sama")
    expect(page.locator("#files")).to_contain_text("Berkas constructor bukan bagian dosir")
