"""User tasks: a person's inbox, and one task with all its form needs."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, or_, select, true

from engine import clock, identity
from engine.access import Actor, Capacity, Post, StandIn, capacity, may
from engine.bundles import Bundle
from engine.canonical import canonical
from engine.errors import NotFound
from engine.inputs import Checklist, checklist
from engine.models import definitions, drafts, instances, participants, user_tasks
from engine.queries.separation import barred, latest
from engine.queries.staffing import Unstaffed, unstaffed
from engine.runtime import state
from engine.site import Site

OPEN = ("ready", "claimed")


@dataclass(frozen=True, slots=True)
class UserTask:
    """Work waiting for a person, or done by one.

    `acting` is in which capacity who asks may do it, None when they may not; `barred` are those whom separation of
    duties keeps from it, and by what they did.
    """

    process_instance_id: str
    path: str
    activity_id: str
    name: str
    lane: str
    position: str | None
    status: str
    claimed_by: str | None
    claimed_at: datetime | None
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    ended_for: str | None
    separate_from: str | None
    run: str | None
    delegated_to: str | None
    delegated_by: str | None
    delegated_as: str | None
    delegation_note: str | None
    revision: int
    case_title: str
    definition_name: str
    definition_digest: str
    barred: Mapping[str, str] = field(default_factory=dict)
    acting: Capacity | None = None

    @property
    def id(self) -> str:
        """The public id."""
        return identity.user_task_id(self.process_instance_id, self.path)

    @property
    def post(self) -> Post:
        """What it asks of anybody, whoever has it now."""
        return Post(self.lane, self.position, barred=self.barred)

    @property
    def holder(self) -> str | None:
        """Who has it: who took it, or to whom it is delegated."""
        return self.claimed_by or self.delegated_to


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with its case's data, its definition's files, and the draft of who asks.

    `draft_revision` is another whenever the draft was written anew, "" without one. `unstaffed` says why nobody can
    do it, if it is open and nobody can.
    """

    task: UserTask
    bundle: Bundle
    data: Mapping[str, Any]
    draft: Mapping[str, Any] | None
    drafted_at: datetime | None
    checklist: Checklist | None
    draft_revision: str
    unstaffed: Unstaffed | None


_JOINED = user_tasks.join(instances, instances.c.id == user_tasks.c.instance_id).join(
    definitions,
    and_(definitions.c.key == instances.c.definition_key, definitions.c.version == instances.c.version),
)
TASKS = select(
    user_tasks,
    func.coalesce(instances.c.business_key, definitions.c.name).label("case_title"),
    definitions.c.name.label("definition_name"),
    instances.c.definition_digest,
).select_from(_JOINED)


_ONE = TASKS.where(user_tasks.c.instance_id == bindparam("case"), user_tasks.c.path == bindparam("at_path"))
_OF_CASE = TASKS.where(user_tasks.c.instance_id == bindparam("case")).order_by(
    user_tasks.c.created_at, user_tasks.c.path
)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `user_tasks` that holds for those that this person may see."""
    if may(actor, "cases.view"):
        return true()
    waiting = and_(user_tasks.c.status.in_(OPEN), user_tasks.c.lane.in_(sorted(actor.reach)))
    # Not EXISTS, for which PostgreSQL may read all participants.
    themselves = (participants.c.instance_id == user_tasks.c.instance_id, participants.c.user == actor.name)
    took_part = select(participants.c.user).where(*themselves).limit(1).scalar_subquery().is_not(None)
    other = user_tasks.alias()
    cases = select(other.c.instance_id).where(
        other.c.ended_at.is_(None),
        or_(other.c.lane.in_(sorted(actor.reach)), other.c.delegated_to == actor.name),
    )
    case_waits = user_tasks.c.instance_id.in_(cases)
    return or_(waiting, took_part, case_waits)


def doable(actor: Actor) -> ColumnElement[bool]:
    """Tasks of one's own office, of those of whom one stands in for, and those delegated to one."""
    return or_(user_tasks.c.delegated_to == actor.name, in_office(actor))


def in_office(actor: Actor) -> ColumnElement[bool]:
    """Tasks of one's own office, and of those of whom one stands in for."""
    people: tuple[Actor | StandIn, ...] = (actor, *actor.stand_ins)
    offices = (
        and_(
            user_tasks.c.lane.in_(sorted(each.lanes)),
            or_(user_tasks.c.position.is_(None), user_tasks.c.position.in_(each.positions)),
        )
        for each in people
    )
    return or_(*offices)


def inbox(
    site: Site,
    actor: Actor,
    *,
    statuses: Sequence[str] = OPEN,
    lane: str | None = None,
    mine: bool = False,
    instance_id: str | None = None,
    own_lanes: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> list[UserTask]:
    """Tasks the person may see, the nearest deadline first and those without one last; what is over, the latest first.

    `mine`: only those they did, that were delegated to them, or that are held by them or whom they stand in for;
    `own_lanes`: only those that are theirs to do, in whichever capacity, as far as lane and position say.
    """
    query = TASKS.where(visible(actor), user_tasks.c.status.in_(list(statuses)))
    if lane:
        query = query.where(user_tasks.c.lane == lane)
    if mine:
        did = and_(user_tasks.c.status == "completed", user_tasks.c.ended_by == actor.name)
        absent = and_(
            user_tasks.c.status == "claimed", user_tasks.c.claimed_by.in_([each.absent for each in actor.stand_ins])
        )
        given = and_(user_tasks.c.status == "ready", user_tasks.c.delegated_to == actor.name)
        query = query.where(or_(user_tasks.c.claimed_by == actor.name, did, given, absent))
    if own_lanes:
        query = query.where(doable(actor))
    if instance_id:
        query = query.where(user_tasks.c.instance_id == instance_id)
    nearest = (user_tasks.c.due_at.is_(None), user_tasks.c.due_at, user_tasks.c.created_at)
    order = (*(nearest if set(statuses) & set(OPEN) else [user_tasks.c.ended_at.desc()]), user_tasks.c.instance_id)
    with site.database.read() as connection:
        rows = connection.execute(query.order_by(*order, user_tasks.c.path).offset(offset).limit(limit))
        return shown(connection, actor, rows)


def user_task(site: Site, actor: Actor, task_id: str) -> TaskDetail:
    """One task with what its form needs; raises `NotFound`."""
    instance_id, path = identity.split_user_task_id(task_id)
    with site.database.read() as connection:
        task = find(connection, actor, instance_id, path)
        text = connection.execute(select(instances.c.state).where(instances.c.id == instance_id)).scalar_one()
        draft = draft_of(connection, actor, instance_id, path)
        return TaskDetail(
            task=task,
            bundle=site.bundle(connection, task.definition_digest),
            data=state.view_from(text, path),
            draft=json.loads(draft.data) if draft else None,
            drafted_at=draft.at if draft else None,
            checklist=checklist(json.loads(draft.checklist)) if draft and draft.checklist else None,
            draft_revision=revision(draft),
            unstaffed=unstaffed(connection, task, site.clock()) if task.status in OPEN else None,
        )


def draft_of(connection: Connection, actor: Actor, instance_id: str, path: str) -> Row[Any] | None:
    """Somebody's own draft of a task."""
    mine = (drafts.c.instance_id == instance_id, drafts.c.path == path, drafts.c.user == actor.name)
    return connection.execute(select(drafts).where(*mine)).first()


def revision(draft: Row[Any] | None) -> str:
    """What tells one draft from another, "" where there is none.

    Its moment is part of it: a save that arrives late, over a draft that once said the same, is not the next one.
    """
    if draft is None:
        return ""
    return hashlib.sha256(canonical([draft.data, draft.checklist, clock.to_text(draft.at)]).encode()).hexdigest()[:16]


def find(connection: Connection, actor: Actor, instance_id: str, path: str) -> UserTask:
    """One task within a transaction; raises `NotFound`."""
    place = {"case": instance_id, "at_path": path}
    row = connection.execute(_ONE, place).first()
    if row is None:
        raise NotFound
    # An open task of one's own lane is visible; asking the database about the rest would cost every submission.
    own = row.status in OPEN and (row.lane in actor.reach or row.delegated_to == actor.name)
    if not own and connection.execute(_ONE.where(visible(actor)), place).first() is None:
        raise NotFound
    return shown(connection, actor, [row])[0]


def of_case(connection: Connection, actor: Actor, instance_id: str) -> tuple[UserTask, ...]:
    """All tasks of a case, in the order they came up."""
    return tuple(shown(connection, actor, connection.execute(_OF_CASE, {"case": instance_id}).all()))


def shown(connection: Connection, actor: Actor, rows: Iterable[Row[Any]]) -> list[UserTask]:
    """Rows of `TASKS` as this person sees them: in which capacity each is theirs, and whom it is kept from."""
    rows = list(rows)
    done = latest(connection, [row for row in rows if row.status in OPEN])
    return [_open(actor, _task(row), barred(row, done)) if row.status in OPEN else _task(row) for row in rows]


def _open(actor: Actor, task: UserTask, separated: Mapping[str, str]) -> UserTask:
    task = replace(task, barred=separated)
    return replace(task, acting=capacity(actor, task))


def _task(row: Row[Any]) -> UserTask:
    values = row._asdict()
    values["process_instance_id"] = values.pop("instance_id")
    if values["status"] == "completed" and values["claimed_by"] is None:
        values["claimed_by"], values["claimed_at"] = values["ended_by"], values["ended_at"]
    return UserTask(**values)
