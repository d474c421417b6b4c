import json
from typing import Any

import pytest

from forms.marked import keywords
from forms.schema import Form, FormInvalid, read_form

LINE = {"type": "string"}
ROWS = {"type": "array", "items": {"type": "object", "properties": {"nomor": LINE, "lain": LINE}}}
SCHEMA = {"type": "object", "properties": {"hal": LINE, "surat": ROWS, "jumlah": {"type": "integer"}}, "examples": [{}]}
MARK = {"ui:search": True}


def form(ui: dict[str, object]) -> Form:
    return read_form(json.dumps(SCHEMA).encode(), json.dumps(ui).encode())


def test_rows_are_searched_too_and_long_texts_by_their_beginning() -> None:
    read = form({"hal": MARK, "surat": {"items": {"nomor": MARK}}})
    data: dict[str, Any] = {
        "hal": " x" * 300,
        "surat": [{"nomor": "1/A", "lain": "z"}, {"nomor": " "}, {"nomor": "2/B"}],
    }
    assert keywords(read, data) == ["x " * 150, "1/A", "2/B"]
    assert keywords(read, {}) == []


@pytest.mark.parametrize("ui", [{"jumlah": MARK}, {"surat": MARK}, {"hal": {"ui:search": "ya"}}])
def test_only_texts_are_marked(ui: dict[str, object]) -> None:
    with pytest.raises(FormInvalid):
        form(ui)
