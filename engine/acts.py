"""What people do outside cases is a history too: acts that are only ever appended, each bound to the one before.

People and what they hold, passwords and tokens, sign-ins, deployments, the office's data, the register, backups. An
act is written in the transaction of what it records. There is one chain, since acts are rare; each case has its own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine import clock
from engine.canonical import canonical
from engine.contents import sha256
from engine.errors import N_
from engine.models import acts
from engine.verification import Different

Data = Mapping[str, Any]

GENESIS = "0" * 64

_LAST = select(acts.c.seq, acts.c.at, acts.c.hash).order_by(acts.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Channel:
    """Which way a command came in: `web`, `api`, `cli`; `account` is the operating system's, for the command line."""

    name: str
    account: str | None = None


def record(
    connection: Connection,
    at: datetime,
    actor: str,
    channel: Channel,
    kind: str,
    subject: str,
    *,
    before: Data | None = None,
    after: Data | None = None,
    reason: str | None = None,
) -> None:
    """Append an act, as the last thing of its transaction: others wait for the chain until that ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("acts"))))
    last = connection.execute(_LAST).first()
    at = clock.after(at, last.at if last else None)
    entry = {
        "seq": last.seq + 1 if last else 1,
        "at": clock.to_text(at),
        "actor": actor,
        "channel": channel.name,
        "account": channel.account,
        "kind": kind,
        "subject": subject,
        "before": before,
        "after": after,
        "reason": reason,
        "prev_hash": last.hash if last else GENESIS,
    }
    text = canonical(entry)
    row = {"seq": entry["seq"], "at": at, "actor": actor, "kind": kind, "subject": subject[:200]}
    connection.execute(insert(acts), {**row, "hash": sha256(text.encode()), "entry": text})


def head(connection: Connection) -> tuple[int, str]:
    """The sequence number and the hash of the last act."""
    last = connection.execute(_LAST).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def entry(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of `acts`
    """An act with its hash, as it is given out."""
    return {**json.loads(row.entry), "hash": row.hash}


def chain(connection: Connection) -> Iterator[dict[str, Any]]:
    """All acts, oldest first, each checked against the one before; raises `Different`."""
    previous, last_at = GENESIS, ""
    for number, row in enumerate(connection.execute(select(acts).order_by(acts.c.seq)), 1):
        if row.seq != number:
            raise Different(number, N_("an entry is missing"), number, row.seq)
        found = sha256(row.entry.encode())
        if found != row.hash:
            raise Different(number, N_("the entry was changed"), row.hash, found)
        act = json.loads(row.entry)
        if (act["seq"], act["prev_hash"]) != (number, previous):
            raise Different(number, N_("the chain is broken"), previous, act["prev_hash"])
        if act["at"] <= last_at:
            raise Different(number, N_("time runs backwards"), f"after {last_at}", act["at"])
        columns = {"at": clock.to_text(row.at), "actor": row.actor, "kind": row.kind, "subject": row.subject}
        written = {name: act[name][:200] for name in columns}
        if columns != written:
            raise Different(number, N_("the entry was changed"), written, columns)
        previous, last_at = row.hash, act["at"]
        yield act
