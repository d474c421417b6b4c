import ast
from pathlib import Path

from babel.messages.pofile import read_po

DOCGEN = Path(__file__).resolve().parents[3] / "docgen"


def marked() -> set[str]:
    """Every sentence in the code that is marked for translation."""
    calls = (
        node
        for path in DOCGEN.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_"
    )
    return {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}


def test_every_message_is_in_the_indonesian_catalogue_with_the_same_places() -> None:
    with (DOCGEN / "locale" / "documents.id.po").open("rb") as file:
        catalogue = {message.id: message for message in read_po(file, locale="id") if message.id}
    assert set(catalogue) == marked()
    for message in catalogue.values():
        assert message.string and not list(message.check()), message.id
        assert sorted(message.string.split("%(")[1:]) or "%(" not in message.id
