"""What an entry changed, as its form names it."""

import json
from typing import Any

from forms.fields import StoredFile
from forms.schema import Form, read_form
from web.changes import Change, changes

SCHEMA = {
    "type": "object",
    "properties": {
        "hal": {"type": "string", "title": "Hal"},
        "tanggal": {"type": "string", "format": "date", "title": "Tanggal"},
        "keputusan": {"type": "string", "enum": ["setuju", "kembalikan"], "title": "Keputusan"},
        "bukti": {"type": "string", "format": "attachment", "title": "Bukti"},
        "rab": {
            "type": "array",
            "title": "RAB",
            "items": {
                "type": "object",
                "properties": {
                    "uraian": {"type": "string", "title": "Uraian"},
                    "jumlah": {"type": "integer", "title": "Jumlah"},
                },
            },
        },
    },
}
UI = {"keputusan": {"ui:fresh": True, "ui:enumNames": {"setuju": "Setuju", "kembalikan": "Kembalikan kepada Staf"}}}


def form() -> Form:
    return read_form(json.dumps(SCHEMA).encode(), json.dumps(UI).encode())


def told(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Change]:
    return changes(form(), before, after, {"a1": StoredFile("a1", "foto.png")})


def test_the_first_time_everything_is_new() -> None:
    after = {"hal": "Rapat", "keputusan": "setuju", "bukti": "a1"}
    assert told(None, after) == [
        Change("Hal", (), ("Rapat",), 0),
        Change("Keputusan", (), ("Setuju",), 0),
        Change("Bukti", (), ("foto.png",), 0),
    ]


def test_only_what_is_different_is_told_in_words_of_the_form() -> None:
    before = {"hal": "Rapat", "keputusan": "kembalikan", "tanggal": "2026-11-24"}
    after = {"hal": "Rapat", "keputusan": "setuju", "tanggal": "2026-11-25"}
    assert told(before, after) == [
        Change("Tanggal", ("24 November 2026",), ("25 November 2026",), 0),
        Change("Keputusan", ("Kembalikan kepada Staf",), ("Setuju",), 0),
    ]


def test_rows_are_told_one_by_one() -> None:
    paper, pens = {"uraian": "Kertas", "jumlah": 2}, {"uraian": "Pena", "jumlah": 10}
    assert told({"rab": [paper, pens]}, {"rab": [paper, {**pens, "jumlah": 12}, paper]}) == [
        Change("RAB", ("Pena · 10",), ("Pena · 12", "Kertas · 2"), 1)
    ]


def test_what_is_emptied_is_gone() -> None:
    assert told({"hal": "Rapat"}, {}) == [Change("Hal", ("Rapat",), (), 0)]


def test_a_decision_is_told_also_when_it_is_the_same_again() -> None:
    assert told({"hal": "Rapat", "keputusan": "setuju"}, {"hal": "Rapat", "keputusan": "setuju"}) == [
        Change("Keputusan", same=("Setuju",))
    ]
