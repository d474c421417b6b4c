"""What cases send each other: a message or signal that left its case lies here until others have it.

It is put here by the transaction that sends it and taken by the one that delivers it, so that it arrives once. What
arrives names where it comes from, and verification looks it up there.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from engine import clock
from engine.canonical import canonical
from engine.history import Entry
from engine.identity import new_id
from engine.models import post
from engine.site import Site

DEEPEST = 50  # messages that led to each other without anybody's act
KEPT = timedelta(days=90)

_INSERT = insert(post)
_TAKE = delete(post).where(post.c.id == bindparam("taken"))


def put(connection: Connection, entry: Entry) -> None:
    """Put down what an entry sent."""
    rows = list(_rows(entry))
    if rows:
        connection.execute(_INSERT, rows)


def take(connection: Connection, id_: str) -> bool:
    """Take it away; False when somebody else was faster."""
    return connection.execute(_TAKE, {"taken": id_}).rowcount == 1


def address(connection: Connection, row: Mapping[str, Any], receivers: list[str]) -> None:
    """Put one for each receiver in the place of what was for everybody."""
    if take(connection, row["id"]):
        for receiver in receivers:
            address_to(connection, row, receiver)


def address_to(connection: Connection, row: Mapping[str, Any], receiver: str) -> None:
    """Put one down for that receiver."""
    connection.execute(_INSERT, {**row, "id": new_id(), "status": "addressed", "receiver": receiver})


def forget(site: Site) -> None:
    """Throw away what nobody has waited for, for long."""
    with site.database.write() as connection:
        connection.execute(delete(post).where(post.c.at < site.clock() - KEPT))


def _rows(entry: Entry) -> Iterator[dict[str, Any]]:
    depth = entry["from"]["depth"] + 1 if entry.get("from") else 0
    for place, each in enumerate(entry["sent"]):
        yield {
            "id": new_id(),
            "instance_id": entry["case"],
            "seq": entry["seq"],
            "place": place,
            "kind": each["kind"],
            "name": each["name"],
            "correlation": None if each["correlation"] is None else canonical(each["correlation"]),
            "payload": canonical(each["payload"]),
            "depth": depth,
            "status": "new" if depth < DEEPEST else "failed",
            "receiver": None,
            "at": clock.from_text(entry["at"]),
        }
