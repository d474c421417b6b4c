"""What comes to cases from outside without a person's task: timers that run out, messages, signals."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import clock
from engine.access import Actor, require
from engine.canonical import canonical
from engine.casework import Act, Casework, Channel, Recorded, on_case
from engine.commands.beginnings import begin_at, begun_by
from engine.due import do_each
from engine.errors import Conflict
from engine.models import instances, waits
from engine.runtime import NotExpected, Step
from engine.site import Site

CLOCK = Actor("os:alur", "Alur")
TIMER = Channel("timer")

_AWAKE = waits.join(instances, instances.c.id == waits.c.instance_id)
_DUE = (
    select(waits.c.instance_id, waits.c.path)
    .select_from(_AWAKE)
    .where(waits.c.due_at <= bindparam("now"), instances.c.suspended.is_(None))
    .order_by(waits.c.due_at, waits.c.instance_id, waits.c.path)
)
_LISTENING = (
    select(waits.c.instance_id)
    .select_from(_AWAKE)
    .where(waits.c.kind == bindparam("kind"), waits.c.name == bindparam("name"), instances.c.suspended.is_(None))
    .distinct()
    .order_by(waits.c.instance_id)
)


def fire_timers(site: Site) -> int:
    """Let every timer that is due run out, the earliest first, each in a command of its own; returns how many did.

    Any number of processes may do this at once: whoever locks the case first fires, the others find it done.
    """
    return do_each(site, "timer", _DUE, partial(_fired, site))


def deliver_message(
    site: Site, actor: Actor, channel: Channel, name: str, correlation: Any = None, payload: Any = None
) -> tuple[str, Recorded]:
    """Give a message to the case that waits longest for it, with that correlation; returns the case and the receipt.

    When none does, it begins a case of the SOP that starts with it. Raises `Forbidden`, or `NotExpected`.
    """
    require(actor, "case.operate")
    data = {"name": name, "correlation": correlation, "payload": payload}
    wanted = None if correlation is None else canonical(correlation)
    for instance_id in _waiting(site, "message", name, wanted):
        try:
            return instance_id, _come(site, actor, channel, instance_id, "message", data)
        except Conflict:
            continue  # somebody was faster
    return _begun(site, actor, channel, data)


def broadcast_signal(site: Site, actor: Actor, channel: Channel, name: str, payload: Any = None) -> list[str]:
    """Give a signal to every case that waits for it and begin those that start with it; returns the cases.

    Raises `Forbidden`.
    """
    require(actor, "case.operate")
    reached = []
    for instance_id in _waiting(site, "signal", name):
        try:
            _come(site, actor, channel, instance_id, "signal", {"name": name, "payload": payload})
        except Conflict:
            continue
        reached.append(instance_id)
    with site.database.write() as connection:
        begun = [
            begin_at(site, connection, row, start, actor, channel, payload)[0]
            for row, start in begun_by(site, connection, "signal", name)
        ]
    for work in begun:
        work.keep()
    return reached + [work.instance_id for work in begun]


def _begun(site: Site, actor: Actor, channel: Channel, data: dict[str, Any]) -> tuple[str, Recorded]:
    with site.database.write() as connection:
        found = next(begun_by(site, connection, "message", data["name"]), None)
        if found is None:
            raise NotExpected(name=data["name"])
        work, recorded = begin_at(site, connection, *found, actor, channel, data["payload"])
    work.keep()
    if found[1].kind != "startEvent":
        recorded = _come(site, actor, channel, work.instance_id, "message", data)
    return work.instance_id, recorded


def _fired(site: Site, instance_id: str, path: str) -> bool:
    with on_case(site, instance_id) as work:
        work.require_active()
        case = work.load()
        wait = next((wait for wait in case.waits if wait.path == path), None)
        if wait is None or wait.due is None:
            return False  # somebody was faster
        data = {"due_at": clock.to_text(wait.due)}
        act = Act("timer", CLOCK, TIMER, path=path, activity_id=wait.activity_id, data=data)
        work.record(act, case.fire(path, work.perform(act), work.at))
    return True


def _come(site: Site, actor: Actor, channel: Channel, instance_id: str, kind: str, data: dict[str, Any]) -> Recorded:
    with on_case(site, instance_id) as work:
        work.require_active()
        act = Act(kind, actor, channel, data=data)
        return work.record(act, step(work, act))


def step(work: Casework, act: Act) -> Step:
    """Let a message or signal come to a case that is at hand; raises `NotExpected`."""
    case, perform = work.load(), work.perform(act)
    if act.kind == "message":
        return case.deliver(act.data["name"], act.data["payload"], perform, work.at, act.data["correlation"])
    return case.broadcast(act.data["name"], act.data["payload"], perform, work.at)


def _waiting(site: Site, kind: str, name: str, correlation: str | None = None) -> list[str]:
    with site.database.read() as connection:
        return listening(connection, kind, name, correlation)


def listening(connection: Connection, kind: str, name: str, correlation: str | None = None) -> list[str]:
    """The cases that wait for a message or signal now, oldest first; `correlation` is canonical text."""
    query = _LISTENING
    if kind == "message":
        same = waits.c.correlation.is_(None) if correlation is None else waits.c.correlation == correlation
        query = query.where(same)
    return list(connection.execute(query, {"kind": kind, "name": name}).scalars())
