"""A designer's walk in a real browser, from the ZIP to a field that stands in Word; pages that everybody can use."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect

from engine.site import Site
from tests import walking
from tests.browser.accessibility import violations
from tests.browser.conftest import DESK, PHONE, Open
from tests.cast import BY_LANE

pytestmark = pytest.mark.browser

SOP = "sop-16-2022"
FIELD = {"type": "string", "title": "Sumber dana", "maxLength": 100}


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).first.click()
    return Path(download.value.path()).read_bytes()


def with_field(archive: bytes) -> dict[str, bytes]:
    """What a designer changes with their own tools: the form of the first step, and a template that shows it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        schema = json.loads(files.read("rapat.schema.json"))
        word = docx.Document(io.BytesIO(files.read("risalah_rapat.docx")))
    schema["properties"]["sumber_dana"] = FIELD
    schema["required"].append("sumber_dana")
    for sample in schema["examples"]:
        sample["sumber_dana"] = "DIPA 2026"
    word.add_paragraph("Sumber dana: {{ rapat.sumber_dana }}")
    saved = io.BytesIO()
    word.save(saved)
    return {"rapat.schema.json": json.dumps(schema).encode(), "risalah_rapat.docx": saved.getvalue()}


def upload(page: Page, files: dict[str, bytes]) -> None:
    page.get_by_label("Unggah berkas").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files.items()]
    )
    page.get_by_role("button", name="Unggah", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Masuk ke rancangan")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_field_comes_into_the_form_and_into_word_and_running_cases_stay(
    visit: Open, site: Site, script: bool
) -> None:
    running = walking.start(site, "Berjalan sejak versi 1")
    walking.walk(site, running, until="susun_rencana")
    page = visit("perancang", "/sop", script=script)
    page.get_by_role("link", name=re.compile("^Pelaksanaan Kegiatan")).first.click()
    page.get_by_role("button", name="Ubah SOP ini").click()
    upload(page, with_field(downloaded(page, "Unduh (ZIP)")))
    expect(page.get_by_text("Tidak ada yang perlu diperbaiki")).to_be_visible()

    page.get_by_role("link", name="Perbedaan", exact=True).click()
    expect(page.locator(".changes li")).to_have_count(3)
    expect(page.locator(".changes li").first).to_contain_text("Sumber dana — isian ditambahkan (sumber_dana): teks")
    expect(page.locator(".bpmn-diagram .changed")).to_have_count(4)  # the step and its document, on both diagrams

    page.get_by_role("link", name="Uji coba", exact=True).click()
    page.get_by_role("link", name="KPU Kab").click()
    page.get_by_role("link", name=re.compile("^Kerjakan")).click()
    expect(page.get_by_label("Sumber dana")).to_have_value("DIPA 2026")
    page.get_by_label("Sumber dana").fill("Hibah daerah")
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.get_by_role("link", name=re.compile("^Kerjakan")).click()
    page.get_by_role("button", name="Kirim", exact=True).click()
    page.get_by_role("link", name="Semua peran").click()
    page.get_by_role("link", name="Risalah Rapat", exact=True).click()
    expect(page.locator(".paper-sheet")).to_contain_text("Sumber dana: Hibah daerah")
    word = docx.Document(io.BytesIO(downloaded(page, "Unduh Word")))
    assert "Sumber dana: Hibah daerah" in [paragraph.text for paragraph in word.paragraphs]

    page.get_by_role("link", name="Uji coba", exact=True).click()
    page.get_by_role("link", name="Terbitkan", exact=True).click()
    page.get_by_label("Apa yang baru?").fill("Sumber dana dicatat sejak rapat")
    page.get_by_role("button", name="Terbitkan", exact=True).click()
    expect(page.get_by_role("heading", name="Versi 2")).to_be_visible()
    assert walking.look(site, running).instance.version == 1

    chair = visit(BY_LANE["KPU Kab"], "/mulai", script=script)
    chair.get_by_label("Nama kegiatan").fill("Baru dengan versi 2")
    chair.get_by_role("button", name="Mulai kegiatan").click()
    chair.get_by_role("link", name=re.compile("^Mencatat rapat")).first.click()
    expect(chair.get_by_label("Sumber dana")).to_be_visible()


def test_files_can_be_dropped_and_a_finding_shows_its_place(visit: Open) -> None:
    page = visit("perancang", f"/sop/{SOP}")
    page.get_by_role("button", name="Ubah SOP ini").click()
    with zipfile.ZipFile(io.BytesIO(downloaded(page, "Unduh (ZIP)"))) as files:
        bpmn = files.read(f"{SOP}.bpmn").decode()
    wrong = bpmn.replace("<bpmn:flowNodeRef>arsipkan</bpmn:flowNodeRef>", "", 1)
    assert wrong != bpmn
    dropped = page.evaluate_handle(
        'text => { const held = new DataTransfer(); held.items.add(new File([text], "diagram.bpmn")); return held; }',
        wrong,
    )
    page.locator("form[data-drop]").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_role("alert").or_(page.locator(".notice.bad"))).to_contain_text("menghalangi penerbitan")
    page.locator(".findings a").first.click()
    expect(page.locator("#el-arsipkan")).to_be_in_viewport()
    expect(page.locator("#el-arsipkan")).to_have_class(re.compile("finding-error.* shown|shown.*finding-error"))


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_no_page_about_sops_has_a_violation(visit: Open, size: dict[str, int], scheme: Any) -> None:
    page = visit("perancang", "/sop", size=size)
    page.emulate_media(color_scheme=scheme)
    found: list[str] = []

    def look(path: str = "") -> None:
        if path:
            page.goto(path)
        for fold in page.locator("main details").all():
            fold.evaluate("fold => fold.open = true")
        found.extend(violations(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url

    for path in ("", f"/sop/{SOP}", f"/sop/{SOP}/versi/1", f"/sop/{SOP}/beda"):
        look(path)
    page.goto(f"/sop/{SOP}")
    page.get_by_role("button", name="Ubah SOP ini").click()
    draft = page.url
    look()
    upload(page, with_field(downloaded(page, "Unduh (ZIP)")))
    for path in ("/beda", "/terbit", "/uji-coba", "/uji-coba/langkah/catat_rapat.1"):
        look(draft + path)
    page.goto(f"{draft}/uji-coba")
    page.get_by_role("button", name="Teruskan sampai akhir").click()
    look()
    look(f"{draft}/uji-coba/dokumen/1")
    upload_broken = {"rapat.schema.json": b"{", f"{SOP}.bpmn": b"<bpmn"}
    page.goto(draft)
    upload(page, upload_broken)
    for path in ("", "/beda", "/terbit", "/uji-coba"):
        look(draft + path)
    page.goto(draft)
    page.get_by_text("Buang rancangan").first.click()
    page.get_by_role("button", name="Buang rancangan").click()
    look()
    assert found == []
