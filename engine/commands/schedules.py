"""SOPs that start cases by themselves, at the moments that a timer start event says."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from engine.casework import Channel
from engine.commands.beginnings import begin_at
from engine.commands.events import CLOCK
from engine.definitions import Definition
from engine.expressions import compile_expression
from engine.models import schedules
from engine.queries.definitions import Deployed, deployed
from engine.site import Site
from engine.times import Due, first_due, is_literal, next_due

TIMER = Channel("timer")

_DUE = select(schedules).where(schedules.c.due_at <= bindparam("now")).order_by(schedules.c.due_at)
_SAME = (
    schedules.c.key == bindparam("at_key"),
    schedules.c.activity_id == bindparam("at_activity"),
    schedules.c.due_at == bindparam("seen"),
)
_MOVED = update(schedules).where(*_SAME)


def schedule(connection: Connection, row: Deployed, definition: Definition) -> None:
    """Let a version that was just deployed start cases when it says, in the place of the one before."""
    connection.execute(delete(schedules).where(schedules.c.key == row.key))
    for start in definition.starts:
        event = next((event for event in start.events if event.kind == "timer"), None)
        if event is not None:
            value = event.expression if is_literal(event.expression) else compile_expression(event.expression).constant
            due = first_due(event.timer, value, row.deployed_at)
            values = {"key": row.key, "activity_id": start.id, "version": row.version}
            connection.execute(insert(schedules), {**values, **_columns(due)})


def begin_due(site: Site) -> int:
    """Start every case whose moment has come, each once; of moments that were missed, one. Returns how many."""
    with site.database.read() as connection:
        rows = connection.execute(_DUE, {"now": site.clock()}).all()
    return sum(_begun(site, row) for row in rows)


def _begun(site: Site, row: Row[Any]) -> bool:
    at = {"at_key": row.key, "at_activity": row.activity_id, "seen": row.due_at}
    with site.database.write() as connection:
        if connection.execute(_MOVED, {**at, **_columns(_later(site, row))}).rowcount != 1:
            return False  # somebody was faster
        found = deployed(connection, row.key)
        if found is None or found.version != row.version or found.withdrawn is not None:
            return False
        starts = site.bundle(connection, found.digest).definition.starts
        start = next(each for each in starts if each.id == row.activity_id)
        work, _ = begin_at(site, connection, found, start, CLOCK, TIMER)
    work.keep()
    return True


def _later(site: Site, row: Row[Any]) -> Due | None:
    """The first time of its cycle that is still to come."""
    due: Due | None = Due(row.due_at, row.left, row.every)
    while due is not None and due.at <= site.clock():
        due = next_due(due)
    return due


def _columns(due: Due | None) -> dict[str, Any]:
    if due is None:
        return {"due_at": None, "left": 0, "every": ""}
    return {"due_at": due.at, "left": due.left, "every": due.every}
