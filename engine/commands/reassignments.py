"""Giving a task to somebody else, or back to its role: an administrator's act, for who cannot do it themself."""

from engine import identity, people
from engine.access import Actor, require
from engine.casework import Act, Casework, Channel, on_case
from engine.commands.cases import require_reason
from engine.errors import CannotReceive, HolderChanged, TaskClaimed, TaskDone, TaskFree
from engine.queries import user_tasks
from engine.queries.user_tasks import OPEN, UserTask
from engine.site import Site


def reassign_user_task(
    site: Site, actor: Actor, channel: Channel, task_id: str, to: str | None, reason: str, seen: int | None = None
) -> None:
    """Take an open task from who has it and give it to `to`, or to its role again when that is None.

    It ends a delegation; what the other typed stays their draft. `seen` is the revision of the task on which this was
    decided, None when it is to happen whoever has it. Raises `NotFound`, `Forbidden`, `Unacceptable`
    without a reason, `TaskDone`, `CaseEnded`, `CaseSuspended`, `TaskClaimed` when `to` holds it already, `TaskFree`
    when nobody has it who could give it back, `CannotReceive` when it is not for `to` to do, and `HolderChanged` when
    it is not with whom `seen` had it.
    """
    instance_id, path = identity.split_user_task_id(task_id)
    with on_case(site, instance_id) as work:
        task = user_tasks.find(work.connection, actor, instance_id, path)
        require(actor, "case.operate")
        require_reason(reason)
        if task.status not in OPEN:
            raise TaskDone(by=task.ended_by, at=task.ended_at)
        work.require_active()
        if seen not in (None, task.revision):
            raise HolderChanged
        _require_change(work, task, to)
        act = Act("reassign", actor, channel, path=path, activity_id=task.activity_id, reason=reason, task=task.post)
        act.extra = {"reassigned_to": to, "taken_from": task.holder}
        work.record(act)


def _require_change(work: Casework, task: UserTask, to: str | None) -> None:
    if to is None and task.holder is None:
        raise TaskFree
    if to is not None and to == task.claimed_by:
        raise TaskClaimed(holder=to, since=task.claimed_at)
    if to is not None and to not in people.allowed(work.connection, task.post, work.at):
        raise CannotReceive(name=to)
