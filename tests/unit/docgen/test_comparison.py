"""What was changed in a document is named by its field."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.comparison import Change, changes, codes_of, reads_the_same
from docgen.errors import PackageRefused
from docgen.render import compile_template
from tests.documents import CODE, TEMPLATES, context
from tests.unit.docgen.word import BASE, docx, paragraph, table

BODY = (
    paragraph("Nomor: {{ s.nomor }}, sifat {{ s.sifat }}.")
    + paragraph("{{ s.hal }}")
    + table("{%tr for r in s.rab %}", "{{ r.uraian }}: {{ r.harga|rupiah }}", "{%tr endfor %}")
    + paragraph("Demikian disampaikan.")
)
DATA = {
    **BASE,
    "s": {
        "nomor": "12/PP",
        "sifat": "Biasa",
        "hal": "Undangan Rapat",
        "rab": [{"uraian": "Konsumsi", "harga": 50_000}, {"uraian": "Sewa", "harga": 7}],
    },
}


def issued() -> bytes:
    return compile_template(docx(BODY, header=paragraph("{{ kop.nama_1 }}"))).render(DATA)


def traced() -> bytes:
    return compile_template(docx(BODY, header=paragraph("{{ kop.nama_1 }}")), "", True).render(DATA)


def edited(document: bytes, edit: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, edit(content.decode()).encode() if name == part else content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("12/PP", "13/PP", Change("s.nomor", "12/PP", "13/PP")),
        ("12/PP", "12/PP-ND/2026", Change("s.nomor", "12/PP", "12/PP-ND/2026")),
        ("Biasa", "Sangat Segera", Change("s.sifat", "Biasa", "Sangat Segera")),
        ("Undangan Rapat", "Undangan Rapat Besar", Change("s.hal", "Undangan Rapat", "Undangan Rapat Besar")),
        ("Undangan Rapat", "Sesuatu yang lain", Change("s.hal", "Undangan Rapat", "Sesuatu yang lain")),
        ("Rp50.000,00", "Rp90.000,00", Change("s.rab.harga", "Rp50.000,00", "Rp90.000,00")),
        ("Sewa", "Sewa gedung", Change("s.rab.uraian", "Sewa", "Sewa gedung")),
        ("Demikian disampaikan.", "Sekian.", Change("", "Demikian disampaikan.", "Sekian.")),
    ],
)
def test_a_change_is_named_by_its_field(before: str, after: str, expected: Change) -> None:
    assert changes(traced(), edited(issued(), lambda xml: xml.replace(before, after))) == [expected]


def test_a_change_in_the_letterhead_is_found_too() -> None:
    forged = edited(issued(), lambda xml: xml.replace("KPU", "KPK"), "word/header1.xml")
    assert changes(traced(), forged) == [Change("kop.nama_1", "KPU", "KPK")]


def test_paragraphs_that_came_or_went_are_named_by_what_they_say() -> None:
    added = edited(issued(), lambda xml: xml.replace("<w:sectPr", paragraph("Tambahan.") + "<w:sectPr"))
    assert changes(traced(), added) == [Change("", "", "Tambahan.")]
    removed = edited(issued(), lambda xml: xml.replace("Undangan Rapat", ""))
    assert changes(traced(), removed) == [Change("s.hal", "Undangan Rapat", "")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_trace_says_the_same_as_the_document_and_finds_nothing_in_it(path: Path) -> None:
    template, data = path.read_bytes(), context(path.name)
    document, trace = compile_template(template).render(data), compile_template(template, "", True).render(data)
    assert reads_the_same(document, trace)
    assert changes(trace, document) == changes(document, document) == []
    assert codes_of(document) == [CODE]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co"]), min_size=1))
def test_whatever_is_typed_over_a_value_is_found(value: str) -> None:
    data = {**DATA, "s": {**DATA["s"], "hal": value}}
    now = compile_template(docx(BODY, header=paragraph("{{ kop.nama_1 }}"))).render(data)
    found = changes(traced(), now)
    assert (found == []) == (" ".join(value.split()) == "Undangan Rapat")


def test_what_would_take_too_long_to_compare_is_compared_coarsely() -> None:
    template = docx(paragraph("Hal: {{ s.hal }}"))
    for words, field in ((400, "s.hal"), (40_000, "")):
        before, after = "kata " * words + "lama", "lain " * words + "baru"
        trace = compile_template(template, "", True).render({**DATA, "s": {"hal": before}})
        now = compile_template(template).render({**DATA, "s": {"hal": after}})
        assert [change.field for change in changes(trace, now)] == [field]


def test_a_file_that_is_no_word_file_has_no_code() -> None:
    with pytest.raises(PackageRefused):
        codes_of(b"%PDF-1.7")
