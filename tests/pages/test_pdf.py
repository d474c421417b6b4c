"""A draft as PDF by the LibreOffice of this machine, in a profile of its own, twice in a row."""

from pathlib import Path

import pytest

from docgen.render import compile_template
from engine import pdf
from tests.documents import TEMPLATES, context

pytestmark = pytest.mark.libreoffice


def test_a_draft_becomes_a_pdf(tmp_path: Path) -> None:
    draft = compile_template(TEMPLATES[0].read_bytes()).render(context(TEMPLATES[0].name, status="draft"))
    for _ in range(2):
        assert pdf.to_pdf(tmp_path, draft).startswith(b"%PDF-")
    assert (tmp_path / "libreoffice").is_dir()
