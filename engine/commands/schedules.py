"""SOPs that start cases by themselves, at the moments that a timer start event says."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine import office
from engine.bpmn import Element
from engine.casework import Channel
from engine.commands.beginnings import begin_at
from engine.commands.events import CLOCK
from engine.definitions import Definition
from engine.due import do_each
from engine.expressions import compile_expression
from engine.models import schedules
from engine.queries.definitions import Deployed, deployed
from engine.site import Site
from engine.times import Due, Reckon, first_due, is_literal, next_due, next_moment

TIMER = Channel("timer")

_DUE = (
    select(schedules.c.key, schedules.c.activity_id)
    .where(schedules.c.due_at <= bindparam("now"))
    .order_by(schedules.c.due_at)
)
_SAME = (schedules.c.key == bindparam("at_key"), schedules.c.activity_id == bindparam("at_activity"))
_ONE = select(schedules).where(*_SAME)
_MOVED = update(schedules).where(*_SAME, schedules.c.due_at == bindparam("seen"))


def schedule(connection: Connection, row: Deployed, definition: Definition) -> None:
    """Let a version that was just deployed start cases when it says, in the place of the one before."""
    connection.execute(delete(schedules).where(schedules.c.key == row.key))
    for start in definition.starts:
        if any(event.kind == "timer" for event in start.events):
            values = {"key": row.key, "activity_id": start.id, "version": row.version}
            connection.execute(insert(schedules), {**values, **_columns(_first(row, start, _office(connection)))})


def begin_due(site: Site) -> int:
    """Start every case whose moment has come, each once; of moments that were missed, one. Returns how many."""
    return do_each(site, "schedule", _DUE, partial(_begun, site))


def _begun(site: Site, key: str, activity_id: str) -> bool:
    at = {"at_key": key, "at_activity": activity_id}
    with site.database.read() as connection:
        row = connection.execute(_ONE, at).one()
        version = deployed(connection, key, row.version)
        assert version is not None, "what has a schedule was deployed"
        starts = site.bundle(connection, version.digest).definition.starts
        start = next(each for each in starts if each.id == activity_id)
        reckon = _office(connection)
        first = _first(version, start, reckon)  # as the model says it: what was noted before may have drifted
        later = first and next_due(Due(row.due_at, first.cycle, row.left), site.clock(), reckon)
    with site.database.write() as connection:
        if connection.execute(_MOVED, {**at, "seen": row.due_at, **_columns(later)}).rowcount != 1:
            return False  # somebody was faster
        if deployed(connection, key) != version or version.withdrawn is not None:
            return False
        work, _ = begin_at(site, connection, version, start, CLOCK, TIMER)
    work.keep()
    return True


def _first(version: Deployed, start: Element, reckon: Reckon) -> Due | None:
    event = next(event for event in start.events if event.kind == "timer")
    value = event.expression if is_literal(event.expression) else compile_expression(event.expression).constant
    return first_due(event.timer, value, version.deployed_at, reckon)


def _office(connection: Connection) -> Reckon:
    return partial(next_moment, zone=office.calendar(connection).zone)


def _columns(due: Due | None) -> dict[str, Any]:
    return {"due_at": due and due.at, "left": due.left if due else 0}
