"""Adding people and giving them lanes, positions and roles."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from engine.access import ROLES, Actor, may
from engine.credentials import hash_password
from engine.errors import N_, Forbidden, NameTaken, Unacceptable
from engine.models import memberships, users
from engine.site import Site

PASSWORD_LENGTH = 10


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody to add; a lane may be named before any SOP uses it."""

    name: str
    full_name: str
    password: str | None = None
    lanes: Sequence[str] = ()
    positions: Sequence[str] = ()
    roles: Sequence[str] = ()
    rank: str | None = None
    nip: str | None = None


def add_user(site: Site, actor: Actor, user: NewUser) -> None:
    """Add a person; raises `Forbidden`, `NameTaken`, or `Unacceptable` (name, role, password)."""
    if not may(actor, "people.manage"):
        raise Forbidden
    _check(user)
    try:
        with site.database.write() as connection:
            _insert(connection, site, actor, user)
    except IntegrityError as error:
        raise NameTaken(name=user.name) from error


def folded(name: str) -> str:
    """A lane's name as it is compared: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _check(user: NewUser) -> None:
    if not user.name or not user.name.isprintable() or ":" in user.name or " " in user.name or len(user.name) > 120:
        raise Unacceptable(reason=N_("a user name has no spaces or colons and at most 120 letters"))
    if set(user.roles) - set(ROLES):
        raise Unacceptable(reason=N_("the roles are designer, auditor and admin"))
    if user.password is not None and len(user.password) < PASSWORD_LENGTH:
        raise Unacceptable(reason=N_("a password needs 10 characters or more"))


def _insert(connection: Connection, site: Site, actor: Actor, user: NewUser) -> None:
    at = site.clock()
    row = {"name": user.name, "full_name": user.full_name, "rank": user.rank, "nip": user.nip, "active": True}
    password = hash_password(user.password) if user.password is not None else None
    connection.execute(insert(users), {**row, "password": password, "created_at": at})
    held = [("lane", folded(lane)) for lane in user.lanes]
    held += [("position", folded(position)) for position in user.positions]
    held += [("role", role) for role in user.roles]
    if held:
        base = {"user": user.name, "valid_from": at, "valid_to": None, "granted_by": actor.name}
        connection.execute(insert(memberships), [{**base, "kind": kind, "value": value} for kind, value in held])
