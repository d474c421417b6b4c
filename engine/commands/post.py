"""Delivering what cases send each other: to a case that waits for it, or as the beginning of a new one.

Any number of processes may do this at once: whatever arrives is taken in the transaction that records its arrival.
"""

import json
import logging
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from engine import history, post
from engine.casework import Act, Channel, on_case
from engine.commands.beginnings import begin_at, begun_by
from engine.commands.events import CLOCK, listening, step
from engine.errors import AlurError
from engine.models import instances, waits
from engine.models import post as table
from engine.queries.definitions import deployed
from engine.runtime import NotExpected
from engine.site import Site

POST = Channel("post")
BATCH = 100
BEGINS = "begins:"  # what a receiver that is an SOP, and no case, has before its key

_AWAKE = waits.join(instances, instances.c.id == waits.c.instance_id)
_EXPECTED = (
    select(table, waits.c.instance_id.label("case"))
    .select_from(table.join(_AWAKE, (waits.c.kind == table.c.kind) & (waits.c.name == table.c.name)))
    .where(
        table.c.kind == "message",
        table.c.status.in_(("new", "waiting")),
        waits.c.correlation.is_not_distinct_from(table.c.correlation),
        waits.c.instance_id != table.c.instance_id,
        instances.c.suspended.is_(None),
    )
    .order_by(table.c.id, waits.c.instance_id)
    .limit(BATCH)
)
_ADDRESSED = select(table, table.c.receiver.label("case")).where(table.c.status == "addressed").limit(BATCH)
_NEW = select(table).where(table.c.status == "new").order_by(table.c.id).limit(BATCH)
_WAITS = update(table).where(table.c.id == bindparam("kept"), table.c.status == "new").values(status="waiting")

log = logging.getLogger("alur.post")


def deliver_post(site: Site) -> int:
    """Let what was sent arrive, also what that sends in turn; returns how much did."""
    arrived, passed_over = 0, set[str]()
    while True:
        before = arrived
        arrived += sum(_arrives(site, row, passed_over) for row in _rows(site, _EXPECTED))
        for row in _rows(site, _NEW):
            _route(site, row)
        arrived += sum(_arrives(site, row, passed_over) for row in _rows(site, _ADDRESSED))
        if arrived == before:
            return arrived


def forget_post(site: Site) -> None:
    """Throw away what nobody has waited for, for long."""
    with site.database.write() as connection:
        post.forget(connection, site.clock())


def _rows(site: Site, query: Select[Any]) -> list[Row[Any]]:
    with site.database.read() as connection:
        return list(connection.execute(query).all())


def _route(site: Site, row: Row[Any]) -> None:
    """A signal is for all, a message that no case waits for may begin one; else it waits until one does."""
    values = row._asdict()
    with site.database.write() as connection:
        begins = [f"{BEGINS}{found.key}" for found, _ in begun_by(site, connection, row.kind, row.name)]
        if row.kind == "signal":
            cases = listening(connection, "signal", row.name)
            post.address(connection, values, [case for case in cases if case != row.instance_id] + begins)
        elif begins and not listening(connection, "message", row.name, row.correlation):
            post.address(connection, values, begins[:1])
        else:
            connection.execute(_WAITS, {"kept": row.id})


def _arrives(site: Site, row: Row[Any], passed_over: set[str]) -> bool:
    if row.id in passed_over:
        return False
    try:
        return _begins(site, row) if row.case.startswith(BEGINS) else _is_given(site, row)
    except NotExpected:
        if row.status == "addressed":  # its case no longer listens
            with site.database.write() as connection:
                post.take(connection, row.id)
        return False
    except AlurError as error:
        passed_over.add(row.id)
        log.warning("%s “%s” of case %s does not arrive: %s", row.kind, row.name, row.instance_id, error)
        return False


def _is_given(site: Site, row: Row[Any]) -> bool:
    with on_case(site, row.case) as work:
        work.require_active()
        if not post.take(work.connection, row.id):
            return False  # somebody was faster
        origin = {"from": _origin(work.connection, row)}
        act = Act(row.kind, CLOCK, POST, data=_data(row), extra=origin)
        work.record(act, step(work, act))
    return True


def _begins(site: Site, row: Row[Any]) -> bool:
    with site.database.write() as connection:
        if not post.take(connection, row.id):
            return False
        found = deployed(connection, row.case.removeprefix(BEGINS))
        if found is None or found.withdrawn is not None:
            raise NotExpected(name=row.name)
        start = site.bundle(connection, found.digest).definition.begun_by(row.kind, row.name)
        if start is None:
            raise NotExpected(name=row.name)
        data, origin = _data(row), {"from": _origin(connection, row)}
        work, _ = begin_at(site, connection, found, start, CLOCK, POST, data["payload"], origin)
        if start.kind != "startEvent":
            post.address_to(connection, _sent(row), work.instance_id)
    work.keep()
    return True


def _data(row: Row[Any]) -> dict[str, Any]:
    data = {"name": row.name, "payload": json.loads(row.payload)}
    if row.kind == "message":
        data["correlation"] = None if row.correlation is None else json.loads(row.correlation)
    return data


def _origin(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    entry = history.find(connection, row.instance_id, row.seq)
    assert entry is not None, "what was sent stands in the history of its sender"
    return {"case": row.instance_id, "seq": row.seq, "hash": entry.hash, "place": row.place, "depth": row.depth}


def _sent(row: Row[Any]) -> dict[str, Any]:
    values = row._asdict()
    del values["case"]
    return values
