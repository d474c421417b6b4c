"""People as they are at a moment: lanes, positions and roles hold from and to, and are ended, never deleted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select

from engine.access import Actor
from engine.models import credentials, memberships, users

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


def find(connection: Connection, name: str, at: datetime) -> Actor | None:
    """An active user by name, with what they are at that moment."""
    return _actor(connection.execute(_BY_NAME, {"name": name, "at": at}).all())


def by_credential(connection: Connection, kind: str, sha256: str, at: datetime) -> Actor | None:
    """Who holds a valid token or session."""
    params = {"credential": kind, "sha256": sha256, "at": at}
    return _actor(connection.execute(_BY_CREDENTIAL, params).all())


def everyone(connection: Connection, at: datetime) -> list[Actor]:
    """All active users by name."""
    grouped: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in connection.execute(_PERSON.order_by(None).order_by(users.c.name, memberships.c.id), {"at": at}):
        grouped.setdefault(row.name, []).append(row)
    return [actor for rows in grouped.values() if (actor := _actor(rows))]


def allowed(connection: Connection, lane: str, position: str | None, at: datetime) -> list[str]:
    """The names of all who may do a task of that lane and position at that moment."""
    statement = _IN_POSITION if position else _IN_LANE
    params = {"lane": lane, "at": at} | ({"position": position} if position else {})
    return sorted(set(connection.execute(statement, params).scalars()))


def _actor(rows: Iterable[Row[*tuple[Any, ...]]]) -> Actor | None:
    rows = list(rows)
    if not rows:
        return None
    held: dict[str | None, list[str]] = {}
    for row in rows:
        held.setdefault(row.kind, []).append(row.value)
    first = rows[0]
    return Actor(
        name=first.name,
        full_name=first.full_name,
        lanes=frozenset(held.get("lane", ())),
        positions=tuple(held.get("position", ())),
        roles=frozenset(held.get("role", ())),
        rank=first.rank,
        nip=first.nip,
    )
