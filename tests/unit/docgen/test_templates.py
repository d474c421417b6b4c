"""The shipped templates: they fit the forms, and say the same as docxtpl would."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree

from docgen.render import compile_template
from docgen.wording import FILTERS
from forms.schema import field_names
from tests.documents import CODE, FORMS, ROOT, TEMPLATES, context
from tests.unit.docgen.word import W, text

FIELDS = {f"{key}.{name}" for key, form in FORMS.items() for name in field_names(form)}
GROUPS = {
    "kop": ("nama_1", "nama_2", "alamat", "kontak", "tempat", "zona"),
    "dokumen": ("nomor", "tanggal", "status", "kode"),
    "penanda_tangan": ("garis_kewenangan", "jabatan", "nama", "pangkat", "nip", "waktu"),
    "kasus": ("id", "judul", "kepala_riwayat", "kode"),
    "berkas": ("no", "nama", "jenis", "judul", "nomor", "tanggal", "sha256"),
    "nota_dinas_terbit": ("nomor", "tanggal"),
    "undangan_terbit": ("nomor", "tanggal"),
    "agenda_terbit": ("nomor",),
    "balasan_terbit": ("nomor", "tanggal"),
}
COMMON = {f"{group}.{name}" for group, names in GROUPS.items() for name in names} | {"penanda_tangan", "berkas"}
by_name = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)


def test_every_template_belongs_to_an_sop_and_the_other_way_round() -> None:
    models = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bpmn").glob("*.bpmn"))
    assert {path.name for path in TEMPLATES} == set(re.findall(r"[a-z_]+\.docx", models))


@by_name
def test_a_template_names_only_fields_that_the_forms_have(path: Path) -> None:
    assert compile_template(path.read_bytes(), path.name).names <= FIELDS | COMMON


@by_name
@pytest.mark.parametrize("size", ["ordinary", "long", "minimal"])
def test_a_document_opens_and_has_no_tag_left(path: Path, size: str) -> None:
    content = compile_template(path.read_bytes(), path.name).render(context(path.name, size))
    document = Document(io.BytesIO(content))
    assert not re.search(r"\{[{%]|[}%]\}|None", document.element.xpath("string()"))


@by_name
def test_a_template_prints_what_docxtpl_would_print(path: Path) -> None:
    data = context(path.name)
    environment = Environment(autoescape=True, finalize=lambda value: "" if value is None else value)
    environment.filters.update({name: _empty(function) for name, function in FILTERS.items()})
    theirs = DocxTemplate(path)
    theirs.render(data, environment)
    file = io.BytesIO()
    theirs.save(file)
    assert _lines(compile_template(path.read_bytes(), path.name).render(data)) == _lines(file.getvalue())


def _empty(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *arguments: "" if value is None else function(value, *arguments)


def _lines(document: bytes) -> list[str]:
    body = etree.fromstring(text(document).encode())
    return ["".join(paragraph.itertext(f"{{{W}}}t")) for paragraph in body.iter(f"{{{W}}}p")]


@by_name
def test_a_template_has_no_other_font_than_bookman(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        xml = "".join(package.read(name).decode() for name in package.namelist())
    assert set(re.findall(r'w:(?:ascii|hAnsi|cs)="([^"]+)"', xml)) == {"Bookman Old Style"}
    assert '<w:altName w:val="URW Bookman"/>' in xml


@by_name
def test_a_template_is_a4_with_the_offices_margins(path: Path) -> None:
    section = Document(path).sections[0]
    assert sorted(round(side.cm, 1) for side in (section.page_width, section.page_height)) == [21.0, 29.7]
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(margin.cm, 1) for margin in margins] == [3.0, 2.0, 2.0, 2.5]
    assert section.different_first_page_header_footer


@by_name
def test_every_page_of_an_issued_document_prints_its_code(path: Path) -> None:
    document = Document(io.BytesIO(compile_template(path.read_bytes(), path.name).render(context(path.name))))
    for footer in (document.sections[0].first_page_footer, document.sections[0].footer):
        assert [p.text for p in footer.paragraphs] == [f"Kode dokumen: {CODE}"]
    assert document.core_properties.keywords == CODE


def test_a_draft_has_a_mark_and_neither_number_nor_signature() -> None:
    for path in TEMPLATES:
        if path.stem in ("proposal_kak", "surat_undangan"):
            draft = Document(io.BytesIO(compile_template(path.read_bytes()).render(context(path.name, status="draft"))))
            section = draft.sections[0]
            for header in (section.first_page_header, section.header):
                assert "DRAF" in "".join(p.text for p in header.paragraphs)
                assert 'string="DRAF"' in header._element.xml
            assert section.footer.paragraphs[0].text == "Kode dokumen: DRAF"
            assert "7315" not in draft.element.xpath("string()")
            assert "Persetujuan" not in draft.element.xpath("string()")


def test_the_office_has_a_letterhead_and_a_zone() -> None:
    office = json.loads((Path(__file__).parents[3] / "docgen" / "office.json").read_text(encoding="utf-8"))
    assert office["kop"]["zona"] == office["singkatan_zona"] == "WITA"
