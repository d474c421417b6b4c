"""A Word document as HTML: what stands in it, where it stands, and nothing that could do harm."""

import io
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from docgen.html import _cleaned, to_html

TEMPLATES = Path(__file__).parents[3] / "docgen" / "templates"


def saved(document: "docx.document.Document") -> bytes:
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def test_the_letterhead_stands_on_top() -> None:
    document = docx.Document()
    document.add_paragraph("Isi surat")
    document.sections[0].header.paragraphs[0].text = "KOMISI PEMILIHAN UMUM"
    html = to_html(saved(document))
    assert html.index("KOMISI PEMILIHAN UMUM") < html.index("Isi surat")


def test_on_a_first_page_of_its_own_it_is_that_page_s_letterhead() -> None:
    document = docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Halaman pertama"
    section.header.paragraphs[0].text = "Halaman lain"
    html = to_html(saved(document))
    assert "Halaman pertama" in html
    assert "Halaman lain" not in html


def test_alignment_and_weight_become_classes_whether_of_the_paragraph_or_of_its_style() -> None:
    document = docx.Document()
    document.add_paragraph("Tengah").alignment = WD_ALIGN_PARAGRAPH.CENTER
    base = document.styles.add_style("Kop", 1)
    base.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    base.font.bold = True
    document.styles.add_style("Kop Kecil", 1).base_style = base
    document.add_paragraph("Kanan", style="Kop Kecil")
    html = to_html(saved(document))
    assert '<p class="doc-center">Tengah</p>' in html
    assert '<p class="doc-right doc-bold">Kanan</p>' in html


def test_headings_are_headings_below_those_of_the_page() -> None:
    document = docx.Document()
    document.add_heading("Pendahuluan", 1)
    document.add_heading("Latar belakang", 2)
    html = to_html(saved(document))
    assert "<h3" in html
    assert "<h4" in html
    assert "<h1" not in html


def test_a_table_shows_its_lines_where_its_style_draws_them() -> None:
    document = docx.Document()
    document.add_table(1, 1, style="Table Grid").cell(0, 0).text = "bergaris"
    document.add_table(1, 1, style="Normal Table").cell(0, 0).text = "polos"
    html = to_html(saved(document))
    assert html.count("<table") == 2
    assert html.count('<table class="doc-lines" tabindex="0">') == 1


def test_text_stays_text() -> None:
    document = docx.Document()
    document.add_paragraph("<script>alert(1)</script> & <b onclick='x'>")
    html = to_html(saved(document))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html


@pytest.mark.parametrize(
    "harm",
    [
        "<script>x</script>",
        '<p style="color: red">a</p>',
        '<p onclick="x">a</p>',
        '<a href="javascript:x">a</a>',
        '<a href="data:text/html,x">a</a>',
        '<img src="https://elsewhere.example/x.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<svg><a href="x">a</a></svg>',
        '<iframe src="https://elsewhere.example"></iframe>',
        '<form action="/keluar"><button>a</button></form>',
        "<style>p { color: red }</style>",
        "<!-- a comment -->",
    ],
)
def test_nothing_else_comes_through(harm: str) -> None:
    cleaned = _cleaned(f"<p>sebelum</p>{harm}<p>sesudah</p>")
    assert cleaned.startswith("<p>sebelum</p>")
    assert cleaned.endswith("<p>sesudah</p>")
    for forbidden in ("script", "style", "on", "javascript", "data:", "http", "<svg", "<iframe", "<form", "<!--"):
        assert forbidden not in cleaned.replace("sebelum", "").replace("sesudah", "")


def test_pictures_and_links_come_through() -> None:
    shown = '<p><img src="data:image/png;base64,AAAA" alt="logo"><a href="https://kpu.go.id/a?b=c">KPU</a></p>'
    assert _cleaned(shown) == shown


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_every_template_can_be_read(template: Path) -> None:
    html = to_html(template.read_bytes())
    assert "kop.nama_1" in html
    assert qn("w:p") not in html


def test_what_clerks_line_up_with_tabs_is_set_apart() -> None:
    document = docx.Document()
    document.add_paragraph("Hal\t:\tUndangan")
    assert '<p class="doc-field"><span>Hal</span><span>:</span>Undangan</p>' in to_html(saved(document))
