"""Substitutes: who stands in for whom, from when to when and why; ended, never deleted.

A Plh. acts while the office-holder is away, a Plt. while the office is vacant. Only what the absent person holds comes
along: a substitute of a substitute is not followed.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select

from engine.access import Actor, StandIn
from engine.db import filled
from engine.models import memberships, substitutes, users

KINDS = ("plh", "plt")

HOLDS = and_(
    substitutes.c.valid_from <= bindparam("at"),
    or_(substitutes.c.valid_to.is_(None), substitutes.c.valid_to > bindparam("at")),
    substitutes.c.ended_at.is_(None),
)
_HELD = and_(
    memberships.c.user == substitutes.c.absent,
    memberships.c.kind.in_(("lane", "position")),
    memberships.c.valid_from <= bindparam("at"),
    or_(memberships.c.valid_to.is_(None), memberships.c.valid_to > bindparam("at")),
)
_STAND_INS = (
    select(substitutes, users.c.full_name, memberships.c.kind.label("held"), memberships.c.value)
    .join(users, users.c.name == substitutes.c.absent)
    .outerjoin(memberships, _HELD)
    .where(substitutes.c.substitute == bindparam("name"), HOLDS)
    .order_by(substitutes.c.id, memberships.c.id)
)
_ABSENT = select(substitutes.c.absent).where(substitutes.c.absent.in_(bindparam("names", expanding=True)), HOLDS)


@dataclass(frozen=True, slots=True)
class Substitution:
    """Somebody standing in for somebody: as it was set up, by whom, and how it ended."""

    id: str
    absent: str
    substitute: str
    kind: str
    valid_from: datetime
    valid_to: datetime | None
    reason: str
    granted_by: str
    granted_at: datetime
    ended_by: str | None
    ended_at: datetime | None

    def status(self, at: datetime) -> str:
        """`planned`, `in_force` or `over` at that moment."""
        if self.ended_at is not None or (self.valid_to is not None and self.valid_to <= at):
            return "over"
        return "in_force" if self.valid_from <= at else "planned"


def stand_ins(connection: Connection, name: str, at: datetime) -> tuple[StandIn, ...]:
    """For whom that person acts at that moment, the earliest arrangement first."""
    rows: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_STAND_INS, {"name": name, "at": at}):
        rows.setdefault(row.id, []).append(row)
    return tuple(_stand_in(held) for held in rows.values())


def refreshed(connection: Connection, actor: Actor, at: datetime) -> Actor:
    """The actor as a command's own transaction sees them: a substitution may have ended since they were looked up."""
    return replace(actor, stand_ins=stand_ins(connection, actor.name, at)) if actor.stand_ins else actor


def absent(connection: Connection, names: Collection[str], at: datetime) -> set[str]:
    """Those of `names` for whom somebody stands in at that moment."""
    return set(connection.execute(_ABSENT, {"names": sorted(names), "at": at}).scalars()) if names else set()


def substitution_of(row: Row[Any]) -> Substitution:
    """A row as a value."""
    return Substitution(**row._asdict())


def _stand_in(rows: list[Row[Any]]) -> StandIn:
    first = rows[0]
    lanes = frozenset(row.value for row in rows if row.held == "lane")
    positions = tuple(row.value for row in rows if row.held == "position")
    return filled(StandIn, first, substitution=first.id, until=first.valid_to, lanes=lanes, positions=positions)
