"""An auditor's visit in a real browser: find a case, ask who was allowed, find what was forged, take the proof home."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document as Word
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Connection, delete, func, select, update

from engine import installation
from engine.checkpoints import make_checkpoint
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import complete_user_task, delegate_user_task
from engine.models import contents, documents, history, user_tasks
from engine.proof.asked import verify_asked
from engine.queries.documents import Document, case_documents
from engine.queries.user_tasks import user_task
from engine.site import Site
from engine.tour import example
from tests import walking
from tests.browser.conftest import Open
from tests.cast import CHANNEL, OPERATOR
from tests.walking import WEB, person

pytestmark = pytest.mark.browser

TITLE = "Sosialisasi pemilih pemula di SMA 1 Pinrang"
PAPER = {"width": 700, "height": 1000}  # A4 between its margins
NOTE = "Mohon ditandatangani, saya dinas luar."

Forge = Callable[[Connection, str], None]


@pytest.fixture
def case(site: Site) -> str:
    """A case in which the Ketua's Plh. decided and the KPA's delegate signed; another one beside it; both sealed."""
    installation.set_up_key(site, OPERATOR, CHANNEL)
    case = walking.start(site, TITLE)
    walking.walk(site, case, until="putuskan_rencana")
    add_substitute(site, person(site, "admin"), WEB, NewSubstitution("kpukab", "ppk", "plh", "SPT 12/2026"))
    do(site, case, "putuskan_rencana", "ppk")
    task = walking.open_task(site, case, "tindak_lanjut_alokasi")
    delegate_user_task(site, person(site, "kpa"), WEB, task.id, "kasubag", NOTE)
    do(site, case, "tindak_lanjut_alokasi", "kasubag")
    walking.walk(site, walking.start(site, "Rapat pleno terbuka"), until="putuskan_rencana")
    make_checkpoint(site)
    return case


def do(site: Site, case: str, activity: str, name: str) -> None:
    who = person(site, name)
    task = user_task(site, OPERATOR, walking.open_task(site, case, activity).id)
    complete_user_task(site, who, WEB, task.task.id, example(site, who, task))


def letter(site: Site, case: str) -> Document:
    return next(each for each in case_documents(site, OPERATOR, case) if each.type == "nota_dinas")


def step(page: Page, text: str) -> None:
    """Choose the entry that says so."""
    says = page.locator(".what", has_text=text)
    page.locator("tr[data-seq]").filter(has=says).locator("a[data-step]").click()


def test_a_case_is_found_by_its_activity_and_by_a_letters_number(site: Site, visit: Open, case: str) -> None:
    page = visit("auditor", "/berkas")
    number = letter(site, case).number
    assert number
    for words in ("sma 1", number):
        page.get_by_label("Nama kegiatan, nomor surat, atau hal").fill(words)
        page.get_by_role("button", name="Cari").click()
        expect(page.locator("main .list > li")).to_have_count(1)
        page.get_by_role("link", name=TITLE).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
        page.go_back()


def test_the_replay_says_who_was_allowed_and_on_whose_behalf(visit: Open, case: str) -> None:
    page = visit("auditor", f"/berkas/{case}")
    page.get_by_role("link", name="Putar ulang").click()
    now, about = page.locator("[data-now]"), page.locator("[data-about]")

    step(page, "— Menetapkan rencana kegiatan")
    expect(now).to_contain_text("Hasnah Latief (Plh. Ketua)")
    expect(fact(about, "Atas nama")).to_have_text("Alamsyah")
    expect(fact(about, "Yang berwenang")).to_have_text("Alamsyah, Hasnah Latief")

    step(page, "Melimpahkan tugas")
    expect(now).to_contain_text("Sitti Aminah")
    expect(fact(about, "Dilimpahkan kepada")).to_have_text("Muhammad Yusuf")
    expect(fact(about, "Alasan")).to_have_text(NOTE)

    page.get_by_role("link", name="Berikutnya").click()
    expect(now).to_contain_text("Muhammad Yusuf (a.n. Sekretaris)")
    expect(fact(about, "Atas nama")).to_have_text("Sitti Aminah")
    expect(fact(about, "Yang berwenang")).to_have_text("Muhammad Yusuf, Sitti Aminah")
    expect(about.get_by_role("link", name="Nota Dinas")).to_be_visible()


def fact(about: Locator, term: str) -> Locator:
    return about.locator("dt", has_text=re.compile(f"^{term}$")).locator("+ dd")


def test_on_paper_the_replay_tells_every_detail_and_the_drawing_is_not_cut_off(visit: Open, case: str) -> None:
    page = visit("auditor", f"/berkas/{case}/putar-ulang", size=PAPER)
    page.emulate_media(media="print")
    expect(fact(page.locator("tr[data-seq='3'] .about"), "Atas nama")).to_be_visible()
    for path in (f"/berkas/{case}/putar-ulang", f"/berkas/{case}"):
        page.goto(path)
        drawn, room = (page.locator(f".drawing{part}").bounding_box() for part in (" > svg", ""))
        assert drawn and room and drawn["width"] <= room["width"]


# What is done to the database behind everybody's back.


def edit_an_entry(connection: Connection, case: str) -> None:
    where = (history.c.instance_id == case, history.c.kind == "delegate")
    text = connection.execute(select(history.c.entry).where(*where)).scalar_one()
    assert NOTE in text
    connection.execute(update(history).where(*where).values(entry=text.replace(NOTE, "Silakan diputuskan sendiri.")))


def edit_a_task(connection: Connection, case: str) -> None:
    where = (user_tasks.c.instance_id == case, user_tasks.c.activity_id == "putuskan_rencana")
    connection.execute(update(user_tasks).where(*where).values(ended_by="anggota"))


def delete_the_last_entry(connection: Connection, case: str) -> None:
    last = select(func.max(history.c.seq)).where(history.c.instance_id == case).scalar_subquery()
    connection.execute(delete(history).where(history.c.instance_id == case, history.c.seq == last))


def swap_a_document(connection: Connection, case: str) -> None:
    where = (documents.c.instance_id == case, documents.c.type == "nota_dinas")
    sha256 = connection.execute(select(documents.c.sha256).where(*where)).scalar_one()
    file = io.BytesIO()
    word = Word()
    word.add_paragraph("Nota Dinas yang lain.")
    word.save(file)
    connection.execute(update(contents).where(contents.c.sha256 == sha256).values(bytes=file.getvalue()))


def everything_verified(site: Site, page: Page) -> Locator:
    """Press the button on Pembuktian; what a worker then finds."""
    page.get_by_role("link", name="Pembuktian").first.click()
    page.get_by_role("button", name="Buktikan semuanya").click()
    verification = verify_asked(site)
    assert verification is not None
    verification.join()
    page.reload()
    return page.locator("#proof")


def test_an_honest_history_is_proved_on_the_case_and_with_all_others(site: Site, visit: Open, case: str) -> None:
    page = visit("auditor", f"/berkas/{case}")
    page.get_by_role("link", name="Buktikan riwayat").click()
    expect(page.get_by_role("region", name="Bukti riwayat")).to_contain_text("Riwayat terbukti utuh.")
    found = everything_verified(site, page)
    expect(found).to_contain_text("Semuanya utuh.")
    expect(found).to_contain_text("2 berkas")


@pytest.mark.parametrize(
    ("forge", "where"),
    [
        (edit_an_entry, ["entri 4", "diubah"]),
        (edit_a_task, ["putuskan_rencana", "ppk", "anggota"]),
        (delete_the_last_entry, ["riwayat", '"seq":"4"', '"seq":"5"']),
        (swap_a_document, ["entri 5", "nota_dinas", "diubah"]),
    ],
)
def test_a_forgery_is_found_and_located(site: Site, visit: Open, case: str, forge: Forge, where: list[str]) -> None:
    with site.database.write() as connection:
        forge(connection, case)
    page = visit("auditor", f"/berkas/{case}")
    page.get_by_role("link", name="Buktikan riwayat").click()
    told = page.get_by_role("region", name="Bukti riwayat")
    for text in ("Ada yang diubah.", *where):
        expect(told).to_contain_text(text)
    found = everything_verified(site, page)
    expect(found).to_contain_text("Ada yang diubah dari luar.")
    row = found.get_by_role("row").filter(has_text=case).first
    for text in where:
        expect(row).to_contain_text(text)
    row.get_by_role("link", name=case).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def test_the_checkpoint_tells_of_a_tail_that_was_cut_off(site: Site, visit: Open, case: str) -> None:
    """Whoever knows the tables sets the case back as well; the sealed entry is missing all the same."""
    with site.database.write() as connection:
        delete_the_last_entry(connection, case)
    found = everything_verified(site, visit("auditor", "/pembuktian"))
    gone = found.get_by_role("row").filter(has_text="entri ini tidak ada lagi, padahal tercatat di checkpoint 1")
    expect(gone).to_contain_text("entri 5")
    expect(gone).to_contain_text(re.compile(r"\d{4} pukul \d\d\.\d\d WITA"))


def test_a_checkpoint_that_was_kept_is_compared(site: Site, visit: Open, case: str, tmp_path: Path) -> None:
    page = visit("auditor", "/pembuktian")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Unduh yang terbaru").click()
    kept = tmp_path / taken.value.suggested_filename
    taken.value.save_as(kept)
    page.get_by_label("Checkpoint Anda").set_input_files(kept)
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_role("status").filter(has_text="masih sama dengan simpanan Anda")).to_be_visible()
    kept.write_text(kept.read_text().replace('"number":1', '"number":2'))
    page.get_by_label("Checkpoint Anda").set_input_files(kept)
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_role("alert")).to_be_visible()


# On a laptop without the server.


@pytest.fixture
def laptop(visit: Open, case: str, tmp_path: Path) -> Path:
    """The dossier, downloaded from the case and unpacked."""
    page = visit("auditor", f"/berkas/{case}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh berkas lengkap (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path / "dosir")
    return tmp_path / "dosir"


def checked(dossier: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "periksa.py", ".", *options]
    return subprocess.run(command, cwd=dossier, capture_output=True, text=True, check=False)


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="id-ID", offline=True)
    yield context.new_page()
    context.close()


def test_a_dossier_is_verified_without_the_server(laptop: Path, offline: Page) -> None:
    key = (laptop / "checkpoint" / "public-key.txt").read_text().split()[0]
    found = checked(laptop, "--key", key)
    assert found.returncode == 0, found.stdout + found.stderr
    offline.goto((laptop / "putar-ulang.html").as_uri())
    expect(offline.locator("#verdict")).to_have_text("Semua bagian saling cocok")
    row = offline.locator("tr[data-seq='3']")
    expect(row).to_contain_text("Hasnah Latief")
    expect(row).to_contain_text("Alamsyah")


def test_a_dossier_in_which_a_word_was_changed_is_not_believed(laptop: Path) -> None:
    told = laptop / "riwayat.jsonl"
    told.write_text(told.read_text().replace(NOTE, "Silakan diputuskan sendiri."))
    found = checked(laptop)
    assert found.returncode == 1, found.stdout
    assert "4" in found.stdout


# With the paper in hand.


def test_a_letter_is_recognised_by_its_file_and_by_the_code_at_its_foot(site: Site, visit: Open, case: str) -> None:
    page = visit("auditor", f"/berkas/{case}")
    documents_ = page.get_by_role("region", name="Dokumen", exact=True)
    with page.expect_download() as download:
        documents_.get_by_role("link", name="Nota Dinas", exact=True).click()
    file = download.value.path()
    number = letter(site, case).number
    documents_.get_by_role("link", name="Periksa dokumen").click()
    page.get_by_label("Berkas Word").set_input_files(
        {"name": "nota.docx", "mimeType": "application/octet-stream", "buffer": file.read_bytes()}
    )
    page.get_by_role("button", name="Periksa berkas").click()
    answer = page.get_by_role("status")
    expect(answer).to_contain_text("Terbitan kami, tidak diubah.")
    expect(answer).to_contain_text(f"{number}")

    page.get_by_label("Kode dokumen").fill(code_at_the_foot(file).lower())
    page.get_by_role("button", name="Periksa kode").click()
    expect(answer).to_contain_text(f"{number}")
    answer.get_by_role("link", name=TITLE).click()
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-seq", "5")


def code_at_the_foot(file: Path) -> str:
    """What is printed in the footer of the first page."""
    with file.open("rb") as stream:
        foot = " ".join(each.text for each in Word(stream).sections[0].footer.paragraphs)
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", foot)
    assert found, foot
    return found.group()
