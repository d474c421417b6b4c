"""Numbers, money, days and times are read as people here write them, and written so that they read back the same."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.notation import (
    in_words,
    read_date,
    read_integer,
    read_money,
    read_number,
    read_time,
    show_date,
    show_money,
    show_number,
)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2.000.000", 2_000_000),
        ("Rp 2.000.000,00", 2_000_000),
        ("Rp2.000.000,-", 2_000_000),
        ("rp. 15.000", 15_000),
        ("2000000", 2_000_000),
        ("-5.000", -5_000),
        ("1.500,75", 1_500.75),
        ("2,000,000", None),
        ("2.00", 2.0),
        ("Rp", None),
        ("dua juta", None),
        ("٢", None),
        ("9" * 40, None),
    ],
)
def test_money_is_read_as_it_is_typed(typed: str, amount: Any) -> None:
    assert read_money(typed) == amount


def test_a_whole_number_has_no_decimals() -> None:
    assert (read_integer("1.250"), read_integer("12,5"), read_integer("")) == (1250, None, None)


def test_a_decimal_point_is_understood_where_it_cannot_mean_thousands() -> None:
    assert (read_number("1.25"), read_number("1.250"), read_number("0,5")) == (1.25, 1250, 0.5)


@pytest.mark.parametrize(
    "typed",
    ["2022-03-21", "21/03/2022", "21-3-2022", "21.03.2022", "21 Maret 2022", "21 mar 2022", "Senin, 21 Maret 2022"],
)
def test_a_day_is_read_as_it_is_typed(typed: str) -> None:
    assert read_date(typed) == "2022-03-21"


@pytest.mark.parametrize("typed", ["31/02/2022", "21/03/22", "21 Foo 2022", "besok", "03/21/2022", "21/03-2022", ""])
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    assert read_date(typed) is None


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9.00", "09:00"),
        ("09:00", "09:00"),
        ("pukul 9.30", "09:30"),
        ("12:30:15", "12:30:15"),
        ("25.00", None),
        ("9", None),
    ],
)
def test_a_time_is_read_as_it_is_typed(typed: str, time: str | None) -> None:
    assert read_time(typed) == time


@given(st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15))
def test_numbers_and_money_read_back_the_same(value: int | float) -> None:
    assert read_number(show_number(value)) == value or "," in show_number(value) and len(show_number(value)) > 22
    assert read_money(show_money(value)) == read_number(show_number(value))


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_a_day_in_words_reads_back_the_same(day: datetime.date) -> None:
    assert read_date(show_date(day.isoformat())) == day.isoformat()


def test_values_of_a_case_are_put_into_words() -> None:
    value = {"pagu": 25_000_000, "tahun": 2022, "tanggal": "2022-03-21", "sah": True, "catatan": None, "volume": 1.5}
    assert in_words(list(value.values())) == ["25.000.000", "2022", "21 Maret 2022", "Ya", "1,5"]
    assert in_words([{"nama": "Andi", "jabatan": "Ketua"}, {"nama": "Budi"}]) == ["Andi · Ketua", "Budi"]
    assert in_words("") == in_words(None) == in_words({}) == []
