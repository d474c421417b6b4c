"""A case is its history: entries that are only ever appended, each bound to the one before by its hash.

An entry is canonical JSON (RFC 8785); its hash is the SHA-256 of those very bytes. It holds what was done, by whom,
and every answer that came from outside (`results`, `allowed`, `due_at`), so that the case can be executed again from it
alone.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from engine.canonical import canonical
from engine.models import history

Entry = Mapping[str, Any]

GENESIS = "0" * 64

_INSERT = insert(history)
STORED = (history.c.seq, history.c.hash, history.c.entry, history.c.kind, history.c.activity_id)
_ALL = select(*STORED).where(history.c.instance_id == bindparam("case"))
_ORDERED = _ALL.order_by(history.c.seq)
_LAST_ACT = (
    select(history.c.entry)
    .where(
        history.c.instance_id == bindparam("case"),
        history.c.activity_id == bindparam("activity"),
        history.c.kind == "complete",
    )
    .order_by(history.c.seq.desc())
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One row: its place, the hash it claims, and the bytes the hash must cover; what it is found by repeats these."""

    seq: int
    hash: str
    text: str
    kind: str
    activity_id: str | None

    @property
    def entry(self) -> dict[str, Any]:
        """The entry with its hash, as the API gives it."""
        return {**json.loads(self.text), "hash": self.hash}


def digest(text: str) -> str:
    """The hash of an entry's canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal(entry: Entry) -> Stored:
    """The entry as it will be stored, with its hash."""
    text = canonical(entry)
    return Stored(entry["seq"], digest(text), text, entry["kind"], entry["activity_id"])


def append(connection: Connection, entry: Entry, sealed: Stored) -> None:
    """Write the sealed entry as the next of its case; the caller's lock makes it the next."""
    row = {"instance_id": entry["case"], "seq": sealed.seq, "hash": sealed.hash, "entry": sealed.text}
    connection.execute(_INSERT, {**row, "activity_id": sealed.activity_id, "kind": sealed.kind})


def read(connection: Connection, instance_id: str) -> Iterator[Stored]:
    """The entries of a case, oldest first."""
    for row in connection.execute(_ORDERED, {"case": instance_id}):
        yield Stored(*row)


def find(connection: Connection, instance_id: str, seq: int) -> Stored | None:
    """One entry of a case."""
    row = connection.execute(_ORDERED.where(history.c.seq == seq), {"case": instance_id}).first()
    return None if row is None else Stored(*row)


def page(connection: Connection, instance_id: str, after: int, limit: int) -> list[Stored]:
    """Up to `limit` entries with a sequence number above `after`."""
    rows = connection.execute(_ORDERED.where(history.c.seq > after).limit(limit), {"case": instance_id})
    return [Stored(*row) for row in rows]


def last_act(
    connection: Connection, instance_id: str, activity_id: str, path: str | None = None
) -> dict[str, Any] | None:
    """The latest entry that completed the activity, or that task of it; None where there is none."""
    found = connection.execute(_LAST_ACT, {"case": instance_id, "activity": activity_id}).scalars().all()
    entries = (dict(json.loads(text)) for text in found)
    return next((entry for entry in entries if path in (None, entry["path"])), None)
