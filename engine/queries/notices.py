"""A person's notices: their own and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from engine import identity
from engine.access import Actor
from engine.db import filled
from engine.models import definitions, instances, notices, user_tasks, users
from engine.queries.definitions import OF_CASE
from engine.queries.user_tasks import OPEN
from engine.site import Site

KINDS = NEW_TASK, RETURNED, DELEGATED, REASSIGNED, TAKEN_AWAY, OVERDUE, INCIDENT = (
    *("new_task", "returned", "delegated", "reassigned", "taken_away", "overdue", "incident"),
)
MOST_COUNTED = 100  # "99+" is enough to know


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told; `over` when there is nothing left to do about it."""

    id: int
    kind: str
    at: datetime
    read_at: datetime | None
    instance_id: str
    path: str
    activity_id: str
    name: str
    case_title: str
    due_at: datetime | None
    over: bool
    cancelled: bool  # the case was

    @property
    def user_task_id(self) -> str | None:
        """The task it is about; None for a step that failed."""
        return None if self.kind == INCIDENT else identity.user_task_id(self.instance_id, self.path)


@dataclass(frozen=True, slots=True)
class MailPreference:
    """Where somebody's e-mail goes, and whether they get each notice, a daily digest, or none."""

    email: str | None
    mail: str


# Notices with what they tell of: their case, its SOP, and the task if it is about one.
TOLD = (
    notices.join(instances, instances.c.id == notices.c.instance_id)
    .join(definitions, OF_CASE)
    .outerjoin(user_tasks, and_(user_tasks.c.instance_id == notices.c.instance_id, user_tasks.c.path == notices.c.path))
)
CASE_TITLE = func.coalesce(instances.c.business_key, definitions.c.name).label("case_title")
_NOTICES = select(
    notices,
    CASE_TITLE,
    instances.c.status.label("case_status"),
    user_tasks.c.name,
    user_tasks.c.due_at,
    user_tasks.c.status,
).select_from(TOLD)
_STANDING = or_(user_tasks.c.status.in_(OPEN), and_(notices.c.kind == INCIDENT, instances.c.status == INCIDENT))


def my_notices(
    site: Site, actor: Actor, *, unread: bool = False, before: int | None = None, limit: int = 50
) -> list[Notice]:
    """The latest first, below the id `before`; `unread` only those that still ask for something."""
    query = _mine(_NOTICES, actor, unread).order_by(notices.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notices.c.id < before)
    with site.database.read() as connection:
        return [_notice(row) for row in connection.execute(query)]


def unread_counts(site: Site, actor: Actor) -> Mapping[str, int]:
    """How many unread notices of each kind still ask for something, the latest hundred counted."""
    latest = _mine(_NOTICES.with_only_columns(notices.c.kind), actor, unread=True).limit(MOST_COUNTED).subquery()
    query = select(latest.c.kind, func.count()).group_by(latest.c.kind)
    with site.database.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(query)}
    return {kind: found.get(kind, 0) for kind in KINDS}


def mail_preference(site: Site, actor: Actor) -> MailPreference:
    """What `actor` chose."""
    with site.database.read() as connection:
        query = select(users.c.email, users.c.mail_preference).where(users.c.name == actor.name)
        return MailPreference(*connection.execute(query).one())


def _mine(query: Select[Any], actor: Actor, unread: bool) -> Select[Any]:
    query = query.where(notices.c.user == actor.name)
    return query.where(notices.c.read_at.is_(None), _STANDING) if unread else query


def _notice(row: Any) -> Notice:  # noqa: ANN401 - a row of `_NOTICES`
    activity = row.path.rpartition(".")[0]
    over = row.case_status != INCIDENT if row.kind == INCIDENT else row.status not in OPEN
    told = {"activity_id": activity, "name": row.name or activity, "cancelled": row.case_status == "cancelled"}
    return filled(Notice, row, over=over, **told)
