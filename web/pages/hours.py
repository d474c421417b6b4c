"""Working time on pages: how long something took, and which light a task shows."""

from datetime import datetime, timedelta

from flask import g

from engine import office
from engine.queries.user_tasks import UserTask
from engine.worktime import Calendar, Norm, elapsed, parse_norm
from engine.worktime import lateness as judge
from web.context import site
from web.pages.blueprint import blueprint


def between(begin: datetime, end: datetime) -> timedelta:
    """The office's working time between two moments."""
    return elapsed(begin, end, _calendar())


@blueprint.app_template_global("lateness")
def lateness(task: UserTask) -> str:
    """ "yellow" or "red" for an open task over its standard time, else ""."""
    if task.due_at is None or task.ended_at is not None or site().clock() < task.due_at:
        return ""
    light = judge(_norm(task), between(task.created_at, site().clock()))
    return "" if light == "none" else light


def _norm(task: UserTask) -> Norm | None:
    """The standard time of its step, looked up once a request: a page lists many tasks of few steps."""
    norms: dict[tuple[str, str], Norm | None] = g.setdefault("norms", {})
    key = (task.definition_digest, task.activity_id)
    if key not in norms:
        element = site().bundle_of(task.definition_digest).definition.elements[task.activity_id]
        norms[key] = parse_norm(element.properties.get("waktu", ""))
    return norms[key]


def _calendar() -> Calendar:
    if "calendar" not in g:
        with site().database.read() as connection:
            g.calendar = office.calendar(connection)
    found: Calendar = g.calendar
    return found
