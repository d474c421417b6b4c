"""Adding people, and changing what documents and pages say of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine import acts, clock, credentials
from engine.access import ROLES, Actor, require
from engine.acts import Channel
from engine.commands.period import require_reason
from engine.errors import N_, Invalid, NameTaken, OwnAccount, required
from engine.ledger import fingerprint
from engine.models import memberships, users
from engine.settings import is_email
from engine.site import Site
from forms.validation import FieldError

PASSWORD_LENGTH = 10
CHANGEABLE = ("full_name", "rank", "nip", "email", "active")
LENGTHS = {"full_name": 200, "rank": 120, "email": 254}

_NAME = re.compile(r"[^\W_][\w.@+-]{0,119}")
_NIP = re.compile(r"\d{18}", re.ASCII)


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
    email: str | None = None


def add_user(site: Site, actor: Actor, channel: Channel, user: NewUser) -> None:
    """Add a person; raises `Forbidden`, `NameTaken`, or `Invalid` with every field that needs mending."""
    add_users(site, actor, channel, [user])


def add_users(site: Site, actor: Actor, channel: Channel, people: Sequence[NewUser]) -> None:
    """Add several people, all or nobody."""
    require(actor, "people.manage")
    if errors := [error for user in people for error in problems(user)]:
        raise Invalid(errors)
    hashes = [credentials.hash_password(user.password) if user.password else None for user in people]
    with site.database.write() as connection:
        for user, password in zip(people, hashes, strict=True):
            try:
                _insert(connection, actor, channel, user, password, site.clock())
            except IntegrityError as error:
                raise NameTaken(name=user.name) from error


def change_user(site: Site, actor: Actor, channel: Channel, name: str, changes: Mapping[str, Any], reason: str) -> None:
    """Change what is said of a person, or whether they still belong here (`active`): never about oneself.

    Whoever leaves is signed out everywhere and loses their tokens. Raises `NotFound`, `Forbidden`, `OwnAccount`,
    `Unacceptable` without a reason, or `Invalid` with every field that needs mending.
    """
    require(actor, "people.manage")
    reason = require_reason(reason)
    with site.database.write() as connection:
        person = select(users).where(users.c.name == name).with_for_update()
        row = required(connection.execute(person).mappings().first())
        before = {column: row[column] for column in CHANGEABLE}
        after = before | {column: _tidy(value) for column, value in changes.items()}
        if errors := list(_problems(after)):
            raise Invalid(errors)
        if after == before:
            return
        if after["active"] != before["active"] and name == actor.name:
            raise OwnAccount
        connection.execute(update(users).where(users.c.name == name).values(**after))
        at = site.clock()
        if not after["active"]:
            credentials.revoke(connection, name, at, actor.name, channel, reason)
        acts.record(
            connection, at, actor.name, channel, "user.changed", name, before=before, after=after, reason=reason
        )


def folded(name: str) -> str:
    """A lane's name as it is compared: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def problems(user: NewUser) -> Iterable[FieldError]:
    """All that needs mending before this person can be added."""
    if not _NAME.fullmatch(user.name):
        yield FieldError(
            "/name", "name", N_("a user name has letters, digits and . _ - @ + only, and at most 120 of them")
        )
    yield from _problems({"full_name": user.full_name, "rank": user.rank, "nip": user.nip, "email": user.email})
    for kind, values in (("lanes", user.lanes), ("positions", user.positions)):
        if any(not folded(value) or len(folded(value)) > 200 for value in values):
            yield FieldError(f"/{kind}", "too_long", N_("at most 200 letters, and not empty"))
    if set(user.roles) - set(ROLES):
        yield FieldError("/roles", "roles", N_("the roles are designer, auditor and admin"))
    if user.password is not None and len(user.password) < PASSWORD_LENGTH:
        yield FieldError("/password", "too_short", N_("a password needs 10 characters or more"))


def _problems(person: Mapping[str, Any]) -> Iterable[FieldError]:
    if not (person["full_name"] or "").strip():
        yield FieldError("/full_name", "required", N_("write the name as documents print it"))
    for column, longest in LENGTHS.items():
        if len(person[column] or "") > longest:
            yield FieldError(f"/{column}", "too_long", N_("at most %(limit)s letters"), {"limit": longest})
    if person["nip"] and not _NIP.fullmatch(person["nip"]):
        yield FieldError("/nip", "nip", N_("a NIP has 18 digits"))
    if person["email"] and not is_email(person["email"]):
        yield FieldError("/email", "email", N_("this is no e-mail address"))


def _tidy(value: Any) -> Any:  # noqa: ANN401 - a text, a truth, or nothing
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


def _insert(
    connection: Connection, actor: Actor, channel: Channel, user: NewUser, password: str | None, at: datetime
) -> None:
    person = {column: _tidy(getattr(user, column)) for column in CHANGEABLE if column != "active"} | {"active": True}
    connection.execute(insert(users), {"name": user.name, "password": password, "created_at": at, **person})
    held = [("lane", folded(lane)) for lane in user.lanes]
    held += [("position", folded(position)) for position in user.positions]
    held += [("role", role) for role in user.roles]
    rows = [hold(connection, user.name, kind, value, actor, at) for kind, value in dict.fromkeys(held)]
    after = {**person, "password": fingerprint(password), "held": rows}
    acts.record(connection, at, actor.name, channel, "user.added", user.name, after=after)


def hold(
    connection: Connection,
    user: str,
    kind: str,
    value: str,
    actor: Actor,
    valid_from: datetime,
    valid_to: datetime | None = None,
) -> dict[str, Any]:
    """Let `user` hold a lane, a position or a role; returns what the act says of it."""
    row = {"user": user, "kind": kind, "value": value, "valid_from": valid_from, "valid_to": valid_to}
    statement = insert(memberships).returning(memberships.c.id)
    identity = connection.execute(statement, {**row, "granted_by": actor.name}).scalar_one()
    return told({**row, "id": identity})


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A membership as acts tell it."""
    period = {name: row[name] and clock.to_text(row[name]) for name in ("valid_from", "valid_to")}
    return {"id": row["id"], "kind": row["kind"], "value": row["value"], **period}
