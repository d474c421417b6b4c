"""Canonical JSON, and the strict way in."""

import json
from contextlib import suppress

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import LARGEST, BadJson, NotCanonical, canonical, normal, read_json

texts = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-LARGEST, LARGEST) | st.floats(-LARGEST, LARGEST)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(values)
def test_the_text_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)


@given(values)
def test_a_normal_value_reads_back_the_same_to_the_type(value: object) -> None:
    once = normal(value)
    assert repr(normal(once)) == repr(once)
    assert canonical(once) == canonical(value)


def test_keys_beyond_the_basic_plane_sort_by_utf_16() -> None:
    value = {"\U0001f600": 1, "\uffee": 2}
    assert canonical(value) == '{"\U0001f600":1,"\uffee":2}'


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), LARGEST + 1, -LARGEST - 1, 1e300, "\ud800", {"\ud800": 1}, {1: 2}, {None: 1},
     b"x", (1,), {1, 2}, object(), [1.5, {1}], 10**400],
)  # fmt: skip
def test_what_has_no_faithful_text_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical([value])


def test_nesting_has_an_end() -> None:
    deep: list[object] = []
    for _ in range(70):
        deep = [deep]
    with pytest.raises(NotCanonical):
        canonical(deep)


@given(values)
def test_what_we_write_we_can_read_unless_it_holds_a_forbidden_character(value: object) -> None:
    text = canonical(value)
    try:
        assert canonical(read_json(text)) == text
    except BadJson as refused:
        assert "control character" in str(refused)


@pytest.mark.parametrize(
    "source",
    [
        '{"a":1,"a":2}', "NaN", "Infinity", "[-Infinity]", "1e400", "9007199254740992", "1" * 5000, "[" * 100_000,
        "[" * 70 + "]" * 70, '"\\ud800"', '"\\u0000"', '"\\u202e"', '{"\u2066":1}', b"\xff", b'"\xff"', "", "{",
        "{'a':1}", b"\xef\xbb\xbf1", "[1],", "01", '"\n"',
    ],
)  # fmt: skip
def test_doubtful_json_is_refused_with_a_reason(source: str | bytes) -> None:
    with pytest.raises(BadJson) as refused:
        read_json(source)
    assert refused.value.params["reason"]


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadJson):
        read_json("[" + "1," * 600_000 + "1]")


def test_whole_numbers_become_integers() -> None:
    assert json.dumps(read_json(b'{"a": [1.0, 1e2, 1.5, -0.0]}')) == '{"a": [1, 100, 1.5, 0]}'


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_no_input_breaks_the_reader(source: str | bytes) -> None:
    with suppress(BadJson):
        canonical(read_json(source))
