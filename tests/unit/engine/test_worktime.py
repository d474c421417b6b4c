"""Norms and working time."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worktime import Calendar, Norm, due, elapsed, is_norm_or_none, lateness, parse_norm

OFFICE = json.loads((Path(__file__).parents[3] / "docgen" / "office.json").read_text(encoding="utf-8"))
WITA = ZoneInfo("Asia/Makassar")
CALENDAR = Calendar.from_office(OFFICE)
A_DAY = Norm(1, "hari", approximate=True)

moments = st.datetimes(datetime(2022, 1, 1), datetime(2027, 12, 31), timezones=st.sampled_from([UTC, WITA]))
norms = st.builds(Norm, st.integers(0, 40).map(float), st.sampled_from(["menit", "jam", "hari"]), st.booleans())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def with_working_time(**changes: object) -> Calendar:
    return Calendar.from_office({**OFFICE, "working_time": {**OFFICE["working_time"], **changes}})


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("± 1 Hari", Norm(1, "hari", True)),
        ("± 2 jam", Norm(2, "jam", True)),
        ("1 Jam", Norm(1, "jam", False)),
        (" ±1,5 hari kerja ", Norm(1.5, "hari", True)),
        ("Disesuaikan", None),
        ("", None),
    ],
)
def test_the_time_column_of_an_sop_is_read(text: str, norm: Norm | None) -> None:
    assert parse_norm(text) == norm


@pytest.mark.parametrize(
    "text",
    [
        "",
        " - ",
        "–",
        "Disesuaikan",
        "disesuaikan dengan jadwal",
        "Sesuai kebutuhan",
        "Kondisional",
        "Insidentil",
        "2 Hari",
    ],
)
def test_a_time_column_may_say_that_there_is_no_norm(text: str) -> None:
    assert is_norm_or_none(text)


@pytest.mark.parametrize(
    "text",
    ["1 Minggu", "1 Bulan", "1-3 Hari", "480 Menit (8 Jam)", "Disesuaikan, maks. 3 hari", "Segera", "5'", "1 hr"],
)
def test_a_time_that_is_not_read_is_not_taken_for_none(text: str) -> None:
    assert not is_norm_or_none(text)


def test_an_ordinary_week_has_37_and_a_half_hours() -> None:
    assert elapsed(at("2022-03-21"), at("2022-03-28"), CALENDAR) == timedelta(hours=37.5)


def test_a_week_in_ramadan_has_32_and_a_half_hours() -> None:
    fasting = with_working_time(
        ramadan={**OFFICE["working_time"]["ramadan"], "periods": [{"from": "2022-04-03", "to": "2022-05-01"}]}
    )
    assert elapsed(at("2022-04-04"), at("2022-04-11"), fasting) == timedelta(hours=32.5)


def test_a_day_that_begins_in_the_afternoon_ends_on_the_next_working_day() -> None:
    friday = at("2022-03-25T15:30")
    assert due(friday, A_DAY, CALENDAR) == at("2022-03-28T15:00")


def test_the_break_does_not_count() -> None:
    assert due(at("2022-03-21T11:30"), Norm(1, "jam", False), CALENDAR) == at("2022-03-21T13:30")
    assert due(at("2022-03-25T11:30"), Norm(1, "jam", False), CALENDAR) == at("2022-03-25T14:00"), "Friday prayer"


def test_public_holidays_and_collective_leave_are_skipped() -> None:
    # Ramadan hours end at 15.00; from 18 to 24 March are collective leave, Nyepi, a weekend and Idul Fitri
    assert due(at("2026-03-17T15:00"), Norm(2, "jam", True), CALENDAR) == at("2026-03-25T09:30")


def test_the_office_closes_and_opens_as_it_says() -> None:
    closed = with_working_time(holidays=["2022-03-22"])
    assert due(at("2022-03-21T15:00"), Norm(2, "jam", True), closed) == at("2022-03-23T08:30")
    on_saturday = with_working_time(working_days=["2022-03-26"])
    assert due(at("2022-03-25T16:00"), Norm(1, "jam", True), on_saturday) == at("2022-03-26T08:00")
    on_a_holiday = with_working_time(working_days=["2022-08-17"])
    assert on_a_holiday.spans(date(2022, 8, 17)) and not CALENDAR.spans(date(2022, 8, 17))


@pytest.mark.parametrize(
    ("norm", "hours", "late"),
    [
        (Norm(2, "jam", True), 1.9, "none"),
        (Norm(2, "jam", True), 2, "yellow"),
        (Norm(2, "jam", True), 3, "red"),
        (Norm(1, "jam", False), 0.9, "none"),
        (Norm(1, "jam", False), 1, "red"),
        (None, 1000, "none"),
    ],
)
def test_about_turns_yellow_then_red_and_exactly_turns_red(norm: Norm | None, hours: float, late: str) -> None:
    assert lateness(norm, timedelta(hours=hours)) == late


@pytest.mark.parametrize("monday", [{"from": "13:00", "to": "16:00"}, {"from": "07:30", "to": "11:00"}])
def test_hours_that_do_not_hold_their_break_are_refused(monday: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="break"):
        with_working_time(monday=monday)


def test_an_office_that_never_works_is_refused() -> None:
    with pytest.raises(ValueError, match="no working hours"):
        Calendar.from_office({"zona": "Asia/Makassar", "working_time": {}})


@given(moments, norms)
def test_the_time_elapsed_until_it_is_due_is_the_norm(start: datetime, norm: Norm) -> None:
    assert elapsed(start, due(start, norm, CALENDAR), CALENDAR) == norm.effort


@given(moments, moments, norms)
def test_who_starts_later_is_due_no_earlier(one: datetime, other: datetime, norm: Norm) -> None:
    earlier, later = sorted([one, other])
    assert due(earlier, norm, CALENDAR) <= due(later, norm, CALENDAR)


@given(st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_elapsed_time_adds_up(three: list[datetime]) -> None:
    start, middle, end = three
    assert elapsed(start, end, CALENDAR) == elapsed(start, middle, CALENDAR) + elapsed(middle, end, CALENDAR)


@given(moments, moments)
def test_nothing_elapses_backwards(one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])
    assert elapsed(later, earlier, CALENDAR) == timedelta(0)
