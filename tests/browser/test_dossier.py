"""A dossier's page opens from disk with the network off: it checks itself, and steps through the case."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.site import Site
from tests.browser.conftest import DESK, Open
from tests.cast import CHANNEL, OPERATOR
from tests.walking import start, walk
from web.dossier import compose

pytestmark = pytest.mark.browser


@pytest.fixture
def unpacked(site: Site, tmp_path: Path) -> Path:
    """A dossier of a case that waits for its invitation to be sent, unpacked on disk."""
    case = start(site, "Rapat <b>uji</b> & coba")
    walk(site, case, until="kirim_undangan")
    with zipfile.ZipFile(io.BytesIO(compose(site, OPERATOR, CHANNEL, case, "id"))) as archive:
        archive.extractall(tmp_path / "dosir")
    return tmp_path / "dosir"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser without a network, which fails on any console error and on any address but the disk's."""
    troubles: list[str] = []
    context = browser.new_context(viewport=DESK, locale="id-ID", offline=True)
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: request.url.startswith("file:") or troubles.append(request.url))
    yield page
    context.close()
    assert not troubles


def test_it_opens_from_disk_checks_itself_and_steps(unpacked: Path, page: Page) -> None:
    page.goto((unpacked / "putar-ulang.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapat <b>uji</b> & coba")
    expect(page.locator("#verdict")).to_have_text("Semua bagian saling cocok")
    expect(page.locator("#findings")).to_contain_text("dokumen sama dengan yang dicatat riwayat")
    rows = page.locator("tr[data-seq]")
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", str(rows.count()))
    expect(page.locator("#el-kirim_undangan.active")).to_have_count(1)
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", "1")
    expect(page.locator("#el-catat_rapat.active")).to_have_count(1)
    expect(page.locator("#el-kirim_undangan.active")).to_have_count(0)
    page.get_by_role("button", name="Berikutnya").click()
    expect(page.locator("#now")).to_contain_text("2 / ")
    page.locator("#folder").set_input_files(unpacked)
    expect(page.locator("#files")).to_contain_text("Bagan, formulir, dan templat SOP sama")
    expect(page.locator("#files")).to_contain_text("berkas sesuai dengan SHA256SUMS.txt")


def test_it_finds_a_file_that_was_changed(unpacked: Path, page: Page) -> None:
    letter = next((unpacked / "dokumen").glob("*nota_dinas*"))
    letter.write_bytes(letter.read_bytes() + b"\0")
    page.goto((unpacked / "putar-ulang.html").as_uri())
    expect(page.locator("#verdict")).to_have_text("Semua bagian saling cocok")
    page.locator("#folder").set_input_files(unpacked)
    expect(page.locator("#verdict")).to_have_text("Dosir ini telah diubah")
    expect(page.locator("#files")).to_contain_text(f"Berkas dokumen/{letter.name} diubah atau tidak ada.")


def test_a_person_downloads_it_from_the_case(site: Site, visit: Open) -> None:
    case = start(site)
    page = visit("auditor", f"/berkas/{case}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh berkas lengkap (ZIP)").click()
    assert download.value.suggested_filename == f"dosir-{case}.zip"
    assert zipfile.is_zipfile(download.value.path())


def test_a_code_is_checked_on_the_page(site: Site, visit: Open) -> None:
    page = visit("auditor", "/periksa")
    page.get_by_label("Kode dokumen").fill("7K3M-PQ4X-9TB0")
    page.get_by_role("button", name="Periksa kode").click()
    expect(page.get_by_role("alert")).to_contain_text("0, 1, I, L, O")
