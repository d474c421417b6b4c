"""Is this document ours? A file or a code is recognised, and what was changed is named."""

import io
import zipfile
from collections.abc import Callable

import pytest

from docgen.codes import document_code
from engine.commands.attachments import add_attachment
from engine.commands.signed_copies import add_signed_copy
from engine.errors import TooManyAttempts, Unacceptable
from engine.queries.documents import Document, case_documents, document_content
from engine.recognition import FieldChange, recognise, recognise_code
from engine.site import Site
from tests.cast import OPERATOR
from tests.clients import PNG
from tests.walking import WEB, person, start, walk


@pytest.fixture
def letter(site: Site) -> Document:
    """The invitation of a case, which was issued."""
    case = start(site)
    walk(site, case, until="kirim_undangan")
    return next(each for each in case_documents(site, OPERATOR, case) if each.type == "surat_undangan" and each.code)


def content(site: Site, document: Document) -> bytes:
    return document_content(site, OPERATOR, document.id)[1]


def edited(document: bytes, edit: Callable[[str], str]) -> bytes:
    """The file as a word processor would save it, with an edit of its text."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, edit(data.decode()).encode() if name == "word/document.xml" else data)
    return file.getvalue()


def test_a_file_that_was_issued_is_unchanged(site: Site, letter: Document) -> None:
    found = recognise(site, person(site, "staf"), content(site, letter))
    assert (found.outcome, found.ours) == ("unchanged", True)
    assert found.known[0].document == letter
    assert (found.known[0].title, found.known[0].case_title) == ("Surat Undangan", "Rapat uji")


def test_a_file_that_was_only_saved_again_says_the_same(site: Site, letter: Document) -> None:
    found = recognise(site, OPERATOR, edited(content(site, letter), lambda xml: xml))
    assert (found.outcome, found.ours, found.changes) == ("same_text", False, ())


def test_a_changed_file_names_the_fields_that_differ(site: Site, letter: Document) -> None:
    assert letter.number
    forged = edited(
        content(site, letter),
        lambda xml: xml.replace(letter.number or "", "99/PP.06-Und/7315/KPU-Kab/2026").replace("Aula", "Hotel"),
    )
    found = recognise(site, OPERATOR, forged)
    assert (found.outcome, found.ours, found.known[0].document) == ("changed", False, letter)
    assert FieldChange("dokumen.nomor", "Number", letter.number, "99/PP.06-Und/7315/KPU-Kab/2026") in found.changes
    places = [change for change in found.changes if change.label != "Number"]
    assert places and all("Aula" in change.before and "Hotel" in change.after for change in places)
    assert {(change.field, change.label) for change in places} == {("rencana.tempat", "Tempat kegiatan")}


def test_who_does_not_see_the_case_learns_no_more_than_the_paper_says(site: Site, letter: Document) -> None:
    for actor in (person(site, "orangluar"), None):
        found = recognise(site, actor, content(site, letter))
        assert (found.outcome, found.known[0].number, found.known[0].document) == ("unchanged", letter.number, None)
    forged = edited(content(site, letter), lambda xml: xml.replace("Aula", "Hotel"))
    outsider = recognise(site, person(site, "orangluar"), forged)
    assert (outsider.outcome, outsider.changes) == ("changed", ()) and outsider.differences
    assert recognise(site, None, forged).outcome == "unknown"


def test_a_code_leads_to_its_document_however_it_is_typed(site: Site, letter: Document) -> None:
    found = recognise_code(site, OPERATOR, (letter.code or "").lower().replace("-", " "))
    assert (found.outcome, found.known[0].document) == ("issued", letter)


def test_every_issued_word_document_of_a_case_has_a_code_of_its_own(site: Site, letter: Document) -> None:
    documents = case_documents(site, OPERATOR, letter.instance_id)
    codes = [each.code for each in documents if each.status != "draft"]
    assert all(codes) and len(set(codes)) == len(codes)
    assert not any(each.code for each in documents if each.status == "draft")


def test_a_mistyped_code_is_refused_and_a_strange_one_is_not_ours(site: Site) -> None:
    with pytest.raises(Unacceptable):
        recognise_code(site, OPERATOR, "7K3M-PQ4X-9TBX")
    assert recognise_code(site, OPERATOR, document_code("lain", "lain")).outcome == "unknown"


def test_codes_cannot_be_guessed_at_length(site: Site) -> None:
    for number in range(20):
        recognise_code(site, None, document_code("tebakan", str(number)), "10.0.0.9")
    with pytest.raises(TooManyAttempts):
        recognise_code(site, None, document_code("tebakan", "x"), "10.0.0.9")
    assert recognise_code(site, None, document_code("tebakan", "x"), "10.0.0.10").outcome == "unknown"


def test_a_signed_copy_is_recognised(site: Site, letter: Document) -> None:
    ketua = person(site, "kpukab")
    scan = PNG + b"tanda tangan"
    add_signed_copy(site, ketua, WEB, letter.id, [add_attachment(site, ketua, "pindaian.png", scan).id])
    found = recognise(site, OPERATOR, scan)
    assert (found.outcome, found.ours) == ("signed_copy", True)
    assert found.known[0].code == letter.code


@pytest.mark.parametrize(
    ("data", "outcome"),
    [(b"%PDF-1.7 lain", "scan"), (PNG + b"lain", "scan"), (b"PK lain", "unknown"), (b"", "unknown")],
)
def test_what_was_never_issued_is_not_ours(site: Site, data: bytes, outcome: str) -> None:
    found = recognise(site, OPERATOR, data)
    assert (found.outcome, found.known) == (outcome, ())
