"""Wakilkan: letting one more person do one task, in the name of whose it is, and taking that back."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.user_tasks import delegate_user_task
from engine.errors import Conflict, Separated, Unacceptable
from engine.queries.people import full_names
from engine.queries.substitutes import delegates
from engine.queries.user_tasks import OPEN, user_task
from web.context import WEB, actor, explain, site, translate
from web.errors import status_of
from web.pages.blueprint import blueprint

NOBODY = "-"  # in place of a user name: take the delegation back


@blueprint.get("/tugas/<task_id>/wakilkan")
def delegate_task(task_id: str, errors: dict[str, str] | None = None, chosen: str | None = None) -> str:
    """Choose to whom, and say why; `chosen` is who is about to get the task."""
    task = user_task(site(), actor(), task_id).task
    people = delegates(site(), actor(), task_id) if task.status in OPEN else {}
    names = {**full_names(site(), [task.delegated_to, task.claimed_by]), **people}
    chosen = chosen if chosen in people else None
    return render_template(
        "delegate.html", task=task, people=people, names=names, errors=errors or {}, chosen=chosen, nobody=NOBODY
    )


@blueprint.post("/tugas/<task_id>/wakilkan")
def delegate_task_now(task_id: str) -> ResponseReturnValue:
    """Ask once more what is about to happen, then do it; a choice or reason that is missing is asked for beside it."""
    to, note = request.form.get("to", ""), request.form.get("note", "").strip()
    errors = {}
    if not to:
        errors["to"] = translate("Choose a person.")
    if not note:
        errors["note"] = translate("Say why; it stays in the history.")
    if errors:
        return delegate_task(task_id, errors), 422
    if to != NOBODY and "confirm" not in request.form:
        return delegate_task(task_id, chosen=to)
    if to == user_task(site(), actor(), task_id).task.delegated_to:  # a double click
        return redirect(url_for("pages.task", task_id=task_id))
    try:
        delegate_user_task(site(), actor(), WEB, task_id, None if to == NOBODY else to, note)
    except (Conflict, Separated, Unacceptable) as refusal:
        return delegate_task(task_id, {"refused": explain(refusal)}), status_of(type(refusal))
    return redirect(url_for("pages.task", task_id=task_id))
