"""How the API gives a user task, alone and within its case."""

from typing import Any

from engine.access import AUTHORITY
from engine.queries.staffing import REASONS, Unstaffed
from engine.queries.user_tasks import UserTask
from web.api.schema import MOMENT, NUMBER, TEXT, choice, maybe, record, told
from web.context import translate

CAPACITY = record(
    "Capacity",
    kind={**choice(*AUTHORITY), "description": "In their own right, as Plh. or Plt., or by delegation."},
    on_behalf_of=maybe(TEXT),
    position=maybe(TEXT),
)
WARNING = record("Warning", user_task_id=TEXT, code=choice(*REASONS), message=TEXT)
USER_TASK = record(
    "UserTask",
    id=TEXT,
    process_instance_id=TEXT,
    activity_id=TEXT,
    name=TEXT,
    lane=TEXT,
    position=maybe(TEXT),
    status=choice("ready", "claimed", "completed", "cancelled"),
    claimed_by=maybe(TEXT),
    claimed_at=maybe(MOMENT),
    created_at=MOMENT,
    due_at=maybe(MOMENT),
    delegated_to=maybe(TEXT),
    delegated_by=maybe(TEXT),
    delegation_note=maybe(TEXT),
    acting={**maybe(CAPACITY), "description": "In which capacity who asks may do it; null when they may not."},
    revision=NUMBER,
)


def user_task_json(task: UserTask) -> dict[str, Any]:
    """A task as the API gives it."""
    return told(USER_TASK, task, acting=task.acting and told(CAPACITY, task.acting))


def warning_json(task_id: str, reason: Unstaffed) -> dict[str, Any]:
    """Why nobody can do an open task, in the language of the request."""
    return {"user_task_id": task_id, "code": reason.code, "message": translate(reason.message, **reason.params)}
