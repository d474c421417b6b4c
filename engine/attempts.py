"""What may be tried only so often: signing in, guessing document codes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from engine.errors import TooManyAttempts
from engine.models import attempts

MOST = 10
WINDOW = timedelta(minutes=15)


def require_few(connection: Connection, subjects: Sequence[str], at: datetime, most: int = MOST) -> None:
    """Raise `TooManyAttempts` when one of the subjects failed too often just now."""
    recent = (
        select(func.count())
        .select_from(attempts)
        .where(attempts.c.subject.in_(subjects), attempts.c.at > at - WINDOW)
        .group_by(attempts.c.subject)
    )
    if any(count >= most for count in connection.execute(recent).scalars()):
        raise TooManyAttempts(minutes=int(WINDOW.total_seconds() // 60))


def failed(connection: Connection, subjects: Sequence[str], at: datetime) -> None:
    """Count one more failure of each, and forget those of long ago."""
    connection.execute(insert(attempts), [{"subject": subject[:200], "at": at} for subject in subjects])
    connection.execute(delete(attempts).where(attempts.c.at < at - WINDOW))
