"""Delivering what cases send each other: to a case that waits for it, or as the beginning of a new one.

Any number of processes may do this at once: whatever arrives is taken in the transaction that records its arrival.
"""

import json
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select, update

from engine import history, post
from engine.casework import Act, Channel, on_case
from engine.commands.beginnings import begin_at, begun_by
from engine.commands.events import CLOCK, listening, step
from engine.due import do_each
from engine.errors import Conflict
from engine.models import instances, waits
from engine.models import post as table
from engine.queries.definitions import deployed
from engine.runtime import NotExpected
from engine.site import Site

POST = Channel("post")
BEGINS = "begins:"  # what a receiver that is an SOP, and no case, has before its key

_AWAKE = waits.join(instances, instances.c.id == waits.c.instance_id)
_EXPECTED = (
    select(table.c.id)
    .where(
        table.c.kind == "message",
        table.c.status.in_(("new", "waiting")),
        exists()
        .select_from(_AWAKE)
        .where(
            waits.c.kind == "message",
            waits.c.name == table.c.name,
            waits.c.correlation.is_not_distinct_from(table.c.correlation),
            waits.c.instance_id != table.c.instance_id,
            instances.c.suspended.is_(None),
        ),
    )
    .order_by(table.c.id)
)
_ADDRESSED = select(table.c.id, table.c.receiver).where(table.c.status == "addressed").order_by(table.c.id)
_NEW = select(table.c.id).where(table.c.status == "new").order_by(table.c.id)
_ONE = select(table).where(table.c.id == bindparam("wanted"))
_WAITS = update(table).where(table.c.id == bindparam("kept"), table.c.status == "new").values(status="waiting")


def deliver_post(site: Site) -> int:
    """Let what was sent arrive, also what that sends in turn; returns how much did."""
    arrived = 0
    while True:
        before = arrived
        arrived += do_each(site, "message", _EXPECTED, partial(_is_taken, site))
        do_each(site, "new message", _NEW, partial(_route, site))
        arrived += do_each(site, "message", _ADDRESSED, partial(_arrives, site))
        if arrived == before:
            return arrived


def _route(site: Site, id_: str) -> bool:
    """A signal is for all, a message that no case waits for may begin one; else it waits until one does."""
    with site.database.write() as connection:
        row = connection.execute(_ONE, {"wanted": id_}).one()
        begins = [f"{BEGINS}{found.key}" for found, _ in begun_by(site, connection, row.kind, row.name)]
        if row.kind == "signal":
            cases = listening(connection, "signal", row.name)
            post.address(connection, row._asdict(), [case for case in cases if case != row.instance_id] + begins)
        elif begins and not listening(connection, "message", row.name, row.correlation):
            post.address(connection, row._asdict(), begins[:1])
        else:
            connection.execute(_WAITS, {"kept": id_})
    return True


def _is_taken(site: Site, id_: str) -> bool:
    """By the case that has waited longest, of those that can take it."""
    with site.database.read() as connection:
        row = connection.execute(_ONE, {"wanted": id_}).one()
        cases = listening(connection, "message", row.name, row.correlation)
    for case in cases:
        try:
            if case != row.instance_id:
                return _is_given(site, row, case)
        except Conflict:
            continue
    return False


def _arrives(site: Site, id_: str, receiver: str) -> bool:
    with site.database.read() as connection:
        row = connection.execute(_ONE, {"wanted": id_}).one()
    try:
        return _begins(site, row) if receiver.startswith(BEGINS) else _is_given(site, row, receiver)
    except NotExpected:  # its case no longer listens
        with site.database.write() as connection:
            return post.take(connection, id_)


def _is_given(site: Site, row: Row[Any], case: str) -> bool:
    with on_case(site, case) as work:
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
        found = deployed(connection, row.receiver.removeprefix(BEGINS))
        if found is None or found.withdrawn is not None:
            raise NotExpected(name=row.name)
        start = site.bundle(connection, found.digest).definition.begun_by(row.kind, row.name)
        if start is None:
            raise NotExpected(name=row.name)
        data, origin = _data(row), {"from": _origin(connection, row)}
        work, _ = begin_at(site, connection, found, start, CLOCK, POST, data["payload"], origin)
        if start.kind != "startEvent":
            post.address_to(connection, row._asdict(), work.instance_id)
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
