"""Starting a case, and an operator's acts on one: cancel, suspend, resume, try again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor, may, starting
from engine.casework import Act, Casework, Channel, Recorded, on_case
from engine.errors import N_, CaseEnded, Conflict, Forbidden, NoIncident, SopWithdrawn, StateUnreadable, Unacceptable
from engine.idempotency import first_answer, remember
from engine.identity import new_id
from engine.queries.cases import require_visible
from engine.queries.definitions import Deployed, visible
from engine.replay import restored
from engine.runtime import Case
from engine.site import Site
from engine.substitutes import refreshed

KEY_LENGTH = 200


def start_process(
    site: Site,
    actor: Actor,
    channel: Channel,
    key: str,
    *,
    version: int | None = None,
    business_key: str | None = None,
    data: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> tuple[str, str]:
    """Start a case of the SOP `key`, of its current version unless one is named; returns its id and the receipt.

    With `once`, an idempotency key, the same request again is answered with the first case; raises `KeyReused` when it
    came with another.

    Raises `NotFound` for an SOP that the actor may not see, `Forbidden` for one that is not theirs to start, and
    `SopWithdrawn` for a version that was withdrawn.
    """
    if business_key is not None and len(business_key) > KEY_LENGTH:
        raise Unacceptable(reason=N_("a title has at most 200 letters"))
    with site.database.write() as connection:
        request = [key, version, business_key, data]
        if once and (answer := first_answer(connection, actor.name, once, request, site.clock())):
            return answer["id"], answer["receipt"]
        actor = refreshed(connection, actor, site.clock())
        row = visible(connection, actor, key, version)
        acting = starting(actor, row)
        if acting is None:
            raise Forbidden
        if row.withdrawn is not None:
            raise SopWithdrawn(version=row.version, reason=row.withdrawn)
        act = Act("start", actor, channel, data=dict(data or {}), capacity=acting)
        work, recorded = begin(site, connection, row, act, business_key)
        if once:
            remember(connection, actor.name, once, {"id": work.instance_id, "receipt": recorded.hash})
    work.keep()
    return work.instance_id, recorded.hash


def begin(
    site: Site, connection: Connection, row: Deployed, act: Act, business_key: str | None = None
) -> tuple[Casework, Recorded]:
    """Start a case of a version, at the act's start event or the plain one; to be kept in memory once it is on disk."""
    work = Casework(site, connection, site.bundle(connection, row.digest), new_id())
    definition = work.bundle.definition
    act.activity_id = act.activity_id or definition.starts[0].id
    named = {"business_key": business_key, "definition": {"key": row.key, "version": row.version}}
    act.extra = {**(act.extra or {}), **named}
    perform = work.perform(act, business_key or row.name)
    work.case, step = Case.start(definition, act.data, perform, work.at, act.activity_id)
    return work, work.record(act, step)


def cancel_case(site: Site, actor: Actor, channel: Channel, instance_id: str, reason: str) -> Recorded:
    """End a case before its time: by who started it, or an operator. Raises `CaseEnded`."""
    with on_case(site, instance_id) as work:
        _require_operator(work, actor, or_starter=True)
        require_reason(reason)
        if work.row.status in ("completed", "cancelled"):
            raise CaseEnded
        step = work.load().cancel()
        return work.record(Act("cancel", actor, channel, reason=reason), step, status="cancelled")


def suspend_case(site: Site, actor: Actor, channel: Channel, instance_id: str, reason: str) -> Recorded:
    """Let a case rest: nobody can act on it until it is resumed."""
    with on_case(site, instance_id) as work:
        _require_operator(work, actor)
        require_reason(reason)
        work.require_active()
        return work.record(Act("suspend", actor, channel, reason=reason), status="suspended")


def resume_case(site: Site, actor: Actor, channel: Channel, instance_id: str, reason: str) -> Recorded:
    """Let a suspended case go on; raises `Conflict` for one that is not suspended."""
    with on_case(site, instance_id) as work:
        _require_operator(work, actor)
        if work.row.suspended is None:
            raise Conflict
        return work.record(Act("resume", actor, channel, reason=reason), status=work.load().status)


def retry_case(site: Site, actor: Actor, channel: Channel, instance_id: str, reason: str) -> Recorded:
    """Try again what failed in a case; raises `NoIncident` when nothing did.

    A state that cannot be read is made anew from the history; raises `StateUnreadable` when that cannot be executed.
    """
    with on_case(site, instance_id) as work:
        _require_operator(work, actor)
        work.require_active()
        try:
            case = work.load()
        except StateUnreadable:
            work.case = restored(site, work.connection, work.bundle, instance_id)
            return work.record(Act("restore", actor, channel, reason=reason), status=work.case.status)
        if not case.incidents:
            raise NoIncident
        act = Act("retry", actor, channel, reason=reason)
        step = case.retry(work.perform(act), work.at)
        return work.record(act, step)


def _require_operator(work: Casework, actor: Actor, *, or_starter: bool = False) -> None:
    require_visible(work.connection, actor, work.instance_id)
    if not may(actor, "case.operate") and not (or_starter and work.row.started_by == actor.name):
        raise Forbidden


def require_reason(reason: str) -> None:
    """Raise `Unacceptable` for an act that says nothing of why."""
    if not reason.strip():
        raise Unacceptable(reason=N_("give a reason"))
