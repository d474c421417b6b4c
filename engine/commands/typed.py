"""What was typed when a session had ended, kept while its person signs in somewhere else; nobody is signed in then.

Anybody who reaches the sign-in page can leave text here, so there is room for little of it, and for an hour only.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select

from engine.canonical import canonical
from engine.credentials import fingerprint
from engine.models import typed
from engine.site import Site

KEPT = timedelta(hours=1)
MOST = 200
LONGEST = 200_000  # characters, as stored


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form, in their order, and where they were to go."""

    path: str
    fields: tuple[tuple[str, str], ...]


def keep_typed(site: Site, path: str, fields: Sequence[tuple[str, str]]) -> str | None:
    """Keep it; the secret that fetches it once, or None when there is no room."""
    text, secret = canonical([list(field) for field in fields]), secrets.token_urlsafe(32)
    with site.database.write() as connection:
        _forget(site, connection)
        count = connection.execute(select(func.count()).select_from(typed)).scalar_one()
        if count >= MOST or len(text) + len(path) > LONGEST:
            return None
        connection.execute(insert(typed), {"id": fingerprint(secret), "path": path, "fields": text, "at": site.clock()})
    return secret


def take_typed(site: Site, secret: str) -> Typed | None:
    """What was kept, once; None when it is gone."""
    with site.database.write() as connection:
        _forget(site, connection)
        row = connection.execute(select(typed).where(typed.c.id == fingerprint(secret))).first()
        connection.execute(delete(typed).where(typed.c.id == fingerprint(secret)))
    return None if row is None else Typed(row.path, tuple((name, value) for name, value in json.loads(row.fields)))


def _forget(site: Site, connection: Connection) -> None:
    connection.execute(delete(typed).where(typed.c.at < site.clock() - KEPT))
