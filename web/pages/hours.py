"""Working time on pages: how long something took, and which light a deadline shows."""

from datetime import datetime, timedelta

from engine.queries.user_tasks import UserTask
from web.context import site
from web.pages.blueprint import blueprint


def between(begin: datetime, end: datetime) -> timedelta:
    return end - begin


@blueprint.app_template_global("lateness")
def lateness(task: UserTask) -> str:
    if task.due_at is None or task.ended_at is not None:
        return ""
    return "red" if site().clock() > task.due_at else ""
