"""People as they are at a moment: lanes, positions and roles hold from and to, and are ended, never deleted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, null, or_, select, union_all

from engine import substitutes as substitution
from engine.access import Actor, Work
from engine.db import filled
from engine.models import credentials, memberships, substitutes, users

_HOLDS = and_(
    memberships.c.valid_from <= bindparam("at"),
    or_(memberships.c.valid_to.is_(None), memberships.c.valid_to > bindparam("at")),
)
_JOINED = users.outerjoin(memberships, and_(memberships.c.user == users.c.name, _HOLDS))
_PERSON = (
    select(
        users.c.name,
        users.c.full_name,
        users.c.rank,
        users.c.nip,
        memberships.c.kind,
        memberships.c.value,
    )
    .select_from(_JOINED)
    .where(users.c.active)
    .order_by(memberships.c.id)
)
_BY_NAME = _PERSON.where(users.c.name == bindparam("name"))
_BY_CREDENTIAL = _PERSON.where(
    users.c.name
    == select(credentials.c.user)
    .where(
        credentials.c.sha256 == bindparam("sha256"),
        credentials.c.kind == bindparam("credential"),
        credentials.c.ended_at.is_(None),
        or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > bindparam("at")),
    )
    .scalar_subquery()
)
_IN_LANE = select(memberships.c.user).where(
    memberships.c.kind == "lane", memberships.c.value == bindparam("lane"), _HOLDS
)
_IN_POSITION = _IN_LANE.where(
    memberships.c.user.in_(
        select(memberships.c.user).where(
            memberships.c.kind == "position", memberships.c.value == bindparam("position"), _HOLDS
        )
    )
)
IN_ROLE = select(memberships.c.user).where(
    memberships.c.kind == "role", memberships.c.value == bindparam("role"), _HOLDS
)


def _with_substitutes(holders: Select[Any]) -> Any:  # noqa: ANN401 - a statement
    """Who holds an office, and who stands in for somebody who does; whoever left does not act, their substitute may."""
    own = select(users.c.name, null().label("absent")).where(users.c.active, users.c.name.in_(holders))
    standing_in = (
        select(substitutes.c.substitute, substitutes.c.absent)
        .join(users, users.c.name == substitutes.c.substitute)
        .where(users.c.active, substitutes.c.absent.in_(holders), substitution.HOLDS)
    )
    return union_all(own, standing_in)


def _present(holders: Select[Any]) -> Select[Any]:
    """One who holds an office, is there and is not among the barred."""
    away = exists().where(substitutes.c.absent == users.c.name, substitution.HOLDS)
    free = users.c.name.not_in(bindparam("barred", expanding=True))
    return select(users.c.name).where(users.c.active, users.c.name.in_(holders), ~away, free).limit(1)


FOR_LANE, FOR_POSITION = _with_substitutes(_IN_LANE), _with_substitutes(_IN_POSITION)
_LANE_PRESENT, _POSITION_PRESENT = _present(_IN_LANE), _present(_IN_POSITION)


def find(connection: Connection, name: str, at: datetime) -> Actor | None:
    """An active user by name, with what they are at that moment."""
    return _with_stand_ins(connection, connection.execute(_BY_NAME, {"name": name, "at": at}).all(), at)


def by_credential(connection: Connection, kind: str, sha256: str, at: datetime) -> Actor | None:
    """Who holds a valid token or session."""
    params = {"credential": kind, "sha256": sha256, "at": at}
    return _with_stand_ins(connection, connection.execute(_BY_CREDENTIAL, params).all(), at)


def everyone(connection: Connection, at: datetime) -> list[Actor]:
    """All active users by name, without those whom they stand in for."""
    grouped: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in connection.execute(_PERSON.order_by(None).order_by(users.c.name, memberships.c.id), {"at": at}):
        grouped.setdefault(row.name, []).append(row)
    return [actor for rows in grouped.values() if (actor := _actor(rows))]


def candidates(connection: Connection, task: Work, at: datetime) -> list[tuple[str, str | None]]:
    """Everybody whose office or delegation the task is at that moment, and for whom they would act."""
    statement = FOR_POSITION if task.position else FOR_LANE
    found = [(row[0], row[1]) for row in connection.execute(statement, _office(task, at))]
    return found + ([(task.delegated_to, task.delegated_by)] if task.delegated_to else [])


def staffed(connection: Connection, task: Work, at: datetime) -> bool:
    """Whether an office-holder is there who may do the task; where none is, a substitute or delegate still may be."""
    statement = _POSITION_PRESENT if task.position else _LANE_PRESENT
    return connection.execute(statement, {**_office(task, at), "barred": sorted(task.barred)}).first() is not None


def _office(task: Work, at: datetime) -> dict[str, object]:
    return {"lane": task.lane, "at": at} | ({"position": task.position} if task.position else {})


def allowed(connection: Connection, task: Work, at: datetime) -> list[str]:
    """The names of all who may do the task at that moment, whom separation of duties keeps from it left out."""
    found = candidates(connection, task, at)
    return sorted({name for name, absent in found if not task.barred.keys() & {name, absent}})


def _with_stand_ins(connection: Connection, rows: Iterable[Row[*tuple[Any, ...]]], at: datetime) -> Actor | None:
    actor = _actor(rows)
    return actor and replace(actor, stand_ins=substitution.stand_ins(connection, actor.name, at))


def _actor(rows: Iterable[Row[*tuple[Any, ...]]]) -> Actor | None:
    rows = list(rows)
    if not rows:
        return None
    held: dict[str | None, list[str]] = {}
    for row in rows:
        held.setdefault(row.kind, []).append(row.value)
    lanes, roles = (frozenset(held.get(kind, ())) for kind in ("lane", "role"))
    return filled(Actor, rows[0], lanes=lanes, positions=tuple(held.get("position", ())), roles=roles)
