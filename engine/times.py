"""When a timer is due: ISO 8601 moments, durations and cycles, reckoned from a moment that is given."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,6})/(?:(?P<start>[^/]+)/)?(?P<every>P[^/]+)")
_LITERAL = re.compile(r"P[\dT].*|R\d*/.*|\d{4}-\d\d-\d\dT.*")


@dataclass(frozen=True, slots=True)
class Due:
    """The next time; `left` counts those after it (None: without end), `every` lies between them."""

    at: datetime
    left: int | None = 0
    every: str = ""


def is_literal(text: str) -> bool:
    """Whether a time is written down itself, rather than an expression for it."""
    return _LITERAL.fullmatch(text.strip()) is not None


def first_due(how: str, value: object, at: datetime) -> Due | None:
    """The first time of a `timeDate`, `timeDuration` or `timeCycle`; None when the value cannot be understood."""
    if not isinstance(value, str):
        return None
    try:
        if how == "timeDate":
            moment = datetime.fromisoformat(value.strip())
            return None if moment.tzinfo is None else Due(moment)
        if how == "timeDuration":
            later = _plus(at, value.strip())
            return None if later is None else Due(later)
        return _cycle(value.strip(), at)
    except (ValueError, OverflowError):
        return None


def next_due(due: Due) -> Due | None:
    """The time after this one of a cycle."""
    if due.left == 0:
        return None
    later = _plus(due.at, due.every)
    return None if later is None else Due(later, None if due.left is None else due.left - 1, due.every)


def _cycle(text: str, at: datetime) -> Due | None:
    match = _CYCLE.fullmatch(text)
    if match is None or match[1] == "0":
        return None
    left, every = int(match[1]) - 1 if match[1] else None, match["every"]
    first = _plus(at, every)
    if first is None or first == at:
        return None
    if match["start"]:
        first = datetime.fromisoformat(match["start"])
    return None if first.tzinfo is None else Due(first, left, every)


def _plus(at: datetime, duration: str) -> datetime | None:
    match = _DURATION.fullmatch(duration)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = match.groups("0")
    month = at.month - 1 + int(months) + 12 * int(years)
    year, month = at.year + month // 12, month % 12 + 1
    day = min(at.day, calendar.monthrange(year, month)[1])
    span = timedelta(weeks=int(weeks), days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return at.replace(year=year, month=month, day=day) + span
