"""The manual page of findings is made from their table."""

from pathlib import Path

from engine.checker.manual import page

ROOT = Path(__file__).parents[3]


def test_the_page_says_what_the_table_says() -> None:
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == page()
