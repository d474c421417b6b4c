"""What people do with their tasks: take, give back, keep a draft, send."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert

from engine import identity, people
from engine.access import Actor, Capacity, capacity, require_task
from engine.canonical import canonical
from engine.casework import Act, Casework, Channel, Recorded, on_case
from engine.commands.attachments import bind
from engine.commands.signed_copies import signed_copies_sent
from engine.errors import (
    N_,
    DelegatedOnce,
    DraftChanged,
    InvalidForm,
    Separated,
    TaskClaimed,
    TaskDone,
    TaskNotClaimed,
    Unacceptable,
)
from engine.idempotency import first_answer, remember
from engine.inputs import Checklist, inputs, problems, recorded
from engine.models import drafts
from engine.queries import user_tasks
from engine.queries.user_tasks import OPEN, UserTask
from engine.site import Site
from engine.substitutes import refreshed
from forms.marked import keywords
from forms.schema import Form
from forms.validation import FieldError, attachments, validate

Shown = tuple[Mapping[str, Any], Checklist | None]

GONE = N_("This file is no longer there. Choose it again.")

_DRAFT = delete(drafts).where(
    drafts.c.instance_id == bindparam("case"), drafts.c.path == bindparam("at_path"), drafts.c.user == bindparam("who")
)


@dataclass(frozen=True, slots=True)
class Completion:
    """What a submission led to: the receipt is the hash of its history entry."""

    receipt: str
    instance_id: str
    opened: tuple[str, ...]
    documents: tuple[str, ...]
    status: str


def claim_user_task(site: Site, actor: Actor, channel: Channel, task_id: str) -> None:
    """Take a task; taking it twice has no effect. Raises `TaskClaimed` with who holds it since when, or `TaskDone`."""
    instance_id, path = identity.split_user_task_id(task_id)
    with on_case(site, instance_id) as work:
        task, acting = _mine_to_do(work, actor, path)
        if task.claimed_by != actor.name:
            work.record(_act("claim", actor, channel, task, acting))


def release_user_task(site: Site, actor: Actor, channel: Channel, task_id: str) -> None:
    """Give a task back to its lane; raises `TaskNotClaimed` when neither they hold it nor whom they stand in for."""
    instance_id, path = identity.split_user_task_id(task_id)
    with on_case(site, instance_id) as work:
        task, acting = _mine_to_do(work, actor, path)
        if task.claimed_by is None or task.claimed_by not in (actor.name, acting.on_behalf_of):
            raise TaskNotClaimed
        work.record(_act("release", actor, channel, task, acting))


def delegate_user_task(site: Site, actor: Actor, channel: Channel, task_id: str, to: str | None, note: str) -> None:
    """Let one more person do this task, in the name of whose it is; `to` None takes that back.

    Raises `DelegatedOnce` for who has it by delegation themself, `Separated` when separation of duties keeps `to` from
    it, and `Unacceptable` without a note or for somebody who works in no lane.
    """
    instance_id, path = identity.split_user_task_id(task_id)
    with on_case(site, instance_id) as work:
        task, acting = _mine_to_do(work, actor, path)
        if acting.kind == "delegation":
            raise DelegatedOnce
        if not note.strip():
            raise Unacceptable(reason=N_("say what it is about"))
        if to is not None:
            _require_delegate(work, actor, task, to)
        work.record(_act("delegate", actor, channel, task, acting, reason=note, extra={"delegated_to": to}))


def save_draft(
    site: Site,
    actor: Actor,
    task_id: str,
    data: Mapping[str, Any],
    ticks: Checklist | None = None,
    over: str | None = None,
    unanswered: Shown | None = None,
) -> str:
    """Keep what somebody typed and did not send; nothing is checked but that the task is theirs to do.

    Returns the draft's revision. `over` is the revision that they had in front of them, and `unanswered` what they
    saved after it without learning whether it arrived: when the draft is neither and says something else by now,
    `DraftChanged` is raised and it stays as it is. Without `over` it is replaced; without `ticks` those that it has
    stay.
    """
    instance_id, path = identity.split_user_task_id(task_id)
    with site.database.write() as connection:
        task = user_tasks.find(connection, actor, instance_id, path)
        require_task(actor, task)
        if task.status not in OPEN:
            raise TaskDone(by=task.ended_by, at=task.ended_at)
        there = user_tasks.draft_of(connection, actor, instance_id, path)
        stored, current = (there.data, there.checklist) if there else None, user_tasks.revision(there)
        new = _written(there, data, ticks)
        own = _written(there, *unanswered) if unanswered else None
        if stored == new and own is None:
            return current
        if there and over not in (None, current) and stored not in (new, own):
            raise DraftChanged(at=there.at)
        connection.execute(_DRAFT, {"case": instance_id, "at_path": path, "who": actor.name})
        row = {"instance_id": instance_id, "path": path, "user": actor.name, "data": new[0], "checklist": new[1]}
        kept = connection.execute(insert(drafts).returning(drafts), {**row, "at": site.clock()})
        return user_tasks.revision(kept.one())


def complete_user_task(
    site: Site,
    actor: Actor,
    channel: Channel,
    task_id: str,
    data: Mapping[str, Any],
    key: str | None = None,
    ticks: Checklist | None = None,
) -> Completion:
    """Send a task's form. The case runs on to where it next waits; all that commits together.

    `ticks` says which of the step's inputs are there, or why it goes on without; None says nothing of them.
    The same `key` again returns the first answer. Raises `InvalidForm` with every error, `TaskClaimed`, `TaskDone`,
    `WrongLane`, `WrongPosition`, `CaseSuspended`, `KeyReused` or `NotFound`; then nothing has changed.
    """
    instance_id, path = identity.split_user_task_id(task_id)
    said = [ticks.written()] if ticks else []
    with on_case(site, instance_id) as work:
        if key and (answer := first_answer(work.connection, actor.name, key, [task_id, data, *said], work.at)):
            return Completion(**{**answer, "opened": tuple(answer["opened"]), "documents": tuple(answer["documents"])})
        task, acting = _mine_to_do(work, actor, path)
        form = work.bundle.forms.get(task.activity_id)
        needed = inputs(work.bundle.definition.elements[task.activity_id], form)
        bound = _check(work, actor, task, data, problems(needed, ticks) if ticks else [])
        act = _act("complete", actor, channel, task, acting, data=dict(data), attachments=bound)
        perform = work.perform(act)
        step = work.load().complete(path, dict(data), perform, work.at)
        act.extra = {**signed_copies_sent(work, act, perform.documents), **recorded(needed, ticks)}
        if form and (found_by := keywords(form, data)):
            act.extra |= {"keywords": found_by}
        completion = _completion(work, work.record(act, step))
        work.connection.execute(_DRAFT, {"case": instance_id, "at_path": path, "who": actor.name})
        if key:
            remember(work.connection, actor.name, key, asdict(completion))
        return completion


def _written(there: Row[Any] | None, data: Mapping[str, Any], ticks: Checklist | None) -> tuple[str, str | None]:
    """Data and ticks as a draft stores them; nothing said of the ticks leaves those of the draft that is `there`."""
    return canonical(data), canonical(ticks.written()) if ticks else there.checklist if there else None


def _mine_to_do(work: Casework, actor: Actor, path: str) -> tuple[UserTask, Capacity]:
    """The open task, and in which capacity it is this person's; nobody else holds it."""
    actor = refreshed(work.connection, actor, work.at)
    task = user_tasks.find(work.connection, actor, work.instance_id, path)
    acting = require_task(actor, task)
    if task.status not in OPEN:
        raise TaskDone(by=task.ended_by, at=task.ended_at)
    work.require_active()
    if task.claimed_by not in (None, actor.name, acting.on_behalf_of) and _may_still(work, task):
        raise TaskClaimed(holder=task.claimed_by, since=task.claimed_at)
    return task, acting


def _may_still(work: Casework, task: UserTask) -> bool:
    """Whether the holder may still do the task: what somebody holds who may no longer act is free to be taken."""
    holder = people.find(work.connection, str(task.claimed_by), work.at)
    return holder is not None and capacity(holder, task) is not None


def _require_delegate(work: Casework, actor: Actor, task: UserTask, name: str) -> None:
    person = people.find(work.connection, name, work.at)
    if person is None or not person.lanes:
        raise Unacceptable(reason=N_("nobody of that name works in a role of an SOP"))
    if name == actor.name:
        raise Unacceptable(reason=N_("this task is yours already"))
    if name in task.barred:
        raise Separated(who=name, activity=task.barred[name])


def _check(
    work: Casework, actor: Actor, task: UserTask, data: Mapping[str, Any], found: list[FieldError]
) -> list[dict[str, str]]:
    """Validate the submission and bind its uploads; raises `InvalidForm` with all that is wrong, `found` before it."""
    form: Form | None = work.bundle.forms.get(task.activity_id)
    named = attachments(form, data) if form else []
    bound, unknown = bind(work.connection, actor, work.instance_id, work.row.seq + 1, named)
    errors = [
        *(validate(form, data) if form else []),
        *found,
        *(FieldError(pointer, "unknown_attachment", GONE) for pointer in unknown),
    ]
    if errors:
        raise InvalidForm(errors)
    return bound


def _act(kind: str, actor: Actor, channel: Channel, task: UserTask, acting: Capacity, **more: Any) -> Act:
    return Act(kind, actor, channel, path=task.path, activity_id=task.activity_id, capacity=acting, task=task, **more)


def _completion(work: Casework, recorded: Recorded) -> Completion:
    entry = recorded.entry
    return Completion(
        receipt=recorded.hash,
        instance_id=work.instance_id,
        opened=tuple(identity.user_task_id(work.instance_id, task["path"]) for task in entry["opened"]),
        documents=tuple(document["id"] for document in entry["documents"]),
        status=entry["status"],
    )
