"""Letting somebody stand in for somebody absent, and ending it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select, update

from engine import office, people
from engine.access import Actor, may_substitute
from engine.errors import N_, Forbidden, SubstitutionOver, Unacceptable
from engine.identity import new_id
from engine.models import substitutes, users
from engine.queries.substitutes import one
from engine.site import Site
from engine.substitutes import KINDS, Substitution

REASON_LENGTH = 2000

_END = (
    update(substitutes)
    .where(substitutes.c.id == bindparam("substitution"), substitutes.c.ended_at.is_(None))
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


def add_substitute(site: Site, actor: Actor, new: NewSubstitution) -> Substitution:
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
        connection.execute(insert(substitutes), {name: getattr(added, name) for name in added.__slots__})
        return added


def end_substitute(site: Site, actor: Actor, identity: str) -> None:
    """End a substitution now: by the absent person or an admin.

    Raises `NotFound`, `Forbidden`, or `SubstitutionOver`.
    """
    with site.database.write() as connection:
        at = site.clock()
        found = one(connection, actor, identity)
        if not may_substitute(actor, found.absent):
            raise Forbidden
        if found.status(at) == "over":
            raise SubstitutionOver
        connection.execute(_END, {"substitution": identity, "by": actor.name, "at": at})


def _check(connection: Connection, new: NewSubstitution, at: datetime) -> None:
    if new.kind not in KINDS:
        raise Unacceptable(reason=N_("a substitute is plh or plt"))
    if not new.reason.strip() or len(new.reason) > REASON_LENGTH:
        raise Unacceptable(reason=N_("give a reason of at most 2000 letters"))
    if new.absent == new.substitute:
        raise Unacceptable(reason=N_("nobody stands in for themself"))
    # Whose office is vacant may have left; who acts for them must be here.
    known = select(users.c.name).where(users.c.name == new.absent)
    if connection.execute(known).first() is None or people.find(connection, new.substitute, at) is None:
        raise Unacceptable(reason=N_("there is no user of that name"))


def _substitution(connection: Connection, actor: Actor, new: NewSubstitution, at: datetime) -> Substitution:
    zone = ZoneInfo(office.current(connection)["zona"])
    return Substitution(
        id=new_id(),
        absent=new.absent,
        substitute=new.substitute,
        kind=new.kind,
        valid_from=_moment(new.valid_from, zone) if new.valid_from else at,
        valid_to=_moment(new.valid_to, zone, whole_day=True) if new.valid_to else None,
        reason=new.reason,
        granted_by=actor.name,
        granted_at=at,
        ended_by=None,
        ended_at=None,
    )


def _moment(text: str, zone: ZoneInfo, *, whole_day: bool = False) -> datetime:
    """A day's first moment in the office, with `whole_day` the next day's; a moment with a zone as it is."""
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=whole_day), datetime.min.time(), zone)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise Unacceptable(reason=N_("give a day such as 2026-11-24, or a moment with its time zone"))
    return moment
