"""The tables of a case beside what its entries lead to."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.canonical import canonical
from engine.errors import N_
from engine.history import Entry, Stored
from engine.models import attachments, documents, instances, keywords, numbers, participants, user_tasks, waits
from engine.projection import Projection, changes
from engine.verification import Different


def kept_state(connection: Connection, case: str) -> str:
    """The state that is kept of the case."""
    return connection.execute(select(instances.c.state).where(instances.c.id == case)).scalar() or ""


def check_projections(connection: Connection, stored: list[Stored], entries: list[Entry]) -> None:
    """The tables say what the history says, but for the kept state; raises `Different`."""
    case = entries[0]["case"]
    folded = _folded(stored, entries)
    row = _only(_rows(connection, instances, "id", case))
    row.pop("state", None)
    _same(instances, [folded.instance], [row])
    _same(user_tasks, folded.user_tasks.values(), _rows(connection, user_tasks, "instance_id", case))
    _same(waits, folded.waits.values(), _rows(connection, waits, "instance_id", case))
    _same(documents, folded.documents.values(), _rows(connection, documents, "instance_id", case))
    _same(attachments, _bound(entries), map(_binding, _rows(connection, attachments, "instance_id", case)))
    given = [_without_remarks(row) for row in _rows(connection, numbers, "instance_id", case)]
    _same(numbers, folded.numbers.values(), given)
    _same(keywords, folded.keywords, _rows(connection, keywords, "instance_id", case))
    _same(participants, _took_part(entries), _rows(connection, participants, "instance_id", case))


def _bound(entries: list[Entry]) -> list[dict[str, Any]]:
    bound = {item["id"]: {**item, "seq": entry["seq"]} for entry in entries for item in entry["attachments"]}
    return [_binding(item) for item in bound.values()]


def _binding(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "sha256", "seq")}


def _took_part(entries: list[Entry]) -> list[dict[str, Any]]:
    people = {name for entry in entries for name in (entry["actor"], entry["on_behalf_of"]) if name}
    return [{"instance_id": entries[0]["case"], "user": name} for name in people]


def _folded(stored: list[Stored], entries: list[Entry]) -> Projection:
    folded = Projection()
    for row, entry in zip(stored, entries, strict=True):
        folded.fold(changes(entry, row.hash))
    return folded


def _rows(connection: Connection, table: Table, column: str, case: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(table.c[column] == case)).mappings()]


def _without_remarks(row: dict[str, Any]) -> dict[str, Any]:
    """A number as its case gave it; what the register's keeper remarked is in the acts."""
    return {name: value for name, value in row.items() if name not in ("note", "void")}


def _only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if len(rows) != 1:
        raise Different(None, N_("the case's row is missing"))
    return rows[0]


def _same(table: Table, expected: Iterable[Mapping[str, Any]], found: Iterable[Mapping[str, Any]]) -> None:
    """Raises `Different` with what tells the first row that is not as it should be, and only what differs in it."""
    wanted, there = _by_key(table, expected), _by_key(table, found)
    for key in sorted({*wanted, *there}):
        missing, extra = wanted.get(key, {}), there.get(key, {})
        if missing != extra:
            columns = {name for name in {*missing, *extra} if missing.get(name) != extra.get(name)}
            columns |= {*table.primary_key.columns.keys()} - {"instance_id"}
            raise Different(
                None,
                N_("the table %(table)s says something else than the history"),
                _told(missing, columns),
                _told(extra, columns),
                table=table.name,
                key=" ".join(key),
            )


def _by_key(table: Table, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], dict[str, str]]:
    key = table.primary_key.columns.keys()
    texts = ({str(name): str(value) for name, value in row.items()} for row in rows)  # names are a subclass of text
    return {tuple(row[name] for name in key): row for row in texts}


def _told(row: Mapping[str, str], columns: Container[str]) -> str:
    return canonical({name: value for name, value in row.items() if name in columns}) if row else ""
