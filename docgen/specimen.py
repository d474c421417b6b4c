"""A document that must not be taken for one that counts: every page says so above its letterhead."""

import io

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import _Header
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph


def marked(word: bytes, words: str) -> bytes:
    """The same document with `words` on top of every page."""
    document: Document = docx.Document(io.BytesIO(word))
    for number, section in enumerate(document.sections):
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            if number == 0 or not header.is_linked_to_previous:
                _mark(header, words)
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def _mark(header: _Header, words: str) -> None:
    first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
    paragraph: Paragraph = first.insert_paragraph_before()
    header._element.insert(0, paragraph._p)  # before a table, too
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(words)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(11), RGBColor(0xB3, 0x26, 0x1E)
