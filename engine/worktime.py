"""Working time: how long a norm such as "± 1 Hari" really lasts, given office hours, breaks, holidays and Ramadan.

Spans of working time are kept in UTC, so that adding and subtracting is plain arithmetic whatever the zone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import holidays

from engine.times import next_moment

Span = tuple[datetime, datetime]
Hours = Mapping[int, tuple[tuple[time, time], ...]]  # weekday, Monday = 0 → the stretches between which people rest
Lateness = Literal["none", "yellow", "red"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"menit": timedelta(minutes=1), "jam": timedelta(hours=1), "hari": timedelta(hours=7.5)}
NOON = "12:00"
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)

_NORM = re.compile(r"(±)?\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*(menit|jam|hari)(?:\s+kerja)?", re.IGNORECASE)

# What offices write where a step takes as long as it takes.
_NO_NORM = re.compile(
    r"(disesuaikan|menyesuaikan|sesuai)\b\D*|kondisional|situasional|fleksibel|tentatif|insident[ai]l"
    r"|tidak (ditentukan|dibatasi|terbatas)|[\s.…–—-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Norm:
    """How long a step should take: `value` of a `unit` (menit, jam, hari), exactly or about (±)."""

    value: float
    unit: str
    approximate: bool

    @property
    def effort(self) -> timedelta:
        """The norm as working time; a day is 7.5 hours."""
        return self.value * UNITS[self.unit]


def parse_norm(text: str) -> Norm | None:
    """The norm that an SOP's *waktu* column states, or None where it states none ("Disesuaikan")."""
    match = _NORM.fullmatch(text.strip())
    if match is None:
        return None
    return Norm(float(match[2].replace(",", ".")), match[3].lower(), match[1] is not None)


def is_norm_or_none(text: str) -> bool:
    """Whether the text of a *waktu* column is understood: it states a norm, or that there is none."""
    return parse_norm(text) is not None or _NO_NORM.fullmatch(text.strip()) is not None


@dataclass(frozen=True)
class Calendar:
    """When an office works."""

    zone: ZoneInfo
    hours: Hours
    ramadan: tuple[tuple[date, date], ...] = ()
    ramadan_hours: Hours = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, repr=False, compare=False)
    _official: "holidays.HolidayBase" = field(
        default_factory=lambda: holidays.country_holidays("ID", categories=("public", "government")),
        repr=False,
        compare=False,
    )

    @classmethod
    def from_office(cls, office: Mapping[str, Any]) -> Self:
        """The calendar in an office's data: `zona` and `working_time` (docs/operate.md); raises `ValueError`."""
        stated = office["working_time"]
        ramadan = stated.get("ramadan", {})
        hours = _hours(stated)
        if not any(hours.values()):
            raise ValueError("working_time names no working hours")
        return cls(
            zone=ZoneInfo(office["zona"]),
            hours=hours,
            ramadan=tuple((_day(p["from"]), _day(p["to"])) for p in ramadan.get("periods", ())),
            ramadan_hours=_hours(ramadan),
            closed=frozenset(map(_day, stated.get("holidays", ()))),
            open=frozenset(map(_day, stated.get("working_days", ()))),
        )

    def spans(self, day: date) -> tuple[Span, ...]:
        """The working stretches of a day, in order."""
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = tuple(
                (self._moment(day, start), self._moment(day, end)) for start, end in self._stretches(day)
            )
        return known

    def spans_from(self, start: datetime) -> Iterator[Span]:
        """All working stretches from a moment on, the first cut to begin there."""
        day = start.astimezone(self.zone).date()
        while True:
            for begin, end in self.spans(day):
                if end > start:
                    yield max(begin, start), end
            day += ONE_DAY

    def _stretches(self, day: date) -> tuple[tuple[time, time], ...]:
        fasting = any(first <= day <= last for first, last in self.ramadan)
        hours = (self.ramadan_hours if fasting else {}) or self.hours
        if day in self.open:  # also when it is a Sunday: as on an ordinary day
            return hours.get(day.weekday()) or hours[min(hours)]
        if day in self.closed or day in self._official:
            return ()
        return hours.get(day.weekday(), ())

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def due(start: datetime, norm: Norm, calendar: Calendar) -> datetime:
    """When work on a norm that begins at `start` should be done: the first moment with that much working time past."""
    left = norm.effort
    for begin, end in calendar.spans_from(start):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise AssertionError("spans_from never ends")


def elapsed(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The working time between two moments; none when `end` is not after `start`."""
    total = NOTHING
    for begin, stop in calendar.spans_from(start):
        if begin >= end:
            break
        total += min(stop, end) - begin
    return total


def answered(question: list[Any], at: datetime, calendar: Calendar) -> Any:
    """What a case asks of the calendar: the day it is, a date some working days later, or how many until one.

    Its timers ask for the `moment` of a cycle after another, "" when there is none.
    """
    told = told_by_clock(question, at, calendar.zone)
    if told is not None:
        return told
    _, start, other = question
    day = date.fromisoformat(start)
    if isinstance(other, str):
        return _workdays_until(day, date.fromisoformat(other), calendar)
    return _workday_after(day, other, calendar).isoformat()


def told_by_clock(question: list[Any], at: datetime, zone: ZoneInfo) -> str | None:
    """The answer, where it follows from the zone alone, whatever the office's hours and holidays; else None."""
    what, *arguments = question
    if what == "today":
        return at.astimezone(zone).date().isoformat()
    if what == "moment":
        cycle, after = arguments
        moment = next_moment(cycle, after and datetime.fromisoformat(after), zone)
        return moment.isoformat() if moment else ""
    return None


def _workday_after(day: date, days: int, calendar: Calendar) -> date:
    """The day that is so many working days later, or earlier; with none, the day itself or the next that is one."""
    step, left = (ONE_DAY, days) if days >= 0 else (-ONE_DAY, -days)
    while left or not calendar.spans(day):
        day += step
        left -= bool(calendar.spans(day)) if left else 0
    return day


def _workdays_until(start: date, end: date, calendar: Calendar) -> int:
    """How many working days come after a day up to another; negative when that was before."""
    if end < start:
        return -_workdays_until(end, start, calendar)
    return sum(bool(calendar.spans(start + ONE_DAY * n)) for n in range(1, (end - start).days + 1))


def lateness(norm: Norm | None, taken: timedelta) -> Lateness:
    """How late work is: an approximate norm turns yellow when reached and red at half as much again."""
    if norm is None or taken < norm.effort:
        return "none"
    return "yellow" if norm.approximate and taken < 1.5 * norm.effort else "red"


def _day(stated: str | Mapping[str, str]) -> date:
    """A day as office data states it: alone, or with the name of the holiday that it is."""
    return date.fromisoformat(stated if isinstance(stated, str) else stated["date"])


def _hours(stated: Mapping[str, Any]) -> dict[int, tuple[tuple[time, time], ...]]:
    return {number: _around_break(stated[name]) for number, name in enumerate(WEEKDAYS) if name in stated}


def _around_break(stated: Mapping[str, Any]) -> tuple[tuple[time, time], ...]:
    start, end = time.fromisoformat(stated["from"]), time.fromisoformat(stated["to"])
    rest = datetime.combine(date.min, time.fromisoformat(stated.get("break_from", NOON)))
    back = (rest + timedelta(minutes=stated.get("break_minutes", 0))).time()
    if not start < rest.time() <= back < end:
        raise ValueError(f"working_time: the break must lie between {start} and {end}")
    return (start, rest.time()), (back, end)
