"""A forger who may write whatever the database holds and knows how Alur computes it: every hash, head and row anew."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine import acts, history
from engine.canonical import canonical
from engine.contents import sha256
from engine.models import acts as acts_table
from engine.models import documents, instances, metadata, numbers, participants, user_tasks, waits
from engine.models import history as history_table
from engine.projection import Projection, changes
from engine.site import Site

Change = Callable[[dict[str, Any]], object]


def forge(site: Site, case: str, seq: int | None, change: Change) -> None:
    """Change an entry of a case, or with None each, and compute all hashes and tables anew."""
    head, folded, people = history.GENESIS, Projection(), set()
    with site.database.write() as connection:
        for stored in list(history.read(connection, case)):
            entry = json.loads(stored.text)
            if seq in (None, stored.seq):
                change(entry)
            entry["prev_hash"] = head
            head = _replace(connection, entry)
            folded.fold(changes(entry, head))
            people |= {entry["actor"], entry["on_behalf_of"]} - {None}
        _write(connection, case, folded)
        connection.execute(delete(participants).where(participants.c.instance_id == case))
        connection.execute(insert(participants), [{"instance_id": case, "user": name} for name in people])


def forge_alone(site: Site, case: str, seq: int, change: Change) -> None:
    """Change one entry of a case and compute its own hash, no other."""
    with site.database.write() as connection:
        stored = history.find(connection, case, seq)
        assert stored is not None
        entry = json.loads(stored.text)
        change(entry)
        _replace(connection, entry)


def forge_act_alone(site: Site, seq: int, change: Change) -> None:
    """Change one act outside cases and compute its own hash, no other."""
    with site.database.write() as connection:
        act = json.loads(connection.execute(select(acts_table.c.entry).where(acts_table.c.seq == seq)).scalar_one())
        change(act)
        row = {"entry": canonical(act), "hash": sha256(canonical(act).encode())}
        connection.execute(update(acts_table).where(acts_table.c.seq == seq).values(**row))


def remove(site: Site, case: str) -> None:
    """Take a whole case away, with all of its rows."""
    with site.database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if "instance_id" in table.c:
                connection.execute(delete(table).where(table.c.instance_id == case))
        connection.execute(delete(instances).where(instances.c.id == case))


def last_entry(site: Site, case: str) -> dict[str, Any]:
    """The entry that nothing follows."""
    with site.database.read() as connection:
        return list(history.read(connection, case))[-1].entry


def last_act(site: Site) -> int:
    """The number of the act that nothing follows."""
    with site.database.read() as connection:
        return acts.head(connection)[0]


def _replace(connection: Connection, entry: dict[str, Any]) -> str:
    sealed = history.seal(entry)
    where = history_table.c.instance_id == entry["case"], history_table.c.seq == entry["seq"]
    row = {"hash": sealed.hash, "entry": sealed.text, "kind": entry["kind"], "activity_id": entry["activity_id"]}
    connection.execute(update(history_table).where(*where).values(**row))
    return sealed.hash


def _write(connection: Connection, case: str, folded: Projection) -> None:
    connection.execute(update(instances).where(instances.c.id == case).values(**folded.instance))
    for table in (numbers, documents, waits, user_tasks):
        connection.execute(delete(table).where(table.c.instance_id == case))
    rows = (user_tasks, folded.user_tasks), (waits, folded.waits), (documents, folded.documents)
    for table, made in (*rows, (numbers, folded.numbers)):
        if made:
            connection.execute(insert(table), list(made.values()))
