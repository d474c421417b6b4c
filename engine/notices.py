"""Notices: what a person should know without looking. They are written in the transaction of what they tell of.

A notice is told once: its case, path, kind, moment and person are its key, whoever looks again and however often.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Insert, and_, bindparam, delete, exists, insert, or_, select, update

from engine import clock, people
from engine.access import Post
from engine.db import insert_once
from engine.due import do_each
from engine.history import Entry
from engine.models import instances, notices, user_tasks
from engine.queries import separation
from engine.queries.notices import DELEGATED, INCIDENT, NEW_TASK, OVERDUE, REASSIGNED, RETURNED, TAKEN_AWAY
from engine.queries.user_tasks import OPEN
from engine.site import Site

KEPT = timedelta(days=180)  # what is over, so that whoever was away half a year still finds it


def _tell(people: Any) -> Insert:  # noqa: ANN401 - a statement
    """One statement, since it is part of every submission: a notice for each of those people but who acts."""
    who = people.subquery().c[0]
    columns = {
        notices.c.instance_id: bindparam("case"),
        notices.c.path: bindparam("of"),
        notices.c.kind: bindparam("as"),
        notices.c.at: bindparam("at", type_=notices.c.at.type),
        notices.c.user: who,
        notices.c.mail_owed: bindparam("owed", type_=notices.c.mail_owed.type),
    }
    return insert(notices).from_select(
        list(columns), select(*columns.values()).where(who != bindparam("actor")).distinct()
    )


_TELL_LANE, _TELL_POSITION, _TELL_ROLE = map(_tell, (people.FOR_LANE, people.FOR_POSITION, people.IN_ROLE))
_TASK = and_(user_tasks.c.instance_id == notices.c.instance_id, user_tasks.c.path == notices.c.path)
_TOLD = exists().where(_TASK, notices.c.kind == OVERDUE, notices.c.at == user_tasks.c.due_at)
_PASSED = (
    select(user_tasks.c.instance_id, user_tasks.c.path)
    .join(instances, instances.c.id == user_tasks.c.instance_id)
    .where(
        user_tasks.c.status.in_(OPEN), user_tasks.c.due_at <= bindparam("now"), instances.c.suspended.is_(None), ~_TOLD
    )
    .order_by(user_tasks.c.due_at)
)
_ONE = select(user_tasks).where(user_tasks.c.instance_id == bindparam("case"), user_tasks.c.path == bindparam("of"))
_OVER = exists().where(_TASK, user_tasks.c.status.not_in(OPEN))
_MENDED = exists().where(instances.c.id == notices.c.instance_id, instances.c.status != INCIDENT)
_PAST = or_(_OVER, and_(notices.c.kind == INCIDENT, _MENDED))
_SETTLE = update(notices).where(notices.c.read_at.is_(None), _OVER).values(read_at=bindparam("now"))


def announce(connection: Connection, entry: Entry, failed: Iterable[str], mailing: bool) -> None:
    """Tell of the tasks that `entry` opened all who may do them, and the admins of the steps that `failed` in it.

    A task that was reassigned is told to who lost it and to those who may do it now. Who acted sees on their own screen
    what comes next.
    """
    at, actor = clock.from_text(entry["at"]), entry["actor"]
    told = {"case": entry["case"], "at": at, "owed": mailing, "actor": actor}
    for task in entry["opened"]:
        of, kind = task["path"], NEW_TASK if task["path"].endswith(".1") else RETURNED
        if task["separate_from"]:
            names = _who(connection, entry["case"], of, at) - {actor}
            _tell_each(connection, names, {**told, "of": of, "as": kind})
            continue
        who = {"lane": task["lane"], "position": task["position"]}
        connection.execute(_TELL_POSITION if task["position"] else _TELL_LANE, {**told, **who, "of": of, "as": kind})
    for path in failed:
        connection.execute(_TELL_ROLE, {**told, "role": "admin", "of": path, "as": INCIDENT})
    if entry["kind"] == "delegate" and entry["delegated_to"]:
        _tell_each(connection, {entry["delegated_to"]}, {**told, "of": entry["path"], "as": DELEGATED})
    if entry["kind"] == "reassign":
        of, lost = entry["path"], {entry["taken_from"]} - {None}
        _tell_each(connection, lost, {**told, "of": of, "as": TAKEN_AWAY})
        got = _who(connection, entry["case"], of, at) - lost - {actor}
        _tell_each(connection, got, {**told, "of": of, "as": REASSIGNED})


def announce_unreadable(connection: Connection, case: Any, at: datetime, mailing: bool) -> None:  # noqa: ANN401 - a row
    """Tell the admins of a case, none of whose steps can go on."""
    told = {"case": case.id, "of": f"{case.definition_key}.", "as": INCIDENT, "at": at, "owed": mailing, "actor": ""}
    connection.execute(_TELL_ROLE, {**told, "role": "admin"})


def announce_overdue(site: Site) -> int:
    """Tell of the deadlines that have passed, also while nothing ran: the holder, else all who may do the task."""
    return do_each(site, "deadline", _PASSED, partial(_told, site))


def settle(site: Site) -> None:
    """Lay aside what nobody needs to read any more: the notices of tasks that are over."""
    with site.database.read() as connection:
        over = connection.execute(select(notices.c.id).where(notices.c.read_at.is_(None), _OVER).limit(1)).first()
    if over:
        with site.database.write() as connection:
            connection.execute(_SETTLE, {"now": site.clock()})


def forget(site: Site) -> None:
    """Delete the notices of what has long been over; the cases' own histories keep everything."""
    with site.database.write() as connection:
        connection.execute(delete(notices).where(notices.c.at < site.clock() - KEPT, _PAST))


def _told(site: Site, case: str, path: str) -> bool:
    with site.database.write() as connection:
        task = connection.execute(_ONE, {"case": case, "of": path}).one()
        told = {"case": case, "of": path, "as": OVERDUE, "at": task.due_at, "owed": bool(site.settings.smtp_url)}
        names = _doers(connection, task, site.clock())
        _tell_each(connection, names, told)
    return bool(names)


def _who(connection: Connection, case: str, path: str, at: datetime) -> set[str]:
    return _doers(connection, connection.execute(_ONE, {"case": case, "of": path}).one(), at)


def _doers(connection: Connection, task: Any, at: datetime) -> set[str]:  # noqa: ANN401 - a row
    """Who may do a task; once it is taken: its holder, and who stands in for them."""
    barred = separation.barred(task, separation.latest(connection, [task]))
    post = Post(task.lane, task.position, delegated_to=task.delegated_to, delegated_by=task.delegated_by, barred=barred)
    pairs = [pair for pair in people.candidates(connection, post, at) if not barred.keys() & set(pair)]
    return {pair[0] for pair in pairs if task.claimed_by is None or task.claimed_by in pair}


def _tell_each(connection: Connection, names: Iterable[str], told: Mapping[str, Any]) -> None:
    for name in sorted(names):
        row = {"instance_id": told["case"], "path": told["of"], "kind": told["as"], "at": told["at"], "user": name}
        insert_once(connection, notices, {**row, "mail_owed": told["owed"]})
