"""Passwords, API tokens, sessions and one-time links.

Passwords are argon2; the others are 256 random bits of which only the SHA-256 is kept. All can be ended on the server.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, insert, select, update

from engine import acts, attempts, people
from engine.access import Actor, may
from engine.acts import Channel
from engine.errors import Forbidden, LinkExpired, NoAccount, NotFound, SignInFailed
from engine.models import credentials, users
from engine.site import Site

SESSION = timedelta(hours=12)
LINK = timedelta(hours=12)
SPRAYED = 50  # wrong passwords of one address within the window, whatever the names
PAGES = Channel("web")
# Printed on paper and typed again: no letters or digits that look like others. 16 of them hold 79 bits.
TYPED = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified for unknown names too, so that the time of an answer does not tell who exists."""
    return _hasher.hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """The argon2 hash to store."""
    return _hasher.hash(password)


def random_password() -> str:
    """A password that nobody thought of: "k7fm-x3qp-9rtw-hd4a"."""
    letters = "".join(secrets.choice(TYPED) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def fingerprint(secret: str) -> str:
    """What is stored of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(site: Site, name: str, password: str, address: str) -> str:
    """Open a session and return its secret; raises `SignInFailed` or `TooManyAttempts`.

    Failures count against the name at this address: others at the address and the name elsewhere are not held up. Who
    tries many names from one address is stopped too, later.
    """
    at = site.clock()
    pair, sprayer = f"sign-in:{address} {name}"[:200], f"address:{address}"[:200]
    with site.database.read() as connection:
        attempts.require_few(connection, [pair], at)
        attempts.require_few(connection, [sprayer], at, SPRAYED)
        query = select(users.c.password).where(users.c.name == name, users.c.active)
        stored = connection.execute(query).scalar()
    right = matches(stored or _nobody(), password) and stored is not None
    with site.database.write() as connection:
        if right:
            return _open(connection, name, at, {"by": "password", "address": address})
        attempts.failed(connection, [pair, sprayer], at)
    raise SignInFailed


def open_link(site: Site, link: str) -> str:
    """Use a one-time link for a session; raises `LinkExpired`."""
    at = site.clock()
    with site.database.write() as connection:
        used = connection.execute(
            update(credentials)
            .where(
                credentials.c.sha256 == fingerprint(link),
                credentials.c.kind == "link",
                credentials.c.ended_at.is_(None),
                credentials.c.expires_at > at,
            )
            .values(ended_at=at)
            .returning(credentials.c.user)
        ).scalar()
        if used is None:
            raise LinkExpired
        return _open(connection, used, at, {"by": "link"})


def vouched(site: Site, name: str, address: str) -> str:
    """A session for somebody whom the office's own sign-in has proved to be `name`; raises `NoAccount`."""
    at = site.clock()
    with site.database.write() as connection:
        if people.find(connection, name, at) is None:
            raise NoAccount(name=name)
        return _open(connection, name, at, {"by": "provider", "address": address})


def create_link(connection: Connection, user: str, at: datetime) -> str:
    """A link that signs `user` in once."""
    return _issue(connection, "link", user, at, at + LINK)


def create_token(site: Site, actor: Actor, channel: Channel, user: str) -> str:
    """A new API token of `user`; it is shown once and kept only as a digest. Raises `Forbidden` or `NotFound`."""
    if not may(actor, "people.manage") and actor.name != user:
        raise Forbidden
    at = site.clock()
    with site.database.write() as connection:
        if people.find(connection, user, at) is None:
            raise NotFound
        secret = _issue(connection, "token", user, at, None)
        acts.record(connection, at, actor.name, channel, "token.created", user, after={"token": fingerprint(secret)})
        return secret


def revoke(
    connection: Connection,
    user: str,
    at: datetime,
    by: str,
    channel: Channel,
    reason: str,
    kinds: Collection[str] = ("session", "link", "token"),
) -> None:
    """End every session, link and token of `user`, or those of `kinds`."""
    ended = connection.execute(
        update(credentials)
        .where(credentials.c.user == user, credentials.c.kind.in_(kinds), credentials.c.ended_at.is_(None))
        .values(ended_at=at)
        .returning(credentials.c.kind, credentials.c.sha256, credentials.c.expires_at)
    ).all()
    tokens = sorted(row.sha256 for row in ended if row.kind == "token")
    after = {"tokens": tokens, "sessions": sum(row.kind == "session" and row.expires_at > at for row in ended)}
    acts.record(connection, at, by, channel, "access.revoked", user, after=after, reason=reason)


def holder(site: Site, kind: str, secret: str) -> Actor | None:
    """Who a token or session belongs to, as they are now; None when it is not valid."""
    with site.database.read() as connection:
        return people.by_credential(connection, kind, fingerprint(secret), site.clock())


def end(site: Site, secret: str) -> None:
    """Sign out: the session is worth nothing from now on."""
    with site.database.write() as connection:
        connection.execute(
            update(credentials).where(credentials.c.sha256 == fingerprint(secret)).values(ended_at=site.clock())
        )


def _open(connection: Connection, user: str, at: datetime, how: dict[str, str]) -> str:
    secret = _issue(connection, "session", user, at, at + SESSION)
    acts.record(connection, at, user, PAGES, "signed_in", user, after=how)
    return secret


def _issue(connection: Connection, kind: str, user: str, at: datetime, expires_at: datetime | None) -> str:
    secret = secrets.token_urlsafe(32)
    row = {"sha256": fingerprint(secret), "kind": kind, "user": user, "created_at": at, "expires_at": expires_at}
    connection.execute(insert(credentials), {**row, "ended_at": None})
    return secret


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
