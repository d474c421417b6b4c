"""Lanes, positions and roles: given from a day to a day, ended, never deleted, and never on one's own account."""

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, update

from engine import acts, office
from engine.access import ROLES, Actor, require
from engine.acts import Channel
from engine.commands.people import folded, hold, told
from engine.commands.period import moment, require_reason
from engine.errors import N_, MembershipOver, OwnAccount, Unacceptable, required
from engine.models import memberships, users
from engine.site import Site

KINDS = ("lane", "position", "role")


@dataclass(frozen=True, slots=True)
class Grant:
    """What is to be given; days of the office ("2026-11-24", both included) or moments; now without a beginning."""

    kind: str
    value: str
    reason: str
    valid_from: str | None = None
    valid_to: str | None = None


def grant(site: Site, actor: Actor, channel: Channel, name: str, new: Grant) -> int:
    """Give a person a lane, a position or a role; returns the membership's id.

    Raises `NotFound`, `Forbidden`, `OwnAccount`, or `Unacceptable` (kind, value, period, reason, held already).
    """
    with site.database.write() as connection:
        _require_other(connection, actor, name)
        value, reason = folded(new.value), require_reason(new.reason)
        at = site.clock()
        zone = office.calendar(connection).zone
        begin = moment(new.valid_from, zone) if new.valid_from else at
        end = moment(new.valid_to, zone, whole_day=True) if new.valid_to else None
        if new.kind not in KINDS or not value or len(value) > 200:
            raise Unacceptable(reason=N_("name a role, a position or a role in Alur"))
        if new.kind == "role" and value not in ROLES:
            raise Unacceptable(reason=N_("the roles are designer, auditor and admin"))
        if end is not None and end <= max(at, begin):
            raise Unacceptable(reason=N_("the end must lie ahead, and after the beginning"))
        same = (memberships.c.user == name, memberships.c.kind == new.kind, memberships.c.value == value)
        at_that_time = [or_(memberships.c.valid_to.is_(None), memberships.c.valid_to > begin)]
        if end is not None:
            at_that_time.append(memberships.c.valid_from < end)
        if connection.execute(select(memberships.c.id).where(*same, *at_that_time)).first():
            raise Unacceptable(reason=N_("this person holds it at that time already"))
        row = hold(connection, name, new.kind, value, actor, begin, end)
        acts.record(connection, at, actor.name, channel, "membership.granted", name, after=row, reason=reason)
        return int(row["id"])


def end_membership(
    site: Site, actor: Actor, channel: Channel, name: str, identity: int, reason: str, valid_to: str | None = None
) -> None:
    """End it now, or with the last day `valid_to`.

    Raises `NotFound`, `Forbidden`, `OwnAccount`, `MembershipOver`, or `Unacceptable` (day, reason).
    """
    with site.database.write() as connection:
        _require_other(connection, actor, name)
        reason = require_reason(reason)
        at = site.clock()
        chosen = memberships.c.id == identity, memberships.c.user == name
        row = dict(required(connection.execute(select(memberships).where(*chosen)).mappings().first()))
        if row["valid_to"] is not None and row["valid_to"] <= at:
            raise MembershipOver
        zone = office.calendar(connection).zone
        end = moment(valid_to, zone, whole_day=True) if valid_to else at
        if end < at:
            raise Unacceptable(reason=N_("what was done cannot be undone: the end is today or later"))
        connection.execute(update(memberships).where(*chosen).values(valid_to=end))
        before, after = told(row), told({**row, "valid_to": end})
        acts.record(
            connection, at, actor.name, channel, "membership.ended", name, before=before, after=after, reason=reason
        )


def _require_other(connection: Connection, actor: Actor, name: str) -> None:
    require(actor, "people.manage")
    required(connection.execute(select(users.c.name).where(users.c.name == name).with_for_update()).first())
    if name == actor.name:
        raise OwnAccount
