"""What concerns no single case: rows without one, offered SOPs, restored backups."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from engine import contents
from engine.acts import chain
from engine.canonical import canonical
from engine.definitions import deployed_definition
from engine.errors import N_, AlurError
from engine.models import (
    acts,
    attachments,
    definitions,
    documents,
    history,
    instances,
    keywords,
    numbers,
    participants,
    user_tasks,
    waits,
)
from engine.proof.finding import TABLES, Finding, finding
from engine.verification import UNREADABLE, Different

OF_CASES = (history, user_tasks, waits, documents, numbers, attachments, keywords, participants)


@dataclass(frozen=True, slots=True)
class Restore:
    """That somebody put a backup in the place of everything: checkpoints `first` to `last` seal what went."""

    seq: int
    at: str
    by: str
    reason: str | None
    first: int
    last: int


def restores(connection: Connection) -> list[Restore]:
    """All that the acts tell of, oldest first; none where their chain is broken, since then nothing in it counts."""
    if connection.execute(select(acts.c.seq).where(acts.c.kind == "restore").limit(1)).first() is None:
        return []
    try:
        return [_restore(act) for act in chain(connection) if act["kind"] == "restore"]
    except (Different, *UNREADABLE):
        return []


def _restore(act: dict[str, Any]) -> Restore:
    last, kept = ((act[when] or {}).get("checkpoint", 0) for when in ("before", "after"))
    return Restore(act["seq"], act["at"], act["actor"], act["reason"], kept + 1, last)


def check_tables(connection: Connection) -> Iterator[Finding]:
    """Rows of cases that are not there, and SOPs that are offered otherwise than their model says."""
    for table in OF_CASES:
        case = table.c.instance_id
        lost = select(case).where(case.is_not(None), case.not_in(select(instances.c.id))).distinct().order_by(case)
        for name in connection.execute(lost).scalars():
            reason = N_("the table %(table)s has rows of this case, which is not there")
            yield finding(name, None, reason, table=table.name)
    for row in connection.execute(select(definitions).order_by(definitions.c.key, definitions.c.version)):
        yield from _check_definition(connection, row)


def _check_definition(connection: Connection, row: Row[Any]) -> Iterator[Finding]:
    name = f"{row.key} {row.version}"
    try:
        files = {name: contents.read(connection, sha256) for name, sha256 in json.loads(row.files).items()}
        read = deployed_definition(files, row.key)
    except (AlurError, KeyError, StopIteration, TypeError, ValueError) as error:
        yield finding(TABLES, None, N_("SOP %(name)s cannot be read"), row.digest, error, name=name)
        return
    said = {"name": row.name, "source": row.source, "lanes": row.lanes, "start_lane": row.start_lane}
    lanes = canonical(list(read.lanes))
    model = {"name": read.name, "source": read.source, "lanes": lanes, "start_lane": read.start_lane}
    if read.digest != row.digest:
        yield finding(TABLES, None, N_("the files of SOP %(name)s were changed"), row.digest, read.digest, name=name)
    elif said != model:
        reason = N_("SOP %(name)s is offered otherwise than its model says")
        yield finding(TABLES, None, reason, canonical(model), canonical(said), name=name)
