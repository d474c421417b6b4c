"""When timers are due."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from engine.times import Cycle, Due, first_due, is_hasty, is_literal, next_due, next_moment, read_cycle

AT = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
MAKASSAR = ZoneInfo("Asia/Makassar")
ZONES = ["Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
in_utc = partial(next_moment, zone=UTC)
in_makassar = partial(next_moment, zone=MAKASSAR)


@pytest.mark.parametrize(
    ("how", "value", "due"),
    [
        ("timeDuration", "PT90M", "2026-01-31T09:30:00+00:00"),
        ("timeDuration", "P1DT2H3M4.5S", "2026-02-01T10:03:04.500000+00:00"),
        ("timeDuration", "P2W", "2026-02-14T08:00:00+00:00"),
        ("timeDuration", "P1M", "2026-02-28T08:00:00+00:00"),
        ("timeDuration", "P1Y1M", "2027-02-28T08:00:00+00:00"),
        ("timeDuration", "PT0S", "2026-01-31T08:00:00+00:00"),
        ("timeDuration", "P0D", "2026-01-31T08:00:00+00:00"),
        ("timeDate", "2026-03-01T08:00:00+08:00", "2026-03-01T08:00:00+08:00"),
        ("timeDate", "2026-03-01T08:00:00Z", "2026-03-01T08:00:00+00:00"),
        ("timeCycle", "R3/PT1H", "2026-01-31T09:00:00+00:00"),
        ("timeCycle", "R/2026-03-01T08:00:00Z/P1D", "2026-03-01T08:00:00+00:00"),
        ("timeCycle", "R/2020-01-01T00:00:00Z/PT10M", "2020-01-01T00:00:00+00:00"),
        ("timeCycle", "R3/P1D/2026-03-01T08:00:00Z", "2026-02-27T08:00:00+00:00"),
        ("timeCycle", "R/P1D/2026-03-01T09:00:00Z", "2026-01-31T09:00:00+00:00"),
        ("timeCycle", "R/P1D/2020-03-01T09:00:00Z", "2020-03-01T09:00:00+00:00"),
    ],
)
def test_what_can_be_read_is_due(how: str, value: str, due: str) -> None:
    found = first_due(how, value, AT, in_utc)
    assert found is not None and found.at.isoformat() == due


@pytest.mark.parametrize(
    ("how", "value"),
    [
        *(("timeDuration", value) for value in ("", "P", "PT", "1H", "besok", 3, None, "P999999Y", "-PT1H", "P1DT")),
        *(("timeDate", value) for value in ("2026-03-01", "2026-03-01T08:00:00", "2026-02-30T08:00:00Z", "PT1H")),
        *(("timeCycle", value) for value in ("R0/PT1H", "R3/PT0S", "PT1H", "0 9 * * 1", "R/2026-03-01T08:00:00/P1D")),
        ("timeCycle", "R/2026-03-01T08:00:00Z/2026-03-02T08:00:00Z"),
        ("timeCycle", "R/2026-03-01T08:00:00Z/P1D/2026-04-01T08:00:00Z"),
    ],
)
def test_what_cannot_be_read_is_none(how: str, value: object) -> None:
    assert first_due(how, value, AT, in_utc) is None


def all_days(value: str, at: datetime = AT, zone: tzinfo = UTC) -> list[str]:
    reckon, days = partial(next_moment, zone=zone), list[str]()
    due = first_due("timeCycle", value, at, reckon)
    while due is not None and len(days) < 6:
        days.append(due.at.astimezone(zone).isoformat()[:16])
        due = next_due(due, due.at, reckon)
    return days


def test_a_cycle_ends_after_its_number() -> None:
    assert all_days("R3/P1D") == ["2026-02-01T08:00", "2026-02-02T08:00", "2026-02-03T08:00"]
    assert len(all_days("R/P1D")) == 6
    assert all_days("R2/P1M/2026-03-31T08:00:00Z") == ["2026-02-28T08:00", "2026-03-31T08:00"]


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("R/2026-01-31T08:00:00+08:00/P1M", "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30"),
        ("R5/2024-02-29T07:00:00+09:00/P1Y", "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ("R3/2026-01-31T00:30:00+08:00/P1M1W", "2026-01-31 2026-03-07 2026-04-14"),
    ],
)
def test_the_last_day_of_a_month_stays_the_last_in_the_offices_zone(value: str, days: str) -> None:
    assert [each[:10] for each in all_days(value, zone=MAKASSAR)] == days.split()


def test_a_month_is_one_of_the_offices_calendar() -> None:
    first_of_march = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)  # seven o'clock in Makassar
    assert first_due("timeDuration", "P1M", first_of_march, in_makassar) == Due(first_of_march + timedelta(days=31))


def test_what_was_missed_is_left_out_and_counts_where_a_start_is_written_down() -> None:
    late = AT + timedelta(days=9, hours=1)
    daily = first_due("timeCycle", "R3/P1D", AT, in_utc)
    assert daily is not None
    assert next_due(daily, late, in_utc) == Due(AT + timedelta(days=10), f"R/{AT.isoformat()}/P1D", 1)
    written = first_due("timeCycle", f"R3/{AT.isoformat()}/P1D", AT, in_utc)
    assert written is not None and next_due(written, late, in_utc) is None


def test_the_clock_in_the_office_counts_where_it_is_put_forward_and_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert all_days("R3/2026-03-28T02:30:00+01:00/P1D", zone=berlin) == [
        "2026-03-28T02:30",
        "2026-03-29T03:30",
        "2026-03-30T02:30",
    ]
    assert all_days("R2/2026-10-24T12:00:00+02:00/PT24H", zone=berlin)[1] == "2026-10-25T11:00"


def test_less_than_a_minute_is_hasty() -> None:
    assert all(map(is_hasty, ("R/PT10S", "R/2020-01-01T00:00:00Z/PT59.9S", "R/PT1S/2030-01-01T00:00:00Z")))
    assert not any(map(is_hasty, ("R/PT60S", "R/P1M", "R/2020-01-01T00:00:00Z/PT1M", "R/P1DT1S")))


def test_a_time_that_is_written_down_is_no_expression() -> None:
    assert all(map(is_literal, ("PT1H", "P3D", "R/P1D", "2026-01-01T00:00:00Z")))
    assert not any(map(is_literal, ("'PT1H'", "rapat.mulai", "P", "Pagi")))


starts = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)
amount = st.integers(0, 30)


@given(starts, zones, amount, amount, amount, st.integers(0, 100_000), st.integers(0, 60))
def test_the_nth_time_is_the_start_and_n_periods(
    start: datetime, zone: ZoneInfo, months: int, weeks: int, days: int, seconds: int, n: int
) -> None:
    cycle = read_cycle(f"R/{start.isoformat()}/P{months}M{weeks}W{days}DT{seconds}S")
    if cycle is None:
        assert not (months or weeks or days or seconds)
        return
    there = start.astimezone(zone)
    clock = there.replace(tzinfo=None) + relativedelta(months=n * months, weeks=n * weeks, days=n * days)
    moved = clock.replace(tzinfo=zone, fold=there.fold).astimezone(UTC) if months or weeks or days else start
    assert cycle.time(n, zone) == moved + n * timedelta(seconds=seconds)


periods = st.sampled_from(["PT1S", "PT10M", "PT7H", "P1D", "P1W", "P1M", "P1M2W", "P3M", "P1Y", "P1DT1H", "P1MT0.5S"])


@given(
    starts, zones, periods, st.integers(0, 40), st.timedeltas(timedelta(-40), timedelta(40_000)), st.floats(0, 0.999)
)
def test_the_next_moment_is_the_first_of_all_that_come_after(
    start: datetime, zone: ZoneInfo, every: str, count: int, later: timedelta, part: float
) -> None:
    for text in (f"R{count or ''}/{start.isoformat()}/{every}", f"R{count or ''}/{every}/{start.isoformat()}"):
        after, cycle = start + later, read_cycle(text)
        assert cycle is not None
        found = next_moment(text, after, zone)
        first, last = cycle.first, cycle.last
        if first is not None and last is not None:
            every_time = [cycle.time(n, zone) for n in range(first, last + 1)]
            assert every_time == sorted(every_time)
            assert found == min((each for each in every_time if each > after), default=None)
        elif found is not None:
            assert found > after
            between = after + (found - after) * part
            assert next_moment(text, min(between, found - timedelta(microseconds=1)), zone) == found


@given(starts, zones, periods, st.timedeltas(timedelta(0), timedelta(days=400_000)))
def test_however_long_ago_it_began_the_next_moment_takes_a_few_steps(
    start: datetime, zone: ZoneInfo, every: str, later: timedelta
) -> None:
    cycle = read_cycle(f"R/{start.isoformat()}/{every}")
    assert cycle is not None
    asked: list[int] = []
    counted = Counting(start, cycle.months, cycle.days, cycle.span, None, None)
    object.__setattr__(counted, "asked", asked)
    assert counted.after(start + later, zone) is not None
    assert len(asked) <= 8


class Counting(Cycle):
    """A cycle that notes what it was asked for."""

    asked: list[int]

    def time(self, n: int, zone: tzinfo) -> datetime:
        self.asked.append(n)
        return Cycle.time(self, n, zone)
