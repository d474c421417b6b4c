"""When a timer is due: ISO 8601 moments, durations and cycles.

Each time of a cycle is reckoned from where the cycle is fixed, some number of periods on, whatever came before: years,
months, weeks and days by the clock of a zone, hours and less as time passes.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
SHORTEST = timedelta(minutes=1)  # between two cases that an SOP starts by itself

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<count>\d{0,6})/(?:(?P<start>\d[^/]*)/)?(?P<every>P[^/]+)(?:/(?P<end>\d[^/]*))?")
_LITERAL = re.compile(r"P[\dT].*|R\d*/.*|\d{4}-\d\d-\d\dT.*")
_MONTH = timedelta(days=146_097) / 4800  # on average: the calendar repeats itself after 400 years

# Gives the first time of a cycle after a moment, or without one the time that it begins with.
Reckon = Callable[[str, datetime | None], datetime | None]


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer runs out. `cycle` says when it does so again, `left` how often (None: without end)."""

    at: datetime
    cycle: str = ""
    left: int | None = 0


@dataclass(frozen=True, slots=True)
class Period:
    """What lies between two times: months and days by the clock of a zone, and time that passes."""

    months: int
    days: int
    span: timedelta

    @property
    def length(self) -> timedelta:
        """How long it is on average."""
        return self.months * _MONTH + timedelta(days=self.days) + self.span

    def times(self, n: int, anchor: datetime, zone: tzinfo) -> datetime:
        """The moment `n` periods after another, or before it; a month that lacks the day has its last one instead."""
        if not (self.months or self.days):
            return anchor + n * self.span
        there = anchor.astimezone(zone)
        month = there.month - 1 + n * self.months
        year, month = there.year + month // 12, month % 12 + 1
        day = min(there.day, calendar.monthrange(year, month)[1])
        moved = there.replace(year=year, month=month, day=day) + timedelta(days=n * self.days)
        return moved.replace(fold=there.fold).astimezone(UTC) + n * self.span


@dataclass(frozen=True, slots=True)
class Cycle:
    """The moments that lie `first` to `last` periods from the anchor; None is without bound."""

    anchor: datetime
    period: Period
    first: int | None
    last: int | None

    def after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first of them after a moment. It is estimated and then corrected by a step or two, however far it is."""
        n = (moment - self.anchor) // self.period.length
        while self._time(n, zone) > moment:
            n -= 1
        while self._time(n, zone) <= moment:
            n += 1
        n = n if self.first is None else max(n, self.first)
        return None if self.last is not None and n > self.last else self._time(n, zone)

    def begins(self, zone: tzinfo) -> datetime:
        """The first of them; where there is none, the one they are reckoned from."""
        return self._time(self.first or 0, zone)

    def _time(self, n: int, zone: tzinfo) -> datetime:
        return self.period.times(n, self.anchor, zone)


def is_literal(text: str) -> bool:
    """Whether a time is written down itself, rather than an expression for it."""
    return _LITERAL.fullmatch(text.strip()) is not None


def is_hasty(text: str) -> bool:
    """Whether the times of a cycle lie less than a minute apart."""
    cycle = read_cycle(text.strip())
    return cycle is not None and cycle.period.length < SHORTEST


def first_due(how: str, value: object, at: datetime, reckon: Reckon) -> Due | None:
    """The first time of a `timeDate`, `timeDuration` or `timeCycle`; None when the value cannot be understood.

    A cycle begins at its own start, however long past; one without a start, a period after `at`.
    """
    if not isinstance(value, str):
        return None
    try:
        if how == "timeDate":
            moment = datetime.fromisoformat(value.strip())
            return None if moment.tzinfo is None else Due(moment)
        return (_after_duration if how == "timeDuration" else _first_of_cycle)(value.strip(), at, reckon)
    except (ValueError, OverflowError):
        return None


def next_due(due: Due, at: datetime, reckon: Reckon) -> Due | None:
    """The next time of a cycle after `at`; those that were missed until then are not made up for."""
    moment = None if due.left == 0 else reckon(due.cycle, at)
    return None if moment is None else Due(moment, due.cycle, due.left and due.left - 1)


def next_moment(text: str, after: datetime | None, zone: tzinfo) -> datetime | None:
    """The first time of a cycle after a moment, or without one the time that it begins with; None when there is none.

    This is the one place that decides when something recurs. What it says to a case stands in the case's history.
    """
    try:
        cycle = read_cycle(text)
        if cycle is None:
            return None
        return cycle.begins(zone) if after is None else cycle.after(after, zone)
    except (ValueError, OverflowError):
        return None  # beyond the calendar


def read_cycle(text: str, at: datetime = SOME_DAY) -> Cycle | None:
    """A cycle such as R5/2026-01-31T08:00:00+08:00/P1M, R/P1D/2026-12-31T16:00:00Z or, reckoned from `at`, R3/PT2H."""
    match = _CYCLE.fullmatch(text)
    period = _period(match["every"]) if match else None
    if match is None or period is None or not period.length or (match["start"] and match["end"]):
        return None
    fixed = match["start"] or match["end"]
    anchor = datetime.fromisoformat(fixed) if fixed else at
    others = int(match["count"]) - 1 if match["count"] else None
    if anchor.tzinfo is None or others == -1:
        return None
    if match["end"]:
        return Cycle(anchor, period, None if others is None else -others, 0)
    return Cycle(anchor, period, 0, others)


def _after_duration(text: str, at: datetime, reckon: Reckon) -> Due | None:
    period = _period(text)
    if period is None:
        return None
    moment = reckon(_from(at, text), at) if period.months or period.days else at + period.span
    return None if moment is None else Due(moment)


def _first_of_cycle(text: str, at: datetime, reckon: Reckon) -> Due | None:
    cycle, match = read_cycle(text, at), _CYCLE.fullmatch(text)
    if cycle is None or match is None:
        return None
    left = int(match["count"]) - 1 if match["count"] else None
    text = text if match["start"] or match["end"] else _from(at, match["every"])
    after = None if match["start"] or (match["end"] and cycle.first is not None) else at
    moment = reckon(text, after) or (cycle.anchor if match["end"] else None)
    return None if moment is None else Due(moment, text, left)


def _from(at: datetime, every: str) -> str:
    return f"R/{at.isoformat()}/{every}"


def _period(text: str) -> Period | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = match.groups("0")
    span = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return Period(12 * int(years) + int(months), 7 * int(weeks) + int(days), span)
