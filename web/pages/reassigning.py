"""Alihkan: an administrator gives a task to somebody else who may do it, or back to its role."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.reassignments import reassign_user_task
from engine.errors import Conflict, Unacceptable
from engine.queries.people import candidates, full_names
from engine.queries.user_tasks import OPEN, user_task
from web.context import WEB, actor, explain, require, site, translate
from web.errors import status_of
from web.pages.blueprint import blueprint

ROLE = "-"  # in place of a user name: back to the role


@blueprint.get("/tugas/<task_id>/alihkan")
def reassign_task(task_id: str, error: str = "") -> str:
    """Choose who gets it, and say why."""
    task = user_task(site(), actor(), task_id).task
    require("case.operate")
    people = candidates(site(), task.post) if task.status in OPEN else {}
    names = full_names(site(), [task.holder])
    return render_template("reassign.html", task=task, people=people, names=names, error=error, role=ROLE)


@blueprint.post("/tugas/<task_id>/alihkan")
def reassign_task_now(task_id: str) -> ResponseReturnValue:
    """Do it; a choice that is missing is asked for."""
    to = request.form.get("to", "")
    if not to:
        return reassign_task(task_id, translate("Choose who gets the task.")), 422
    try:
        reason, seen = request.form.get("reason", ""), request.form.get("revision", type=int)
        reassign_user_task(site(), actor(), WEB, task_id, None if to == ROLE else to, reason, seen)
    except (Conflict, Unacceptable) as refusal:
        return reassign_task(task_id, explain(refusal)), status_of(type(refusal))
    return redirect(url_for("pages.task", task_id=task_id))
