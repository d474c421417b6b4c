"""Kotak masuk: what I hold, what waits for my roles, what waits for others, what is done."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.access import Actor, require_task
from engine.errors import Forbidden
from engine.queries.people import full_names
from engine.queries.user_tasks import UserTask
from engine.queries.user_tasks import inbox as tasks
from web.context import actor, site
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE, offset, paged

FINISHED = ("completed", "cancelled")


@blueprint.get("/")
def inbox() -> ResponseReturnValue:
    """Mine first, then my roles', each with the nearest deadline on top."""
    mine = tasks(site(), actor(), mine=True, limit=PAGE)
    ready = tasks(site(), actor(), statuses=["ready"], own_lanes=True, limit=PAGE)
    return render_template("inbox.html", mine=mine, shared=[task for task in ready if _is_for(actor(), task)])


@blueprint.get("/menunggu")
def waiting() -> ResponseReturnValue:
    """What I may see and others have to do."""
    found, more = paged(tasks(site(), actor(), offset=offset(), limit=PAGE + 1))
    others = [task for task in found if task.claimed_by != actor().name and not _is_mine_to_take(task)]
    return render_template("tasks.html", tab="waiting", tasks=others, more=more, names=_names(others))


@blueprint.get("/selesai")
def finished() -> ResponseReturnValue:
    """What was done in the cases that I see; mine alone when `?saya=1`."""
    mine = request.args.get("saya") == "1"
    found, more = paged(tasks(site(), actor(), statuses=FINISHED, mine=mine, offset=offset(), limit=PAGE + 1))
    return render_template("tasks.html", tab="finished", tasks=found, more=more, names=_names(found), mine=mine)


def _is_for(who: Actor, task: UserTask) -> bool:
    try:
        require_task(who, task)
    except Forbidden:
        return False
    return True


def _is_mine_to_take(task: UserTask) -> bool:
    return task.status == "ready" and _is_for(actor(), task)


def _names(found: list[UserTask]) -> dict[str, str]:
    return full_names(site(), [name for task in found for name in (task.claimed_by, task.ended_by)])
