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
class Cycle:
    """The moments that lie `first` to `last` periods from the anchor; None is without bound."""

    anchor: datetime
    months: int
    days: int
    span: timedelta
    first: int | None
    last: int | None

    @property
    def period(self) -> timedelta:
        """How far they lie apart, on average."""
        return self.months * _MONTH + timedelta(days=self.days) + self.span

    def time(self, n: int, zone: tzinfo) -> datetime:
        """The moment `n` periods from the anchor; a month that lacks its day has its last one instead."""
        if not (self.months or self.days):
            return self.anchor + n * self.span
        there = self.anchor.astimezone(zone)
        month = there.month - 1 + n * self.months
        year, month = there.year + month // 12, month % 12 + 1
        day = min(there.day, calendar.monthrange(year, month)[1])
        moved = there.replace(year=year, month=month, day=day) + timedelta(days=n * self.days)
        return moved.replace(fold=there.fold).astimezone(UTC) + n * self.span

    def after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first of them after a moment: estimated, and then corrected by a step or two, however far it is."""
        n = (moment - self.anchor) // self.period
        while self.time(n, zone) > moment:
            n -= 1
        while self.time(n, zone) <= moment:
            n += 1
        n = n if self.first is None else max(n, self.first)
        return None if self.last is not None and n > self.last else self.time(n, zone)


def is_literal(text: str) -> bool:
    """Whether a time is written down itself, rather than an expression for it."""
    return _LITERAL.fullmatch(text.strip()) is not None


def is_hasty(text: str) -> bool:
    """Whether the times of a cycle lie less than a minute apart."""
    cycle = read_cycle(text.strip())
    return cycle is not None and cycle.period < SHORTEST


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
        return _after(at, value.strip(), reckon) if how == "timeDuration" else _begin(value.strip(), at, reckon)
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
        return cycle.time(cycle.first or 0, zone) if after is None else cycle.after(after, zone)
    except (ValueError, OverflowError):
        return None  # beyond the calendar


def read_cycle(text: str) -> Cycle | None:
    """A cycle such as R/P1D/2026-12-31T16:00:00Z, R5/2026-01-31T08:00:00+08:00/P1M or, from some day on, R3/PT2H."""
    match = _CYCLE.fullmatch(text)
    period = _DURATION.fullmatch(match["every"]) if match else None
    if match is None or period is None or (match["start"] and match["end"]):
        return None
    years, months, weeks, days, hours, minutes, seconds = period.groups("0")
    span = timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    anchor = datetime.fromisoformat(match["start"] or match["end"] or SOME_DAY.isoformat())
    others = int(match["count"]) - 1 if match["count"] else None
    bounds = (others and -others, 0) if match["end"] else (0, others)
    cycle = Cycle(anchor, 12 * int(years) + int(months), 7 * int(weeks) + int(days), span, *bounds)
    return None if anchor.tzinfo is None or others == -1 or not cycle.period else cycle


def _after(at: datetime, duration: str, reckon: Reckon) -> Due | None:
    text = f"R/{at.isoformat()}/{duration}"
    cycle = read_cycle(text)
    if cycle is None:
        return Due(at) if _DURATION.fullmatch(duration) else None  # of no length
    moment = reckon(text, at) if cycle.months or cycle.days else at + cycle.span
    return None if moment is None else Due(moment)


def _begin(text: str, at: datetime, reckon: Reckon) -> Due | None:
    cycle, match = read_cycle(text), _CYCLE.fullmatch(text)
    if cycle is None or match is None:
        return None
    left = int(match["count"]) - 1 if match["count"] else None
    if not match["start"] and not match["end"]:
        text = f"R/{at.isoformat()}/{match['every']}"
    moment = reckon(text, None if match["start"] or (match["end"] and left is not None) else at)
    moment = moment or (cycle.anchor if match["end"] else None)  # all over: the last was missed
    return None if moment is None else Due(moment, text, left)
