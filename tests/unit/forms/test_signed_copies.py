"""Uploads that are signed copies, found by what the UI schema says of their fields."""

import json
from typing import Any

import pytest

from forms.schema import Form, FormInvalid, read_form
from forms.signed_copies import copied_activities, signed_copies

UPLOAD = {"type": "string", "format": "attachment"}
SCHEMA = {
    "type": "object",
    "properties": {
        "satu": UPLOAD,
        "banyak": {"type": "array", "items": UPLOAD},
        "lain": UPLOAD,
        "kelompok": {"type": "object", "properties": {"dalam": UPLOAD}},
        "baris": {"type": "array", "items": {"type": "object", "properties": {"bukti": UPLOAD}}},
        "catatan": {"type": "string"},
    },
}
UI = {
    "satu": {"ui:signedCopyOf": "terbitkan_a"},
    "banyak": {"ui:signedCopyOf": "terbitkan_b"},
    "kelompok": {"dalam": {"ui:signedCopyOf": "terbitkan_c"}},
    "baris": {"items": {"bukti": {"ui:signedCopyOf": "terbitkan_b"}}},
}


def form(ui: dict[str, Any] = UI) -> Form:
    return read_form(json.dumps(SCHEMA).encode(), json.dumps(ui).encode())


def test_each_upload_goes_to_the_document_its_field_names() -> None:
    data = {
        "satu": "1",
        "banyak": ["2", "3"],
        "lain": "4",
        "kelompok": {"dalam": "5"},
        "baris": [{"bukti": "6"}, {}, {"bukti": "7"}],
    }
    assert signed_copies(form(), data) == {
        "terbitkan_a": ["1"],
        "terbitkan_b": ["2", "3", "6", "7"],
        "terbitkan_c": ["5"],
    }


@pytest.mark.parametrize("data", [{}, {"satu": ""} | {"satu": None}, {"banyak": []}, {"kelompok": {}}, {"baris": [{}]}])
def test_without_an_upload_there_is_no_copy(data: dict[str, Any]) -> None:
    assert signed_copies(form(), data) == {}


def test_what_the_fields_name_is_known_without_any_data() -> None:
    assert [activity for _, activity in copied_activities(form())] == [
        "terbitkan_a",
        "terbitkan_b",
        "terbitkan_c",
        "terbitkan_b",
    ]


def test_a_field_that_is_no_upload_cannot_hold_a_copy() -> None:
    with pytest.raises(FormInvalid, match="signed copy"):
        form({"catatan": {"ui:signedCopyOf": "terbitkan_a"}})
