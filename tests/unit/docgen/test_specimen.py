"""A document of a dry run says on every page that it does not count; its words stay what they were."""

import io
from pathlib import Path

import docx
import pytest

from docgen.specimen import marked
from docgen.text import paragraphs
from tests.documents import TEMPLATES

MARK = "UJI COBA"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_the_mark_is_the_first_thing_in_every_header_and_the_text_stays(template: Path) -> None:
    before = template.read_bytes()
    after = marked(before, MARK)
    section = docx.Document(io.BytesIO(after)).sections[0]
    headers = [section.header, *([section.first_page_header] if section.different_first_page_header_footer else [])]
    assert all(header.paragraphs[0].text == MARK for header in headers)
    assert [text for text in paragraphs(after) if text != MARK] == paragraphs(before)


def test_a_document_without_a_header_gets_one() -> None:
    word, plain = docx.Document(), io.BytesIO()
    word.add_paragraph("Isi")
    word.save(plain)
    assert sorted(paragraphs(marked(plain.getvalue(), MARK))) == ["Isi", MARK]
