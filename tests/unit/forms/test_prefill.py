"""A form opens with what was sent before, else with what the case knows, else with defaults."""

import json
from collections.abc import Mapping
from typing import Any

from forms.prefill import prefill
from forms.schema import read_form

SCHEMA = {
    "type": "object",
    "properties": {
        "hal": {"type": "string"},
        "volume": {"type": "integer", "default": 1},
        "keputusan": {"type": "string", "enum": ["setuju", "kembalikan"]},
        "tempat": {"type": "object", "properties": {"gedung": {"type": "string"}}},
        "peserta": {
            "type": "array",
            "items": {"type": "object", "properties": {"nama": {"type": "string"}, "hadir": {"type": "boolean"}}},
        },
    },
}
UI = {
    "hal": {"ui:prefill": "rapat.hal"},
    "keputusan": {"ui:fresh": True},
    "tempat": {"gedung": {"ui:prefill": "rapat.gedung"}},
    "peserta": {"ui:prefill": "rapat.peserta"},
}
FORM = read_form(json.dumps(SCHEMA).encode(), json.dumps(UI).encode())
CASE = {"rapat.hal": "Rapat", "rapat.gedung": "Aula", "rapat.peserta": [{"nama": "Andi", "nip": "1"}, {"nip": "2"}, 3]}


def look_up(expression: str, case: Mapping[str, Any]) -> Any:
    return case.get(expression)


def test_a_new_form_shows_what_the_case_knows_and_the_defaults() -> None:
    assert prefill(FORM, None, CASE, look_up) == {
        "hal": "Rapat",
        "volume": 1,
        "tempat": {"gedung": "Aula"},
        "peserta": [{"nama": "Andi"}],
    }


def test_what_was_sent_before_wins_also_where_it_was_left_empty() -> None:
    assert prefill(FORM, {"hal": "Rapat pleno", "volume": 2}, CASE, look_up) == {"hal": "Rapat pleno", "volume": 2}


def test_a_decision_is_taken_anew() -> None:
    assert prefill(FORM, {"hal": "x", "keputusan": "kembalikan"}, CASE, look_up) == {"hal": "x"}


def test_what_does_not_fit_is_left_out() -> None:
    case = {"rapat.hal": 3, "rapat.gedung": ["Aula"], "rapat.peserta": "Andi"}
    assert prefill(FORM, None, case, look_up) == {"volume": 1}
    assert prefill(FORM, {"volume": True, "asing": 1}, case, look_up) == {}


def test_the_form_is_not_changed_by_who_fills_it() -> None:
    first = prefill(FORM, None, CASE, look_up)
    first["peserta"][0]["nama"] = "Budi"
    assert prefill(FORM, None, CASE, look_up)["peserta"] == [{"nama": "Andi"}]
