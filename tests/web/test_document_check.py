"""Whoever holds a document asks whether it is ours, on the page, over the API and on the command line."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask import Flask
from lxml import html

from docgen.codes import document_code
from engine.cli import alur
from engine.queries.documents import Document, case_documents, document_content
from engine.site import Site
from tests.cast import OPERATOR
from tests.clients import Api
from tests.visitors import Visitor
from tests.walking import start, walk


@pytest.fixture
def letter(site: Site) -> Document:
    """A Nota Dinas that was issued."""
    case = start(site)
    walk(site, case, until="teruskan_nota_dinas")
    return next(each for each in case_documents(site, OPERATOR, case) if each.type == "nota_dinas")


@pytest.fixture
def content(site: Site, letter: Document) -> bytes:
    return document_content(site, OPERATOR, letter.id)[1]


def renumbered(content: bytes, letter: Document) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(str(letter.number).encode(), b"99/ND"))
    return file.getvalue()


def test_the_api_tells_what_a_file_is_and_what_was_changed(
    api: Callable[[str], Api], letter: Document, content: bytes
) -> None:
    upload = ("nota.docx", content)
    answer = api("kpa").upload("/documents/verify", "file", upload).json
    assert (answer["ours"], answer["outcome"]) == (True, "unchanged")
    assert answer["documents"][0]["id"] == letter.id
    changed = api("kpa").upload("/documents/verify", "file", ("nota.docx", renumbered(content, letter))).json
    assert (changed["ours"], changed["outcome"], changed["differences"]) == (False, "changed", 1)
    assert changed["changes"] == [
        {"field": "dokumen.nomor", "label": "Number", "before": letter.number, "after": "99/ND"}
    ]


def test_the_api_tells_others_what_the_paper_says_itself(
    api: Callable[[str], Api], letter: Document, content: bytes
) -> None:
    answer = api("orangluar").upload("/documents/verify", "file", ("nota.docx", content)).json
    assert (answer["ours"], answer["documents"]) == (True, [])
    assert answer["known"][0]["number"] == letter.number
    assert "process_instance_id" not in json.dumps(answer["known"])


def test_the_api_finds_a_document_by_its_code(api: Callable[[str], Api], letter: Document) -> None:
    answer = api("kpa").get(f"/document-codes/{str(letter.code).lower()}").json
    assert (answer["outcome"], answer["documents"][0]["id"]) == ("issued", letter.id)
    strange = api("kpa").get(f"/document-codes/{document_code('lain', 'lain')}").json
    assert (strange["outcome"], strange["known"]) == ("unknown", [])
    assert api("kpa").get("/document-codes/7K3M").status_code == 422


def test_the_page_answers_who_sees_the_case_in_full(app: Flask, site: Site, letter: Document, content: bytes) -> None:
    kpa = Visitor(app, site, "kpa").open("/periksa")
    assert "Terbitan kami, tidak diubah." in kpa.press("Periksa berkas", file=("nota.docx", content)).text
    assert kpa.link("Rapat uji").startswith(f"/berkas/{letter.instance_id}/putar-ulang?seq=")
    kpa.open("/periksa").press("Periksa berkas", file=("nota.docx", renumbered(content, letter)))
    assert "TELAH DIUBAH" in kpa.text and f"{letter.number}99/ND" in kpa.text


def test_the_page_tells_a_stranger_no_more_than_the_paper(
    app: Flask, site: Site, letter: Document, content: bytes
) -> None:
    stranger = Visitor(app, site, "orangluar").open("/periksa").press("Periksa kode", code=str(letter.code))
    assert str(letter.number) in stranger.text and "Rapat uji" not in stranger.text
    stranger.press("Periksa berkas", file=("nota.docx", renumbered(content, letter)))
    assert "1 tempat berbeda" in stranger.text and "99/ND" not in stranger.text


def test_somebody_without_an_account_may_ask_too(app: Flask, letter: Document) -> None:
    client = app.test_client()
    page = html.document_fromstring(client.get("/periksa").text)
    token = page.xpath('//input[@name="csrf_token"]')[0].get("value")
    headers = {"Referer": "http://localhost/periksa", "Accept-Language": "id"}
    answer = client.post("/periksa", data={"csrf_token": token, "code": letter.code}, headers=headers)
    assert answer.status_code == 200
    assert str(letter.number) in answer.text and letter.instance_id not in answer.text


def test_a_wrong_code_is_answered_beside_the_field(app: Flask, site: Site) -> None:
    asking = Visitor(app, site, "staf").open("/periksa").press("Periksa kode", code="7K3M-PQ4X-9TB0")
    assert asking.status == 422
    assert "0, 1, I, L, O" in asking.text and asking.value("code") == "7K3M-PQ4X-9TB0"


def test_the_command_line_asks_as_well(
    site: Site, letter: Document, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALUR_VAR", str(site.settings.var))
    monkeypatch.setenv("ALUR_DATABASE_URL", site.settings.database_url)
    site.settings.var.joinpath("asli.docx").write_bytes(content)
    site.settings.var.joinpath("ubah.docx").write_bytes(renumbered(content, letter))

    def check(what: str) -> tuple[int, str]:
        done = CliRunner().invoke(alur, ["document", "check", what])
        return done.exit_code, done.output

    code, said = check(str(letter.code))
    assert code == 0 and str(letter.number) in said and letter.instance_id in said
    assert check(str(site.settings.var / "asli.docx"))[0] == 0
    code, said = check(str(site.settings.var / "ubah.docx"))
    assert code == 1 and f"Nomor: {letter.number} → 99/ND" in said
    assert check(document_code("lain", "lain"))[0] == 1
