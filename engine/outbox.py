"""The outbox: owed notices become mails, and a mail is sent by whoever moved its `try_at` on.

A mail is a row until it is sent, whatever stops in between. Claiming it is a compare-and-set on `try_at`, which then
lies a lease ahead: who dies with a mail in hand loses it to the next one when the lease has run out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, or_, select, update

from engine import office
from engine.identity import new_id, user_task_id
from engine.mail import Mail, Notice
from engine.models import mails, notices, user_tasks, users
from engine.queries.notices import CASE_TITLE, INCIDENT, TOLD
from engine.queries.user_tasks import OPEN
from engine.site import Site
from engine.worktime import Calendar

DIGEST_AT = time(7, 30)
LEASE = timedelta(minutes=5)  # longer than any hand-over: that is four answers of the server, `mail.SECONDS` each
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
ATTEMPTS = 100  # four days
KEPT = timedelta(days=180)

_OWED = (
    select(notices.c.id, notices.c.user, users.c.email, users.c.mail_preference, users.c.active)
    .join(users, users.c.name == notices.c.user)
    .where(notices.c.mail_owed, or_(users.c.mail_preference != "daily", notices.c.at <= bindparam("digest")))
    .order_by(notices.c.user, notices.c.id)
)
_ANY_OWED = _OWED.limit(1)
_DUE = select(mails).where(mails.c.try_at <= bindparam("now")).order_by(mails.c.try_at).limit(1)
_SETTLED = update(notices).where(notices.c.id == bindparam("notice")).values(mail_owed=False)
_TELLS = update(notices).where(notices.c.id == bindparam("notice")).values(mail_id=bindparam("mail"))
_TOLD = (
    select(
        notices.c.kind,
        notices.c.instance_id,
        notices.c.path,
        CASE_TITLE,
        user_tasks.c.name,
        user_tasks.c.lane,
        user_tasks.c.due_at,
        user_tasks.c.status,
    )
    .select_from(TOLD)
    .where(notices.c.mail_id == bindparam("mail"))
    .order_by(notices.c.id)
)


def write_mails(site: Site) -> None:
    """Make the mails that are owed: one for each notice, or one of all of them at 07.30 of a working day."""
    now = site.clock()
    with site.database.read() as connection:
        asked = {"digest": _latest_digest(office.calendar(connection), now)}
        if connection.execute(_ANY_OWED, asked).first() is None:
            return
    with site.database.write() as connection:
        owed = connection.execute(_OWED.with_for_update(skip_locked=True, of=notices), asked).all()
        for told in _wanted(owed):
            _write(connection, told, now)
        if owed:
            connection.execute(_SETTLED, [{"notice": row.id} for row in owed])


def waiting(site: Site) -> bool:
    """Whether a mail is due."""
    with site.database.read() as connection:
        return connection.execute(_DUE, {"now": site.clock()}).first() is not None


def claim(site: Site) -> Mail | None:
    """The mail that is due the longest, now ours until its lease runs out; None when none is due."""
    while True:
        now = site.clock()
        with site.database.read() as connection:
            row = connection.execute(_DUE, {"now": now}).first()
        if row is None:
            return None
        lease = now + LEASE
        with site.database.write() as connection:
            if _moved(connection, row.id, row.try_at, try_at=lease, attempts=row.attempts + 1):
                return _mail(connection, row, lease)


def sent(site: Site, mail: Mail) -> None:
    """The mail server has taken it."""
    with site.database.write() as connection:
        _moved(connection, mail.id, mail.lease, try_at=None, sent_at=site.clock(), error=None)


def postpone(site: Site, mail: Mail, reason: str, *, final: bool) -> None:
    """The mail server has not taken it: try again later, unless that is `final`."""
    pause = min(FIRST_PAUSE * 2 ** min(mail.attempts - 1, 10), LONGEST_PAUSE)
    again = None if final or mail.attempts >= ATTEMPTS else site.clock() + pause
    with site.database.write() as connection:
        _moved(connection, mail.id, mail.lease, try_at=again, error=reason)


def forget(site: Site) -> None:
    """Delete mails that were done with long ago and tell of nothing any more."""
    told = exists().where(notices.c.mail_id == mails.c.id)
    with site.database.write() as connection:
        past = (mails.c.created_at < site.clock() - KEPT, mails.c.try_at.is_(None), ~told)
        connection.execute(delete(mails).where(*past))


def _wanted(owed: Sequence[Any]) -> Iterator[list[Any]]:
    """What each mail tells, as its reader wants it now."""
    for _, group in groupby(owed, lambda row: row.user):
        rows = list(group)
        if not rows[0].active or not rows[0].email or rows[0].mail_preference == "none":
            continue
        yield from [rows] if rows[0].mail_preference == "daily" else [[row] for row in rows]


def _write(connection: Connection, told: Sequence[Any], now: datetime) -> None:
    mail = new_id()
    row = {"id": mail, "user": told[0].user, "created_at": now, "try_at": now, "attempts": 0}
    connection.execute(insert(mails), row)
    connection.execute(_TELLS, [{"mail": mail, "notice": each.id} for each in told])


def _moved(connection: Connection, mail: str, seen: datetime, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Change a mail's row if its `try_at` is still the one that was seen."""
    unchanged = (mails.c.id == mail, mails.c.try_at == seen)
    return connection.execute(update(mails).where(*unchanged).values(values)).rowcount == 1


def _mail(connection: Connection, row: Row[Any], lease: datetime) -> Mail:
    person = connection.execute(select(users.c.email, users.c.full_name).where(users.c.name == row.user)).one()
    told = connection.execute(_TOLD, {"mail": row.id})
    return Mail(
        id=row.id,
        address=person.email or "",
        full_name=person.full_name,
        created_at=row.created_at,
        attempts=row.attempts + 1,
        lease=lease,
        zone=office.zone(connection),
        notices=tuple(_notice(each) for each in told),
    )


def _notice(row: Any) -> Notice:  # noqa: ANN401 - a row of `_TOLD`
    task = user_task_id(row.instance_id, row.path)
    return Notice(
        kind=row.kind,
        task=row.name or row.path.rpartition(".")[0],
        case_title=row.case_title,
        lane=row.lane,
        due_at=row.due_at,
        over=row.status is not None and row.status not in OPEN,
        link=f"/berkas/{row.instance_id}" if row.kind == INCIDENT else f"/tugas/{task}",
    )


def _latest_digest(calendar: Calendar, now: datetime) -> datetime:
    """The last 07.30 of a working day that is not in the future."""
    day = now.astimezone(calendar.zone).date()
    while True:
        moment = datetime.combine(day, DIGEST_AT, calendar.zone)
        if moment <= now and calendar.spans(day):
            return moment
        day -= timedelta(days=1)
