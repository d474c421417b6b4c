"""How the API gives a user task, alone and within its case."""

from typing import Any

from engine import clock
from engine.queries.user_tasks import UserTask
from web.api.schema import MOMENT, NUMBER, TEXT, choice, maybe, record

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
        "revision": task.revision,
    }
