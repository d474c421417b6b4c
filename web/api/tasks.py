"""How the API gives a user task, alone and within its case."""

from typing import Any

from engine import clock
from engine.access import AUTHORITY, Capacity
from engine.queries.staffing import REASONS, Unstaffed
from engine.queries.user_tasks import UserTask
from web.api.schema import MOMENT, NUMBER, TEXT, choice, maybe, record
from web.context import translate

CAPACITY = record(
    "Capacity",
    {
        "kind": {**choice(*AUTHORITY), "description": "In their own right, as Plh. or Plt., or by delegation."},
        "on_behalf_of": maybe(TEXT),
        "position": maybe(TEXT),
    },
)
WARNING = record("Warning", {"user_task_id": TEXT, "code": choice(*REASONS), "message": TEXT})
USER_TASK = record(
    "UserTask",
    {
        "id": TEXT,
        "process_instance_id": TEXT,
        "activity_id": TEXT,
        "name": TEXT,
        "lane": TEXT,
        "position": maybe(TEXT),
        "status": choice("ready", "claimed", "completed", "cancelled"),
        "claimed_by": maybe(TEXT),
        "claimed_at": maybe(MOMENT),
        "created_at": MOMENT,
        "due_at": maybe(MOMENT),
        "delegated_to": maybe(TEXT),
        "delegated_by": maybe(TEXT),
        "delegation_note": maybe(TEXT),
        "acting": {**maybe(CAPACITY), "description": "In which capacity who asks may do it; null when they may not."},
        "revision": NUMBER,
    },
)


def user_task_json(task: UserTask) -> dict[str, Any]:
    """A task as the API gives it."""
    return {
        "id": task.id,
        "process_instance_id": task.process_instance_id,
        "activity_id": task.activity_id,
        "name": task.name,
        "lane": task.lane,
        "position": task.position,
        "status": task.status,
        "claimed_by": task.claimed_by,
        "claimed_at": clock.to_text(task.claimed_at) if task.claimed_at else None,
        "created_at": clock.to_text(task.created_at),
        "due_at": clock.to_text(task.due_at) if task.due_at else None,
        "delegated_to": task.delegated_to,
        "delegated_by": task.delegated_by,
        "delegation_note": task.delegation_note,
        "acting": task.acting and capacity_json(task.acting),
        "revision": task.revision,
    }


def capacity_json(capacity: Capacity) -> dict[str, Any]:
    """In which capacity somebody acts."""
    return {"kind": capacity.kind, "on_behalf_of": capacity.on_behalf_of, "position": capacity.position}


def warning_json(task_id: str, reason: Unstaffed) -> dict[str, Any]:
    """Why nobody can do an open task, in the language of the request."""
    return {"user_task_id": task_id, "code": reason.code, "message": translate(reason.message, **reason.params)}
