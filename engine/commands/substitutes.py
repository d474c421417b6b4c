"""Letting somebody stand in for somebody absent, and ending it."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine import acts, clock, office, people
from engine.access import Actor, may_substitute
from engine.acts import Channel
from engine.commands.period import moment, require_reason
from engine.errors import N_, Forbidden, SubstitutionOver, Unacceptable
from engine.identity import new_id
from engine.models import substitutes, users
from engine.queries.substitutes import one
from engine.site import Site
from engine.substitutes import KINDS, Substitution

_END = (
    update(substitutes)
    .where(substitutes.c.id == bindparam("substitution"))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class NewSubstitution:
    """What is to be set up; `valid_from` and `valid_to` are days of the office ("2026-11-24", both included) or
    moments.

    Without a beginning it begins now; without an end it holds until it is ended.
    """

    absent: str
    substitute: str
    kind: str
    reason: str
    valid_from: str | None = None
    valid_to: str | None = None


def add_substitute(site: Site, actor: Actor, channel: Channel, new: NewSubstitution) -> Substitution:
    """Let somebody stand in: set up by the absent person or an admin, never for oneself.

    Raises `Forbidden`, or `Unacceptable` (people, kind, period, reason).
    """
    if not may_substitute(actor, new.absent, new.substitute):
        raise Forbidden
    with site.database.write() as connection:
        at = site.clock()
        _check(connection, new, at)
        added = _substitution(connection, actor, new, at)
        if added.valid_to is not None and added.valid_to <= max(at, added.valid_from):
            raise Unacceptable(reason=N_("the end must lie ahead, and after the beginning"))
        connection.execute(insert(substitutes), asdict(added))
        kind, after = "substitute.added", _told(added)
        acts.record(connection, at, actor.name, channel, kind, new.absent, after=after, reason=added.reason)
        return added


def end_substitute(site: Site, actor: Actor, channel: Channel, identity: str, reason: str | None = None) -> None:
    """End a substitution now: by the absent person or an admin.

    Raises `NotFound`, `Forbidden`, or `SubstitutionOver`.
    """
    with site.database.write() as connection:
        at = site.clock()
        found = one(connection, actor, identity, lock=True)
        if not may_substitute(actor, found.absent):
            raise Forbidden
        if found.status(at) == "over":
            raise SubstitutionOver
        connection.execute(_END, {"substitution": identity, "by": actor.name, "at": at})
        before, after = _told(found), _told(replace(found, ended_by=actor.name, ended_at=at))
        kind = "substitute.ended"
        acts.record(connection, at, actor.name, channel, kind, found.absent, before=before, after=after, reason=reason)


def _check(connection: Connection, new: NewSubstitution, at: datetime) -> None:
    if new.kind not in KINDS:
        raise Unacceptable(reason=N_("a substitute is plh or plt"))
    if new.absent == new.substitute:
        raise Unacceptable(reason=N_("nobody stands in for themself"))
    # Whose office is vacant may have left; who acts for them must be here.
    known = select(users.c.name).where(users.c.name == new.absent)
    if connection.execute(known).first() is None or people.find(connection, new.substitute, at) is None:
        raise Unacceptable(reason=N_("there is no user of that name"))


def _substitution(connection: Connection, actor: Actor, new: NewSubstitution, at: datetime) -> Substitution:
    zone = office.calendar(connection).zone
    return Substitution(
        id=new_id(),
        absent=new.absent,
        substitute=new.substitute,
        kind=new.kind,
        valid_from=moment(new.valid_from, zone) if new.valid_from else at,
        valid_to=moment(new.valid_to, zone, whole_day=True) if new.valid_to else None,
        reason=require_reason(new.reason),
        granted_by=actor.name,
        granted_at=at,
        ended_by=None,
        ended_at=None,
    )


def _told(substitution: Substitution) -> dict[str, Any]:
    """As an act writes it."""
    return {name: clock.plain(value) for name, value in asdict(substitution).items()}
