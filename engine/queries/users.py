"""People as their administrators and auditors see them: with all that they hold and held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from engine.access import Actor, require
from engine.db import filled
from engine.errors import NotFound
from engine.models import credentials, definitions, memberships, user_tasks, users
from engine.queries.definitions import listed
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Membership:
    """A lane, a position or a role of somebody."""

    id: int
    user: str
    kind: str
    value: str
    valid_from: datetime
    valid_to: datetime | None
    granted_by: str

    def status(self, at: datetime) -> str:
        """`planned`, `in_force` or `over` at that moment."""
        if self.valid_to is not None and self.valid_to <= at:
            return "over"
        return "in_force" if self.valid_from <= at else "planned"


@dataclass(frozen=True, slots=True)
class User:
    """A person of the installation."""

    name: str
    full_name: str
    rank: str | None
    nip: str | None
    email: str | None
    active: bool
    created_at: datetime
    held: tuple[Membership, ...]
    has_password: bool = True

    def now(self, kind: str, at: datetime) -> list[str]:
        """What they hold of that kind at that moment."""
        return [each.value for each in self.held if each.kind == kind and each.status(at) == "in_force"]


@dataclass(frozen=True, slots=True)
class Access:
    """How somebody can get in, and what waits in their hands."""

    tokens: int
    sessions: int
    tasks: int


def find_users(
    site: Site,
    actor: Actor,
    *,
    text: str = "",
    active: bool | None = None,
    after: str = "",
    offset: int = 0,
    limit: int = 200,
) -> list[User]:
    """People by name, `text` in any of their names, NIP or what they hold; raises `Forbidden`."""
    require(actor, "people.manage")
    query = select(users).where(users.c.name > after).order_by(users.c.name).offset(offset).limit(limit)
    if active is not None:
        query = query.where(users.c.active == active)
    for word in text.lower().split():
        holders = select(memberships.c.user).where(func.lower(memberships.c.value).contains(word, autoescape=True))
        columns = (users.c.name, users.c.full_name, users.c.nip, users.c.email)
        named = [func.lower(column).contains(word, autoescape=True) for column in columns]
        query = query.where(or_(*named, users.c.name.in_(holders)))
    with site.database.read() as connection:
        return _users(connection, connection.execute(query).all())


def one_user(site: Site, actor: Actor, name: str) -> User:
    """One person; raises `Forbidden` or `NotFound`."""
    require(actor, "people.manage")
    with site.database.read() as connection:
        found = _users(connection, connection.execute(select(users).where(users.c.name == name)).all())
    if not found:
        raise NotFound
    return found[0]


def access_of(site: Site, actor: Actor, name: str) -> Access:
    """How a person can get in; raises `Forbidden`."""
    require(actor, "people.manage")
    at = site.clock()
    valid = credentials.c.ended_at.is_(None) & or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > at)
    counted = select(credentials.c.kind, func.count()).where(credentials.c.user == name, valid)
    held = select(func.count()).where(user_tasks.c.claimed_by == name, user_tasks.c.status == "claimed")
    with site.database.read() as connection:
        ways = {row[0]: row[1] for row in connection.execute(counted.group_by(credentials.c.kind))}
        return Access(ways.get("token", 0), ways.get("session", 0), connection.execute(held).scalar() or 0)


def lanes_in_use(site: Site) -> dict[str, list[str]]:
    """Lane → the names of the SOPs whose latest version has it, in the diagrams' order."""
    latest = select(definitions).order_by(definitions.c.key, definitions.c.version)
    with site.database.read() as connection:
        newest = {row.key: listed(row) for row in connection.execute(latest)}
    lanes: dict[str, list[str]] = {}
    for definition in newest.values():
        for lane in definition.lanes:
            lanes.setdefault(lane, []).append(definition.name)
    return lanes


def _users(connection: Connection, rows: Iterable[Row[Any]]) -> list[User]:
    rows = list(rows)
    wanted = memberships.c.user.in_([row.name for row in rows])
    held: dict[str, list[Membership]] = {}
    for found in connection.execute(select(memberships).where(wanted).order_by(memberships.c.id)):
        held.setdefault(found.user, []).append(Membership(**found._asdict()))
    return [
        filled(User, row, held=tuple(held.get(row.name, ())), has_password=row.password is not None) for row in rows
    ]


def colleagues(site: Site) -> dict[str, str]:
    """User name → full name of everybody who belongs here, by full name."""
    query = select(users.c.name, users.c.full_name).where(users.c.active).order_by(users.c.full_name, users.c.name)
    with site.database.read() as connection:
        return {row.name: row.full_name for row in connection.execute(query)}
