import hashlib
import io
import re
import zipfile
from contextlib import suppress

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from docgen.render import RENDERER_VERSION, TemplateError, TemplateInvalid, compile_template
from tests.unit.docgen.word import BASE, docx, pack, paragraph, parts, table, text


def words(document: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(document)).paragraphs]


def render(body: str, data: dict[str, object], **more: str) -> bytes:
    return compile_template(docx(body, **more), "surat.docx").render({**BASE, **data})


def test_the_same_template_and_data_give_the_same_bytes() -> None:
    template = docx(paragraph("Hal: {{ surat.hal }}"))
    first = compile_template(template).render({**BASE, "surat": {"hal": "Undangan"}})
    compile_template.cache_clear()
    assert compile_template(template).render({**BASE, "surat": {"hal": "Undangan"}}) == first


def test_the_bytes_are_those_of_this_renderer_version_on_every_machine() -> None:
    body = paragraph("{{ s.hal }}") + table(
        "{%tr for r in s.rab %}", "{{ r.harga|rupiah_terbilang }}", "{%tr endfor %}"
    )
    document = render(body, {"s": {"hal": "Rapat & <kerja>", "rab": [{"harga": 2_000_000}]}}, title="{{ s.hal }}")
    known = {
        "1": "d089b1b63d9aa2d75786a1460f0641441ea58e44c08ee35fd461a20963e63b49",
        "2": "039f58c94d1b6262938bd62d4fa70fce5fb6c8a7054d47aa8c67fdd6aac17d4d",
    }
    assert hashlib.sha256(document).hexdigest() == known[RENDERER_VERSION], (
        "other bytes for the same input: raise RENDERER_VERSION"
    )


def test_what_the_data_say_is_text_and_never_markup() -> None:
    data = {"s": {"hal": 'A & B <w:br/> "kutip" {{ kop.nama_1 }} {% if x %}'}}
    assert words(render(paragraph("{{ s.hal }}"), data)) == [data["s"]["hal"]]


@given(st.text())
def test_any_text_gives_a_document_that_opens(value: str) -> None:
    document = render(
        paragraph("{{ s.hal }}") + "", {"s": {"hal": value}}, title="{{ s.hal }}", header=paragraph("{{ s.hal }}")
    )
    assert len(words(document)) == 1


def test_line_breaks_in_a_text_are_line_breaks_in_word() -> None:
    assert "Satu</w:t><w:br/><w:t" in text(render(paragraph("{{ s.isi }}"), {"s": {"isi": "Satu\r\nDua"}}))


def test_a_text_can_be_set_in_paragraphs() -> None:
    body = "".join(map(paragraph, ("{%p for alinea in s.isi|paragraf %}", "{{ alinea }}", "{%p endfor %}")))
    assert words(render(body, {"s": {"isi": "Satu\n\nDua"}})) == ["Satu", "Dua"]


def test_an_empty_field_prints_nothing() -> None:
    body = paragraph("[{{ s.tanggal|tanggal }}{{ s.catatan }}]")
    assert words(render(body, {"s": {"tanggal": None, "catatan": None}})) == ["[]"]


def test_a_tag_that_word_has_split_over_runs_is_one_tag() -> None:
    assert words(render(paragraph("Hal: {", "{ s.h", "al }", "} selesai"), {"s": {"hal": "Rapat"}})) == [
        "Hal: Rapat selesai"
    ]


def test_words_typographic_quotes_are_quotes() -> None:
    body = paragraph("{% if dokumen.status == ‘issued’ %}terbit{% endif %}")
    assert words(render(body, {})) == ["terbit"]


def test_rows_repeat_and_number_themselves() -> None:
    body = table("No", "{%tr for r in s.rab %}", "{{ loop.index }}. {{ r.uraian }}", "{%tr endfor %}")
    document = Document(io.BytesIO(render(body, {"s": {"rab": [{"uraian": "Kertas"}, {"uraian": "Tinta"}]}})))
    assert [row.cells[0].text for row in document.tables[0].rows] == ["No", "1. Kertas", "2. Tinta"]


def test_a_field_may_have_any_name_that_python_gives_to_dictionaries() -> None:
    assert words(render(paragraph("{{ s.items }} {{ s.keys }}"), {"s": {"items": 1, "keys": "b"}})) == ["1 b"]


def test_title_author_and_dates_are_the_documents_own() -> None:
    properties = Document(
        io.BytesIO(render(paragraph("x"), {"s": {"hal": "A &\nB"}}, title="{{ s.hal }}"))
    ).core_properties
    assert properties.title == "A & B"
    assert f"{properties.created:%Y-%m-%d}" == "2022-03-21"


def test_the_parts_that_nobody_fills_keep_their_bytes() -> None:
    members = parts(paragraph("x"), extra={"word/settings.xml": "<settings/>"})
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        "</Types>",
        '<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.settings+xml"/></Types>',
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    document = zipfile.ZipFile(io.BytesIO(compile_template(file.getvalue()).render(BASE)))
    kinds = {info.filename: info.compress_type for info in document.infolist()}
    assert kinds["word/settings.xml"] == zipfile.ZIP_DEFLATED
    assert kinds["word/document.xml"] == zipfile.ZIP_STORED
    assert document.testzip() is None
    assert {info.date_time for info in document.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("body", "data", "field"),
    [
        (paragraph("{{ s.hla }}"), {"s": {"hal": "x"}}, "s.hla"),
        (paragraph("{{ t.hal }}"), {"s": {}}, "t.hal"),
        (paragraph("{% if s.hla %}x{% endif %}"), {"s": {}}, "s.hla"),
        (paragraph("{{ s.hla|tanggal }}"), {"s": {}}, "s.hla"),
        (paragraph("{% for r in s.rab %}{{ r.urai }}{% endfor %}"), {"s": {"rab": [{"uraian": 1}]}}, "s.rab.urai"),
        (paragraph("{{ s.rab|jumlah('harg') }}"), {"s": {"rab": []}}, None),
    ],
)  # fmt: skip
def test_a_misspelt_field_is_an_error_that_names_it_and_the_template(
    body: str, data: dict[str, object], field: str | None
) -> None:
    template = compile_template(docx(body), "surat.docx")
    if field is None:
        # Nothing to sum, nothing to miss: the deployment check knows the name all the same.
        assert "s.rab.harg" in template.names
        return
    assert field in template.names
    with pytest.raises(TemplateError, match=re.escape(f"surat.docx: There is no such field: {field}.")):
        template.render({**BASE, **data})


def test_a_value_that_does_not_fit_its_filter_is_shown() -> None:
    with pytest.raises(TemplateError, match="surat.docx: “24/03/22” cannot be put into words by “tanggal”"):
        render(paragraph("{{ s.tanggal|tanggal }}"), {"s": {"tanggal": "24/03/22"}})


def test_a_table_cannot_be_printed_as_a_word() -> None:
    with pytest.raises(TemplateError, match="where one value is needed"):
        render(paragraph("{{ s.rab }}"), {"s": {"rab": [1]}})


def test_names_follow_loops_and_filters() -> None:
    body = (
        table(
            "{%tr for r in rencana.rab if r.pilih %}", "{{ r.volume|kali(r.harga) }}{{ loop.index }}", "{%tr endfor %}"
        )
        + paragraph("{{ rencana.rab|jumlah('volume', 'harga')|rupiah }}{{ penanda_tangan[0].nama }}")
        + paragraph("{% for d in rencana.dasar %}{{ d }}{% endfor %}")
    )
    assert compile_template(docx(body, title="{{ rencana.kegiatan }}")).names == {
        "dokumen.kode", "dokumen.tanggal", "penanda_tangan.nama", "rencana.dasar", "rencana.kegiatan", "rencana.rab",
        "rencana.rab.harga", "rencana.rab.pilih", "rencana.rab.volume",
    }  # fmt: skip


ATTACKS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ s.__class__ }}",
    "{{ s._x }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ s.hal.format(s) }}",
    "{{ range(10**9) }}",
    "{{ 'a' * 10**9 }}",
    "{{ 2 ** 99999999 }}",
    "{{ s.hal|attr('__class__') }}",
    "{{ s.hal|safe }}",
    "{{ s.rab|map('upper') }}",
    "{{ s['__class__'] }}",
    "{{ s[s.hal] }}",
    "{{ s.rab[0:1] }}",
    "{{ namespace(a=1) }}",
    "{{ self.__init__ }}",
    "{{ [1,2] }}{{ {'a': 1} }}",
    "{{ s.hal is defined }}",
    "{{ s.hal ~ s.hal }}",
    "{{ s.hal|tanggal(x=1) }}",
    "{{ loop.index }}{{ loop.__init__ }}",
    "{% set x = 1 %}",
    "{% include 'x' %}",
    "{% import 'os' as os %}",
    "{% raw %}{% endraw %}",
    "{% macro x() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% for a, b in s.rab %}{% endfor %}",
    "{% for a in s.rab recursive %}{% endfor %}",
    "{% for a in s.rab %}{% for b in s.rab %}{% endfor %}{% endfor %}",
    "{%- if s.hal -%}x{%- endif -%}",
    "{{r s.hal }}",
    "{% if %}x{% endif %}",
    "{{ s. }}",
    "{{ s.hal",
    "s.hal }}",
    "{% if s.hal %}",
    "{% endif %}",
]  # fmt: skip


@pytest.mark.parametrize("place", ["body", "runs", "header", "title"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_code_in_a_template_is_refused_wherever_it_stands(attack: str, place: str) -> None:
    escaped = attack.replace("&", "&amp;").replace("<", "&lt;")
    template = {
        "body": lambda: docx(paragraph(escaped)),
        "runs": lambda: docx(paragraph(*escaped)),
        "header": lambda: docx(paragraph("x"), header=paragraph(escaped)),
        "title": lambda: docx(paragraph("x"), title=escaped),
    }[place]()
    with pytest.raises(TemplateInvalid):
        compile_template(template)


@pytest.mark.parametrize(
    "body",
    [
        paragraph("{% if s.x %}") + paragraph("{% endif %}"),
        paragraph("{%p if s.x %}") + table("{%tr endif %}"),
        paragraph("{%p if s.x %}") + table("x", "{%p endif %}") + paragraph("x"),
        table("{%tr for r in s.x %}") + table("{%tr endfor %}"),
        paragraph("{%p if s.x %} dan teks") + paragraph("{%p endif %}"),
        paragraph("{%tr if s.x %}") + paragraph("{%tr endif %}"),
        "".join(map(paragraph, ["{%p if s.x %}", "{%p for r in s.y %}", "{%p endif %}", "{%p endfor %}"])),
        paragraph("{%p if s.x %}") + paragraph("{%p endfor %}"),
        f"<w:tbl><w:tr><w:tc>{paragraph('{%p if s.x %}')}{paragraph('{%p endif %}')}</w:tc></w:tr></w:tbl>",
        '<w:p><w:r><w:t>{% if s.x %}</w:t></w:r><w:hyperlink><w:r><w:t>{% endif %}</w:t></w:r></w:hyperlink></w:p>',
        '<w:p><w:r><w:drawing title="{{ s.x }}"/></w:r></w:p>',
        "<w:p><w:r><w:instrText>PAGE {{ s.x }}</w:instrText></w:r></w:p>",
        "<w:p><w:del><w:r><w:delText>{{ s.x }}</w:delText></w:r></w:del></w:p>",
    ],
)  # fmt: skip
def test_a_block_that_could_tear_the_page_apart_is_refused(body: str) -> None:
    with pytest.raises(TemplateInvalid):
        compile_template(docx(body))


def test_all_that_is_wrong_is_said_at_once_with_the_text_it_stands_in() -> None:
    with pytest.raises(TemplateInvalid) as invalid:
        compile_template(docx(paragraph("Nama {{ s.nama|upper }}") + paragraph("{{ f() }}")), "surat.docx")
    assert [problem.place for problem in invalid.value.problems] == ["Nama {{ s.nama|upper }}", "{{ f() }}"]
    assert str(invalid.value).startswith("surat.docx: There is no filter named “upper”. (“Nama {{ s.nama|upper }}”); ")


def test_many_unclosed_braces_are_refused_at_once() -> None:
    with pytest.raises(TemplateInvalid, match="braces"):
        compile_template(docx(paragraph("{{ " * 200_000)))


def test_a_file_that_is_no_word_file_is_refused() -> None:
    for bad in (b"", b"PK\3\4", pack({"a.txt": "x"}), docx(paragraph("x"))[:-40]):
        with pytest.raises(TemplateInvalid, match="surat.docx: This is not a Word file"):
            compile_template(bad, "surat.docx")


@pytest.mark.parametrize(
    "tag",
    [
        "{{ " + "(" * 240 + "s.x" + ")" * 240 + " }}",
        "{{ s" + ".x" * 240 + " }}",
        "{{ " + "not " * 120 + "s.x }}",
        "{{ s.x" + "|kapital" * 60 + " }}",
        "{% if s.x %}" * 30 + "{% endif %}" * 30,
        "{% if s.x" + " " * 100_000 + "x",
        "{{ s.x " + " " * 100_000 + "}}",
        "{{ s.x }}" * 3000,
    ],
    ids=["parentheses", "members", "nots", "filters", "blocks", "spaces", "long", "many"],
)
def test_a_monstrous_tag_is_an_answer_and_never_a_crash(tag: str) -> None:
    with suppress(TemplateInvalid, TemplateError):
        compile_template(docx(paragraph(tag))).render({**BASE, "s": {"x": "y"}})


@pytest.mark.parametrize(
    "tag", ["{{ s.x|kali(1000000000000) }}", "{{ s.rab|jumlah('x', 'n') }}", "{{ s.n|kali(s.x) }}"]
)
def test_a_text_is_never_multiplied(tag: str) -> None:
    with pytest.raises(TemplateError, match="cannot be put into words"):
        render(paragraph(tag), {"s": {"x": "panjang", "n": 10**12, "rab": [{"x": "panjang", "n": 10**12}]}})
