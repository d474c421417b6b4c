"""A submission gets all its errors at once, each at its field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from forms.schema import Form, read_form
from forms.validation import attachments, validate

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["nama", "keputusan"],
    "properties": {
        "nama": {"type": "string", "maxLength": 10},
        "keputusan": {"type": "string", "enum": ["setuju", "kembalikan"]},
        "alasan": {"type": "string", "minLength": 5},
        "tanggal": {"type": "string", "format": "date"},
        "pukul": {"type": "string", "format": "time"},
        "waktu": {"type": "string", "format": "date-time"},
        "surel": {"type": "string", "format": "email"},
        "laman": {"type": "string", "format": "uri"},
        "anggaran": {"type": "integer", "minimum": 0},
        "volume": {"type": "number"},
        "hadir": {"type": "boolean"},
        "nip": {"type": "string", "pattern": "^[0-9]{18}$"},
        "foto": {"type": "string", "format": "attachment"},
        "lampiran": {"type": "array", "maxItems": 2, "items": {"type": "string", "format": "attachment"}},
        "peserta": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["nama"],
                "properties": {"nama": {"type": "string"}, "tanda": {"type": "string", "format": "attachment"}},
            },
        },
    },
    "if": {"properties": {"keputusan": {"const": "kembalikan"}}, "required": ["keputusan"]},
    "then": {"required": ["alasan"]},
}
GOOD = {"nama": "Rosdiana", "keputusan": "setuju"}


@pytest.fixture(scope="module")
def form() -> Form:
    return read_form(json.dumps(SCHEMA).encode())


def said(form: Form, data: Any) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in validate(form, data)]


def test_a_complete_submission_has_no_errors(form: Form) -> None:
    assert validate(form, GOOD) == []


def test_every_error_is_reported_at_its_field(form: Form) -> None:
    data = {"nama": "x" * 11, "keputusan": "kembalikan", "anggaran": "dua juta", "peserta": [{}, {"nama": 3}], "a": 1}
    assert sorted(said(form, data)) == [
        ("/a", "unknown_field"),
        ("/alasan", "required"),
        ("/anggaran", "wrong_type"),
        ("/nama", "too_long"),
        ("/peserta/0/nama", "required"),
        ("/peserta/1/nama", "wrong_type"),
    ]


@pytest.mark.parametrize("blank", ["", "  \n", None])
def test_a_blank_counts_as_missing_and_is_criticised_once(form: Form, blank: Any) -> None:
    assert said(form, GOOD | {"nama": blank}) == [("/nama", "required")]


def test_a_condition_asks_for_more(form: Form) -> None:
    assert said(form, GOOD | {"keputusan": "kembalikan"}) == [("/alasan", "required")]
    assert said(form, GOOD | {"keputusan": "kembalikan", "alasan": "kurang lengkap"}) == []


def test_an_empty_form_asks_only_for_what_is_always_needed(form: Form) -> None:
    assert said(form, {}) == [("/nama", "required"), ("/keputusan", "required")]


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_a_submission_is_an_object(form: Form, data: Any) -> None:
    assert said(form, data) == [("", "wrong_type")]


@pytest.mark.parametrize(
    ("field", "good", "bad", "code"),
    [
        ("tanggal", ["2024-02-29"], ["2023-02-29", "21/03/2022", "20220321", "2022-03-21\n", "٢٠٢٢-٠٣-٢١"], "bad_date"),
        ("pukul", ["09:00", "23:59:59"], ["24:00", "9:00", "09:00Z"], "bad_time"),
        ("waktu", ["2022-03-21T09:00:00+08:00"], ["2022-03-21T09:00:00", "2022-13-01T09:00:00Z"], "bad_date_time"),
        ("surel", ["nama@kpu.go.id"], ["nama", "a b@kpu.go.id", "@kpu.go.id", "a@localhost"], "bad_email"),
        (
            "laman",
            ["https://kpu.go.id/x?y=1"],
            ["kpu.go.id", "javascript:alert(1)", "http://[", "https://a b"],
            "bad_address",
        ),
        ("foto", ["01hx", "a-b_c"], ["../x", "a b", "x" * 129], "bad_attachment"),
        ("nip", ["1" * 18], ["1" * 17, "1" * 19, "1" * 18 + "\n"], "wrong_pattern"),
        ("anggaran", [0, 2_000_000], [1.0, True, "2000", 10**400], "wrong_type"),
        ("anggaran", [], [2**53], "too_large"),
        ("anggaran", [], [-1], "too_small"),
        ("volume", [1, 1.5], [True, "1.5", float("nan"), float("inf")], "wrong_type"),
        ("hadir", [True, False], ["ya", 1, 0], "wrong_type"),
        ("lampiran", [["a", "b"]], [["a", "b", "c"]], "too_many"),
        (
            "alasan",
            ["baris satu\nbaris dua\t"],
            ["x" * 5 + "\x00", "x" * 5 + "\u202e", "x" * 5 + "\ud800"],
            "unprintable",
        ),
    ],
)
def test_each_kind_of_field_is_checked(form: Form, field: str, good: list[Any], bad: list[Any], code: str) -> None:
    for value in good:
        assert said(form, GOOD | {field: value}) == [], value
    for value in bad:
        assert (f"/{field}", code) in said(form, GOOD | {field: value}), value


def test_a_box_that_must_be_ticked_says_so() -> None:
    schema = {"type": "object", "properties": {"benar": {"type": "boolean", "const": True}}}
    errors = validate(read_form(json.dumps(schema).encode()), {"benar": False})
    assert [error.message for error in errors] == ["This has to be confirmed."]


def test_a_limit_is_said_with_the_message(form: Form) -> None:
    [error] = validate(form, GOOD | {"nama": "x" * 11})
    assert error.message % error.params == "At most 10 characters."


def test_a_pattern_is_not_tried_on_a_text_that_is_too_long(form: Form) -> None:
    assert said(form, GOOD | {"nip": "1" * 30_000}) == [("/nip", "too_long")]


def test_attachments_are_found_wherever_they_are(form: Form) -> None:
    data = GOOD | {"foto": "f", "lampiran": ["a", "b"], "peserta": [{"nama": "x"}, {"nama": "y", "tanda": "t"}]}
    found = [("/foto", "f"), ("/lampiran/0", "a"), ("/lampiran/1", "b"), ("/peserta/1/tanda", "t")]
    assert attachments(form, data) == found
    assert attachments(form, {"lampiran": "a", "peserta": [3]}) == []


SCALARS = st.sampled_from(["setuju", "kembalikan", "Andi", "", "x" * 12, "1" * 18, 0, -1, 5, 1.5, True, None])
ROWS = st.lists(st.dictionaries(st.sampled_from(["nama", "tanda", "asing"]), SCALARS, max_size=3) | SCALARS, max_size=3)
FORM = read_form(json.dumps(SCHEMA).encode())
STANDARD = Draft202012Validator(dict(FORM.schema))


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "asing"]), SCALARS | ROWS))
def test_nothing_passes_that_the_standard_refuses(data: dict[str, Any]) -> None:
    assert validate(FORM, data) or STANDARD.is_valid(data)
    assert validate(FORM, GOOD | data) or STANDARD.is_valid(GOOD | data)
