"""Cases as people may see them, always queried *through* what they may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, GenerativeSelect, and_, bindparam, exists, or_, select, true

from engine import history, office
from engine.access import Actor, may
from engine.db import filled
from engine.errors import NotFound, StateUnreadable
from engine.models import definitions, instances, participants, user_tasks
from engine.queries.search import EVERYTHING, Search
from engine.queries.shortlists import AMONG, LAST, own, page
from engine.queries.staffing import Unstaffed, unstaffed
from engine.queries.user_tasks import OPEN, UserTask, of_case
from engine.runtime import state
from engine.site import Site


@dataclass(frozen=True, slots=True)
class ProcessInstance:
    """One case as it stands."""

    id: str
    process_definition_key: str
    process_definition_name: str
    definition_digest: str
    version: int
    business_key: str | None
    status: str
    suspended: str | None
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    seq: int
    head: str

    @property
    def title(self) -> str:
        """What people call it."""
        return self.business_key or self.process_definition_name


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with its tasks, its data, what failed in it, and by task id why nobody can do an open task."""

    instance: ProcessInstance
    user_tasks: tuple[UserTask, ...]
    data: Mapping[str, Any]
    incidents: tuple[Mapping[str, Any], ...]
    unstaffed: Mapping[str, Unstaffed]


_JOINED = instances.join(
    definitions,
    and_(definitions.c.key == instances.c.definition_key, definitions.c.version == instances.c.version),
)
_CASES = select(instances, definitions.c.name.label("definition_name")).select_from(_JOINED)
_ONE = _CASES.where(instances.c.id == bindparam("case"))


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `instances` that holds for the cases this person may see."""
    if may(actor, "cases.view"):
        return true()
    took_part = exists().where(participants.c.instance_id == instances.c.id, participants.c.user == actor.name)
    waits = exists().where(
        user_tasks.c.instance_id == instances.c.id,
        user_tasks.c.status.in_(OPEN),
        or_(user_tasks.c.lane.in_(sorted(actor.reach)), user_tasks.c.delegated_to == actor.name),
    )
    return or_(took_part, waits)


def require_visible(connection: Connection, actor: Actor, instance_id: str) -> None:
    """Raise `NotFound` unless the person may see the case."""
    query = select(instances.c.id).where(instances.c.id == instance_id, visible(actor))
    if connection.execute(query).first() is None:
        raise NotFound


def find_cases(
    site: Site, actor: Actor, search: Search = EVERYTHING, *, before: str | None = None, limit: int = 50
) -> list[ProcessInstance]:
    """The newest cases that fit the search first, below the id `before`."""
    id_, below, most = instances.c.id, before or LAST, AMONG * limit
    lists = []
    latest: GenerativeSelect = select(id_).where(id_ < below).order_by(id_.desc()).limit(most)
    if not may(actor, "cases.view"):
        lists.append(own(actor))
        latest = own(actor, below, most)
    with site.database.read() as connection:
        fits = search.conditions(office.current(connection)["zona"], site.clock())
        query = select(id_).where(id_ < below, visible(actor), *fits).order_by(id_.desc()).limit(limit)
        ids = [row.id for row in page(connection, query, search.words, id_.in_(latest), lists, limit)]
        return [_case(row) for row in connection.execute(_CASES.where(id_.in_(ids)).order_by(id_.desc()))]


def case(site: Site, actor: Actor, instance_id: str) -> CaseDetail:
    """One case; raises `NotFound`."""
    with site.database.read() as connection:
        return detail(connection, actor, instance_id, site.clock())


def detail(connection: Connection, actor: Actor, instance_id: str, at: datetime) -> CaseDetail:
    """One case within a transaction; raises `NotFound`."""
    row = connection.execute(_ONE, {"case": instance_id}).first()
    if row is None:
        raise NotFound
    tasks = of_case(connection, actor, instance_id)
    # Who did one of the tasks or may do one sees the case; only about others the database is asked.
    if not any(task.ended_by == actor.name or (task.status in OPEN and task.lane in actor.reach) for task in tasks):
        require_visible(connection, actor, instance_id)
    data, incidents = _view(row)
    stuck = {task.id: unstaffed(connection, task, at) for task in tasks if task.status in OPEN}
    missing = {name: reason for name, reason in stuck.items() if reason}
    return CaseDetail(_case(row), tasks, data, tuple(incidents), missing)


def _view(row: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # noqa: ANN401 - a row of `_CASES`
    """The data and what failed; a case whose state cannot be read has failed as a whole."""
    try:
        data, incidents = state.view(row.state)
        if incidents or row.status != "incident":
            return data, incidents
    except StateUnreadable:
        data = {}
    told = {"code": StateUnreadable.code, "message": StateUnreadable.message, "params": {}}
    return data, [{"path": row.definition_key, "activity_id": row.definition_key, **told}]


def case_history(
    site: Site, actor: Actor, instance_id: str, after: int = 0, limit: int = 200
) -> list[Mapping[str, Any]]:
    """The entries above the sequence number `after`, each with its hash; raises `NotFound`."""
    with site.database.read() as connection:
        require_visible(connection, actor, instance_id)
        return [stored.entry for stored in history.page(connection, instance_id, after, limit)]


def _case(row: Any) -> ProcessInstance:  # noqa: ANN401 - a row of `_CASES`
    names = {"process_definition_key": row.definition_key, "process_definition_name": row.definition_name}
    return filled(ProcessInstance, row, **names)
