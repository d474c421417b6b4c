"""Everything that pages say has an Indonesian sentence with the same parameters."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

from engine.language import catalogue

WEB = Path(__file__).parents[3] / "web"
MARKS = ("N_", "translate")


def sentences() -> set[str]:
    in_code = {
        node.args[0].value
        for path in [*WEB.glob("*.py"), *WEB.glob("pages/*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in MARKS
        and isinstance(node.args[0], ast.Constant)
    }
    in_pages = {
        match[1] or match[2]
        for path in WEB.glob("templates/**/*.html")
        for match in re.finditer(r"""\b_\((?:"([^"]+)"|'([^']+)')""", path.read_text("utf-8"))
    }
    return in_code | in_pages


def test_every_sentence_is_translated_with_its_parameters() -> None:
    indonesian = catalogue("id")
    missing = sorted(sentences() - indonesian.keys())
    assert not missing
    for english in sentences():
        named = set(re.findall(r"%\(\w+\)s", english))
        assert named == set(re.findall(r"%\(\w+\)s", indonesian[english])), english


def test_no_translation_is_left_over() -> None:
    with (WEB / "locale" / "pages.id.po").open("rb") as file:
        translated = {str(message.id) for message in read_po(file) if message.id}
    assert translated <= sentences()
