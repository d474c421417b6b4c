"""Everything that forms say has an Indonesian sentence with the same parameters."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "web" / "templates" / "form" / "form.html"


def sentences() -> set[str]:
    marked = {
        ast.literal_eval(node.args[0])
        for path in (ROOT / "forms").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_"
    }
    return marked | set(re.findall(r'\b_\("([^"]+)"', TEMPLATE.read_text("utf-8")))


@pytest.fixture(scope="module")
def indonesian() -> dict[str, str]:
    with (ROOT / "forms" / "locale" / "forms.id.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_sentence_is_translated_and_none_is_left_over(indonesian: dict[str, str]) -> None:
    assert indonesian.keys() == sentences()
    assert all(indonesian.values())


def test_translations_keep_the_parameters(indonesian: dict[str, str]) -> None:
    for english, translated in indonesian.items():
        assert set(re.findall(r"%\(\w+\)s", english)) == set(re.findall(r"%\(\w+\)s", translated)), english
