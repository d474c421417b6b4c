"""User tasks: a person's inbox, and one task with all its form needs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, func, or_, select, true

from engine import identity
from engine.access import Actor, may
from engine.bundles import Bundle
from engine.errors import NotFound
from engine.models import definitions, drafts, instances, participants, user_tasks
from engine.runtime import state
from engine.site import Site

OPEN = ("ready", "claimed")


@dataclass(frozen=True, slots=True)
class UserTask:
    """Work waiting for a person, or done by one."""

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
    revision: int
    case_title: str
    definition_name: str
    definition_digest: str

    @property
    def id(self) -> str:
        """The public id."""
        return identity.user_task_id(self.process_instance_id, self.path)


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task with its case's data, its definition's files, and the draft of who asks."""

    task: UserTask
    bundle: Bundle
    data: Mapping[str, Any]
    draft: Mapping[str, Any] | None
    drafted_at: datetime | None


_JOINED = user_tasks.join(instances, instances.c.id == user_tasks.c.instance_id).join(
    definitions,
    and_(definitions.c.key == instances.c.definition_key, definitions.c.version == instances.c.version),
)
_TASKS = select(
    user_tasks,
    func.coalesce(instances.c.business_key, definitions.c.name).label("case_title"),
    definitions.c.name.label("definition_name"),
    instances.c.definition_digest,
).select_from(_JOINED)


_ONE = _TASKS.where(user_tasks.c.instance_id == bindparam("case"), user_tasks.c.path == bindparam("at_path"))
_OF_CASE = _TASKS.where(user_tasks.c.instance_id == bindparam("case")).order_by(
    user_tasks.c.created_at, user_tasks.c.path
)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if may(actor, "cases.view"):
        return true()
    waiting = and_(user_tasks.c.status.in_(OPEN), user_tasks.c.lane.in_(sorted(actor.lanes)))
    took_part = exists().where(
        participants.c.instance_id == user_tasks.c.instance_id, participants.c.user == actor.name
    )
    other = user_tasks.alias()
    case_waits = exists().where(
        other.c.instance_id == user_tasks.c.instance_id,
        other.c.status.in_(OPEN),
        other.c.lane.in_(sorted(actor.lanes)),
    )
    return or_(waiting, took_part, case_waits)


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

    `mine`: only those they hold or did; `own_lanes`: only those of their lanes.
    """
    query = _TASKS.where(_visible(actor), user_tasks.c.status.in_(list(statuses)))
    if lane:
        query = query.where(user_tasks.c.lane == lane)
    if mine:
        did = and_(user_tasks.c.status == "completed", user_tasks.c.ended_by == actor.name)
        query = query.where(or_(user_tasks.c.claimed_by == actor.name, did))
    if own_lanes:
        query = query.where(user_tasks.c.lane.in_(sorted(actor.lanes)))
    if instance_id:
        query = query.where(user_tasks.c.instance_id == instance_id)
    nearest = (user_tasks.c.due_at.is_(None), user_tasks.c.due_at, user_tasks.c.created_at)
    order = (*(nearest if set(statuses) & set(OPEN) else [user_tasks.c.ended_at.desc()]), user_tasks.c.instance_id)
    with site.database.read() as connection:
        rows = connection.execute(query.order_by(*order, user_tasks.c.path).offset(offset).limit(limit))
        return [_task(row) for row in rows]


def user_task(site: Site, actor: Actor, task_id: str) -> TaskDetail:
    """One task with what its form needs; raises `NotFound`."""
    instance_id, path = identity.split_user_task_id(task_id)
    with site.database.read() as connection:
        task = find(connection, actor, instance_id, path)
        text = connection.execute(select(instances.c.state).where(instances.c.id == instance_id)).scalar_one()
        mine = (drafts.c.instance_id == instance_id, drafts.c.path == path, drafts.c.user == actor.name)
        draft = connection.execute(select(drafts.c.data, drafts.c.at).where(*mine)).first()
        return TaskDetail(
            task=task,
            bundle=site.bundle(connection, task.definition_digest),
            data=state.view(text)[0],
            draft=json.loads(draft.data) if draft else None,
            drafted_at=draft.at if draft else None,
        )


def find(connection: Connection, actor: Actor, instance_id: str, path: str) -> UserTask:
    """One task within a transaction; raises `NotFound`."""
    place = {"case": instance_id, "at_path": path}
    row = connection.execute(_ONE, place).first()
    if row is None:
        raise NotFound
    # An open task of one's own lane is visible; asking the database about the rest would cost every submission.
    own = row.status in OPEN and row.lane in actor.lanes
    if not own and connection.execute(_ONE.where(_visible(actor)), place).first() is None:
        raise NotFound
    return _task(row)


def of_case(connection: Connection, instance_id: str) -> tuple[UserTask, ...]:
    """All tasks of a case, in the order they came up."""
    return tuple(_task(row) for row in connection.execute(_OF_CASE, {"case": instance_id}))


def _task(row: Row[Any]) -> UserTask:
    values = row._asdict()
    values["process_instance_id"] = values.pop("instance_id")
    if values["status"] == "completed" and values["claimed_by"] is None:
        values["claimed_by"], values["claimed_at"] = values["ended_by"], values["ended_at"]
    return UserTask(**values)
