"""The outbox: owed notices become mails, and a mail is sent by whoever moved its `try_at` on.

A mail is a row until it is sent, whatever stops in between. Claiming it is a compare-and-set on `try_at`, which then
lies a lease ahead: who dies with a mail in hand loses it to the next one when the lease has run out.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, String, bindparam, delete, exists, insert, or_, select, type_coerce, update

from engine import clock, office
from engine.db import filled
from engine.due import do_each, stops_all
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

_ALL_OWED = (
    select(notices.c.id, notices.c.user, users.c.email, users.c.mail_preference, users.c.active)
    .join(users, users.c.name == notices.c.user)
    .where(notices.c.mail_owed, or_(users.c.mail_preference != "daily", notices.c.at <= bindparam("digest")))
)
_READERS = _ALL_OWED.with_only_columns(notices.c.user).distinct().order_by(notices.c.user)
_OWED = _ALL_OWED.where(notices.c.user == bindparam("reader")).order_by(notices.c.id)
_seen = type_coerce(mails.c.try_at, String)  # as it stands: what is no moment must not be in the others' way
_DUE = (
    select(mails.c.id, _seen.label("seen"), mails.c.attempts)
    .where(mails.c.try_at <= bindparam("now"))
    .order_by(mails.c.try_at)
    .limit(1)
)
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
    with site.database.read() as connection:
        digest = _latest_digest(office.calendar(connection), site.clock())
    do_each(site, "mail", _READERS, partial(_write_to, site, digest), digest=digest)


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
            ours = _moved(connection, row.id, row.seen, try_at=lease, attempts=row.attempts + 1)
        try:
            with site.database.read() as connection:
                if ours:
                    return _mail(connection, row, lease)
        except Exception as error:  # what cannot be read waits like what cannot be sent
            if stops_all(error):
                raise
            _put_off(site, row.id, row.attempts + 1, lease, repr(error))


def sent(site: Site, mail: Mail) -> None:
    """The mail server has taken it."""
    with site.database.write() as connection:
        _moved(connection, mail.id, clock.to_text(mail.lease), try_at=None, sent_at=site.clock(), error=None)


def postpone(site: Site, mail: Mail, reason: str, *, final: bool) -> None:
    """The mail server has not taken it: try again later, unless that is `final`."""
    _put_off(site, mail.id, ATTEMPTS if final else mail.attempts, mail.lease, reason)


def _put_off(site: Site, mail: str, attempts: int, lease: datetime, reason: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    with site.database.write() as connection:
        again = site.clock() + pause if attempts < ATTEMPTS else None
        _moved(connection, mail, clock.to_text(lease), try_at=again, error=reason)


def forget(site: Site) -> None:
    """Delete mails that were done with long ago and tell of nothing any more."""
    told = exists().where(notices.c.mail_id == mails.c.id)
    with site.database.write() as connection:
        past = (mails.c.created_at < site.clock() - KEPT, mails.c.try_at.is_(None), ~told)
        connection.execute(delete(mails).where(*past))


def _write_to(site: Site, digest: datetime, reader: str) -> bool:
    """The mails to one person, each as they want it now."""
    asked = {"digest": digest, "reader": reader}
    with site.database.write() as connection:
        owed = connection.execute(_OWED.with_for_update(skip_locked=True, of=notices), asked).all()
        if owed and owed[0].active and owed[0].email and owed[0].mail_preference != "none":
            for told in [owed] if owed[0].mail_preference == "daily" else [[row] for row in owed]:
                _write(connection, told, site.clock())
        if owed:
            connection.execute(_SETTLED, [{"notice": row.id} for row in owed])
    return bool(owed)


def _write(connection: Connection, told: Sequence[Any], now: datetime) -> None:
    mail = new_id()
    row = {"id": mail, "user": told[0].user, "created_at": now, "try_at": now, "attempts": 0}
    connection.execute(insert(mails), row)
    connection.execute(_TELLS, [{"mail": mail, "notice": each.id} for each in told])


def _moved(connection: Connection, mail: str, seen: str, **values: Any) -> bool:  # noqa: ANN401 - columns
    """Change a mail's row if its `try_at` is still the one that was seen."""
    unchanged = (mails.c.id == mail, _seen == seen)
    return connection.execute(update(mails).where(*unchanged).values(values)).rowcount == 1


def _mail(connection: Connection, row: Row[*tuple[Any, ...]], lease: datetime) -> Mail:
    reader = select(mails.c.created_at, users.c.email, users.c.full_name).join(users, users.c.name == mails.c.user)
    person = connection.execute(reader.where(mails.c.id == row.id)).one()
    told = connection.execute(_TOLD, {"mail": row.id})
    return Mail(
        id=row.id,
        address=person.email or "",
        full_name=person.full_name,
        created_at=person.created_at,
        attempts=row.attempts + 1,
        lease=lease,
        zone=office.zone(connection),
        notices=tuple(_notice(each) for each in told),
    )


def _notice(row: Any) -> Notice:  # noqa: ANN401 - a row of `_TOLD`
    task = user_task_id(row.instance_id, row.path)
    over = row.status is not None and row.status not in OPEN
    link = f"/berkas/{row.instance_id}" if row.kind == INCIDENT else f"/tugas/{task}"
    return filled(Notice, row, task=row.name or row.path.rpartition(".")[0], over=over, link=link)


def _latest_digest(calendar: Calendar, now: datetime) -> datetime:
    """The last 07.30 of a working day that is not in the future."""
    day = now.astimezone(calendar.zone).date()
    while True:
        moment = datetime.combine(day, DIGEST_AT, calendar.zone)
        if moment <= now and calendar.spans(day):
            return moment
        day -= timedelta(days=1)
