"""Passwords set by an administrator or by oneself, and access that is taken back."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from engine import acts, credentials
from engine.access import Actor, may, require
from engine.acts import Channel
from engine.commands.people import PASSWORD_LENGTH
from engine.commands.period import require_reason
from engine.errors import N_, Forbidden, Invalid, NotFound, required
from engine.ledger import fingerprint
from engine.models import users
from engine.site import Site
from forms.validation import FieldError


def reset_password(
    site: Site, actor: Actor, channel: Channel, name: str, reason: str, password: str | None = None
) -> str:
    """Give a person a new password, a random one unless it is named, and sign them out everywhere; returns it.

    Raises `Forbidden`, `NotFound`, `Unacceptable` without a reason, or `Invalid` for one that is too short.
    """
    require(actor, "people.manage")
    reason = require_reason(reason)
    password = password or credentials.random_password()
    _require_long(password, "/password")
    hashed, at = credentials.hash_password(password), site.clock()
    with site.database.write() as connection:
        _set(connection, name, hashed, at, actor, channel, reason)
        credentials.revoke(connection, name, at, actor.name, channel, reason, kinds=("session", "link"))
    return password


def change_password(site: Site, actor: Actor, channel: Channel, old: str, new: str) -> None:
    """Change one's own password; raises `Invalid` when the old one is wrong or the new one too short."""
    with site.database.read() as connection:
        stored = connection.execute(select(users.c.password).where(users.c.name == actor.name)).scalar()
    if stored is None or not credentials.matches(stored, old):
        raise Invalid([FieldError("/old", "wrong", N_("this is not your present password"))])
    _require_long(new, "/new")
    hashed = credentials.hash_password(new)
    with site.database.write() as connection:
        _set(connection, actor.name, hashed, site.clock(), actor, channel, None)


def revoke_access(site: Site, actor: Actor, channel: Channel, name: str, reason: str) -> None:
    """End all sessions, links and API tokens of a person; raises `Forbidden`, `NotFound`, or `Unacceptable`."""
    if not may(actor, "people.manage") and actor.name != name:
        raise Forbidden
    reason = require_reason(reason)
    with site.database.write() as connection:
        required(connection.execute(select(users.c.name).where(users.c.name == name)).first())
        credentials.revoke(connection, name, site.clock(), actor.name, channel, reason)


def _require_long(password: str, pointer: str) -> None:
    if len(password) < PASSWORD_LENGTH:
        raise Invalid([FieldError(pointer, "too_short", N_("a password needs 10 characters or more"))])


def _set(
    connection: Connection, name: str, hashed: str, at: datetime, actor: Actor, channel: Channel, reason: str | None
) -> None:
    done = connection.execute(update(users).where(users.c.name == name).values(password=hashed))
    if not done.rowcount:
        raise NotFound
    after = {"password": fingerprint(hashed)}
    acts.record(connection, at, actor.name, channel, "password.set", name, after=after, reason=reason)
