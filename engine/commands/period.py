"""From when to when: days of the office as people write them, as moments."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.errors import N_, Unacceptable


def moment(text: str, zone: ZoneInfo, *, whole_day: bool = False) -> datetime:
    """A day's first moment in the office, with `whole_day` the next day's; a moment with a zone as it is."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=whole_day), datetime.min.time(), zone)
    except (ValueError, OverflowError):
        pass
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min
    if found.tzinfo is None:
        raise Unacceptable(reason=N_("give a day such as 2026-11-24, or a moment with its time zone"))
    return found


def require_reason(reason: str) -> str:
    """The reason without stray spaces; raises `Unacceptable` when there is none or a whole essay."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > 2000:
        raise Unacceptable(reason=N_("give a reason of at most 2000 letters"))
    return reason
