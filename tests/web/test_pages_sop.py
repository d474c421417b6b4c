"""SOP without a script: versions, files, a draft from download to publishing, withdrawing, and who sees none of it."""

import io
import json
import zipfile

import docx
import pytest
from flask import Flask

from engine.commands.deployments import deploy, unpacked
from engine.commands.sop_drafts import begin_draft
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.visitors import Visitor

SOP = "sop-16-2022"


@pytest.fixture
def designer(app: Flask, site: Site) -> Visitor:
    return Visitor(app, site, "perancang")


def changed_files(archive: bytes) -> list[tuple[str, bytes]]:
    """A field more in the first form, and in the minutes that come of it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        schema = json.loads(files.read("rapat.schema.json"))
        template = files.read("risalah_rapat.docx")
    schema["properties"]["sumber_dana"] = {"type": "string", "title": "Sumber dana", "maxLength": 100}
    schema["required"].append("sumber_dana")
    for sample in schema["examples"]:
        sample["sumber_dana"] = "DIPA 2026"
    word, saved = docx.Document(io.BytesIO(template)), io.BytesIO()
    word.add_paragraph("Sumber dana: {{ rapat.sumber_dana }}")
    word.save(saved)
    return [("rapat.schema.json", json.dumps(schema).encode()), ("risalah_rapat.docx", saved.getvalue())]


def test_a_field_is_added_and_published_without_any_python(site: Site, designer: Visitor) -> None:
    running = walking.start(site)
    walking.walk(site, running, until="susun_rencana")
    designer.open("/sop").open(designer.link("Pelaksanaan Kegiatan")).press("Ubah SOP ini")
    assert "Tidak ada yang perlu diperbaiki" in designer.text
    draft = designer.path
    archive = designer.client.get(designer.link("Unduh (ZIP)")).data
    designer.press("Unggah", files=changed_files(archive))
    assert "Masuk ke rancangan: rapat.schema.json, risalah_rapat.docx" in designer.text
    assert "Tidak ada yang perlu diperbaiki" in designer.text

    designer.open(f"{draft}/beda")
    said = [" ".join(item.text_content().split()) for item in designer.page.xpath("//ul[@class='changes']/li")]
    assert len(said) == 3
    assert all("umber" in text for text in said)
    assert [each.get("id") for each in designer.page.xpath("//section/div[@class='drawing']")] == [
        "diagram-before",
        "diagram-after",
    ]

    designer.open(f"{draft}/uji-coba").open(designer.link("Mencatat rapat"))
    assert designer.value("sumber_dana") == "DIPA 2026"
    designer.press("Kirim", sumber_dana="")
    assert designer.status == 422
    designer.press("Kirim", sumber_dana="Hibah daerah")
    assert "Yang sudah terjadi Mencatat rapat" in designer.text
    designer.press("Teruskan sampai akhir")
    assert "Uji coba sampai ke akhir" in designer.text
    documents = [a.get("href") for a in designer.page.xpath("//section[@aria-labelledby='documents']//a")]
    words = [word for word in documents if word.endswith("/unduh")]
    texts = []
    for address in words:
        content = designer.client.get(address).data
        if "word/document.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist():
            texts.append("\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs))
    assert any("Sumber dana: Hibah daerah" in text for text in texts)
    designer.open(next(address for address in documents if not address.endswith("/unduh")))
    assert designer.page.xpath("//div[@data-mark='UJI COBA']")

    designer.open(f"{draft}/terbit")
    assert "Versi 1: 1 kegiatan berjalan" in designer.text
    designer.press("Terbitkan", note="Sumber dana dicatat sejak rapat")
    assert designer.path == f"/sop/{SOP}/versi/2"
    assert "Sumber dana dicatat sejak rapat" in designer.text
    assert walking.look(site, running).instance.version == 1
    new = walking.start(site)
    assert "sumber_dana" in walking.example(site, walking.open_task(site, new, "catat_rapat"))
    designer.open(f"/sop/{SOP}")
    assert "1 kegiatan berjalan, 0 berakhir" in designer.text


def test_findings_are_listed_and_marked_with_the_same_number(site: Site, designer: Visitor) -> None:
    designer.open(f"/sop/{SOP}").press("Ubah SOP ini")
    archive = designer.client.get(designer.link("Unduh (ZIP)")).data
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        bpmn = files.read(f"{SOP}.bpmn").decode()
    wrong = bpmn.replace("<bpmn:flowNodeRef>catat_rapat</bpmn:flowNodeRef>", "", 1)
    designer.press("Unggah", files=[("diagram.bpmn", wrong.encode())])
    assert f"Masuk ke rancangan: {SOP}.bpmn" in designer.text
    assert "menghalangi penerbitan" in designer.text
    first = designer.page.xpath("//ol[@class='findings']/li")[0]
    assert first.xpath(".//a/@href") == ["#el-catat_rapat"]
    assert "1" in designer.page.xpath("//*[contains(@class,'pin-finding-error')]//text()")
    assert "finding-error" in designer.page.xpath("//*[@id='el-catat_rapat']/@class")[0]
    for page in ("beda", "uji-coba", "terbit"):
        assert "temuan" in designer.open(f"{designer.path.split('?')[0].rstrip('/')}/{page}").text.lower()
        designer.open(designer.path.rpartition("/")[0])


def test_what_cannot_be_read_is_a_finding_not_an_error(site: Site, designer: Visitor) -> None:
    designer.open("/sop").press("Unggah", files=[("rusak.bpmn", b"<bpmn"), ("f.json", b"{")])
    assert designer.status == 200 and "menghalangi penerbitan" in designer.text
    designer.press("Unggah", files=[("virus.exe", b"MZ")])
    assert designer.status == 422 and "BPMN (.bpmn), formulir (.json)" in designer.text
    designer.press("Unggah", files=[("x.zip", b"PK")])
    assert designer.status == 400
    designer.press("Keluarkan")
    designer.press("Buang rancangan")
    assert designer.path == "/sop" and "Rancangan dibuang" in designer.text


def test_a_version_is_withdrawn_with_a_reason_and_offered_again(app: Flask, site: Site, designer: Visitor) -> None:
    designer.open(f"/sop/{SOP}/versi/1").press("Tarik versi ini", reason=" ")
    assert designer.status == 422
    designer.press("Tarik versi ini", reason="Formulir salah")
    assert "Kegiatan baru tidak dapat dimulai dengan versi ini: Formulir salah" in designer.text
    chair = Visitor(app, site, "kpukab").open("/mulai")
    assert not chair.page.xpath("//input[@value='sop-16-2022']")
    designer.press("Buka kembali", reason="Sudah diperiksa")
    assert chair.open("/mulai").page.xpath("//input[@value='sop-16-2022']")


def test_auditors_read_versions_and_change_nothing(app: Flask, site: Site) -> None:
    auditor = Visitor(app, site, "auditor").open("/sop")
    assert auditor.link("SOP") == "/sop"
    assert not auditor.page.xpath("//main//form")
    assert auditor.open(f"/sop/{SOP}").status == 200
    assert auditor.open(f"/sop/{SOP}/versi/1").status == 200
    assert not auditor.page.xpath("//main//form")
    assert auditor.open(f"/sop/{SOP}/beda").status == 200
    names = zipfile.ZipFile(io.BytesIO(auditor.client.get(f"/sop/{SOP}/versi/1.zip").data)).namelist()
    assert f"{SOP}.bpmn" in names and "nota_dinas.docx" in names
    staff = Visitor(app, site, "staf")
    assert not [a for a in staff.page.iter("a") if a.get("href") == "/sop"]
    assert staff.open("/sop").status == 403
    assert staff.open(f"/sop/{SOP}/versi/1/berkas/nota_dinas.docx").status == 403


def test_a_zip_of_a_version_is_the_same_each_time_and_single_files_come_as_they_are(
    site: Site, designer: Visitor
) -> None:
    address = f"/sop/{SOP}/versi/1"
    assert designer.client.get(f"{address}.zip").data == designer.client.get(f"{address}.zip").data
    answer = designer.client.get(f"{address}/berkas/{SOP}.bpmn")
    assert answer.data.startswith(b"<?xml") and "attachment" in answer.headers["Content-Disposition"]
    assert designer.client.get(f"{address}/berkas/tidak-ada.json").status_code == 404


def test_the_official_form_is_a_button_of_the_sop_of_its_versions_and_of_a_draft(
    app: Flask, site: Site, designer: Visitor
) -> None:
    address = f"/sop/{SOP}/versi/1.docx"
    for page in ("/sop", f"/sop/{SOP}", f"/sop/{SOP}/versi/1"):
        links = designer.open(page).page.xpath(f"//a[@href='{address}']")
        assert [link.text for link in links] == ["Formulir resmi (Word)" if page.endswith("1") else "Word"]
    assert columns(designer.client.get(address).data) == ["Staf", "PPK", "Kasubag", "KPA", "KPU Kab"]
    auditor = Visitor(app, site, "auditor")
    assert auditor.client.get(address).status_code == 200

    designer.open(f"/sop/{SOP}").press("Ubah SOP ini")
    form = designer.link("Formulir resmi (Word)")
    files = zipfile.ZipFile(io.BytesIO(designer.client.get(designer.link("Unduh (ZIP)")).data))
    model = files.read(f"{SOP}.bpmn").decode()
    designer.press("Unggah", files=[(f"{SOP}.bpmn", model.replace('name="Kasubag"', 'name="Kasubbag"').encode())])
    assert columns(designer.client.get(form).data) == ["Staf", "PPK", "Kasubbag", "KPA", "KPU Kab"]
    designer.press("Unggah", files=[(f"{SOP}.bpmn", b"<bpmn")])
    assert form not in [a.get("href") for a in designer.page.iter("a")]
    assert designer.open(form).status == 422


def test_designers_take_the_files_for_their_editors_from_the_page(designer: Visitor) -> None:
    designer.open("/sop")
    for name in ("camunda-7.json", "camunda-8.json", "spiffworkflow.json"):
        with designer.client.get(designer.link(name)) as answer:
            assert answer.status_code == 200 and json.loads(answer.data)


def columns(content: bytes) -> list[str]:
    """The roles that an official form has columns for."""
    return [cell.text for cell in docx.Document(io.BytesIO(content)).tables[1].rows[1].cells[2:7]]


def test_the_same_files_again_are_no_new_version(site: Site, designer: Visitor) -> None:
    designer.open(f"/sop/{SOP}").press("Ubah SOP ini")
    draft = designer.path
    designer.open(f"{draft}/beda")
    assert "Tidak ada perbedaan" in designer.text
    designer.open(f"{draft}/terbit")
    assert "Berkas ini sama dengan versi 1" in designer.text
    assert not designer.page.xpath("//textarea")


def test_a_draft_that_was_overtaken_says_so(app: Flask, site: Site, designer: Visitor) -> None:
    designer.open(f"/sop/{SOP}").press("Ubah SOP ini")
    archive = designer.client.get(designer.link("Unduh (ZIP)")).data
    draft = designer.path
    deploy(site, OPERATOR, CHANNEL, {**unpacked([("sop.zip", archive)]), **dict(changed_files(archive))})
    designer.open(f"{draft}/beda")
    assert "Versi 2 terbit sesudah rancangan ini dimulai" in designer.text
    assert "isian dihapus (sumber_dana)" in designer.text


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_shows_itself(app: Flask, site: Site, language: str) -> None:
    with_draft = begin_draft(site, walking.person(site, "perancang"), SOP, 1)
    visitor = Visitor(app, site, "perancang", language)
    draft = f"/rancangan/{with_draft}"
    published = ("/sop", f"/sop/{SOP}", f"/sop/{SOP}/versi/1", f"/sop/{SOP}/beda")
    tabs = ("beda", "terbit", "uji-coba", "uji-coba/langkah/catat_rapat.1?contoh=0")
    for page in (*published, draft, *(f"{draft}/{tab}" for tab in tabs)):
        visitor.open(page)
        assert visitor.status == 200 and visitor.page.findtext(".//h1"), page
        named = [each.get("id") for each in visitor.page.iter() if each.get("id")]
        assert len(named) == len(set(named)), f"an id is there twice on {page}"


def test_a_mistyped_role_that_nobody_has_is_pointed_out(site: Site, designer: Visitor) -> None:
    designer.open(f"/sop/{SOP}").press("Ubah SOP ini")
    archive = designer.client.get(designer.link("Unduh (ZIP)")).data
    bpmn = zipfile.ZipFile(io.BytesIO(archive)).read(f"{SOP}.bpmn").replace(b'name="Kasubag"', b'name="Kasubagg"')
    designer.press("Unggah", files=[("diagram.bpmn", bpmn)])
    assert "Belum ada yang memegang peran ini" in designer.text and "Kasubagg" in designer.text
    designer.open(designer.link("Terbitkan"))
    assert "Belum ada yang memegang peran ini" in designer.text
