"""Time: aware, in UTC, to the microsecond, and written in one form that sorts as text."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Clock = Callable[[], datetime]


def now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """ISO 8601 in UTC with six digits and a Z; the order of texts is the order of moments."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Any) -> Any:  # noqa: ANN401 - a column or a parameter
    """A moment as text; whatever else, as it is."""
    return to_text(value) if isinstance(value, datetime) else value


def from_text(text: str) -> datetime:
    """The inverse of `to_text`."""
    return datetime.fromisoformat(text)


def after(moment: datetime, earliest: datetime | None) -> datetime:
    """`moment`, or the next microsecond after `earliest`: times within a case increase strictly."""
    if earliest is None or moment > earliest:
        return moment
    return earliest + timedelta(microseconds=1)
