"""One task: its form with what the case says, and, once it is done, what came of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.user_tasks import claim_user_task, complete_user_task, release_user_task, save_draft
from engine.errors import Conflict, InvalidForm, KeyReused, TaskDone
from engine.queries.user_tasks import TaskDetail, user_task
from forms.validation import FieldError
from web.context import WEB, actor, site
from web.pages.blueprint import blueprint
from web.pages.desk import desk
from web.pages.onward import ours
from web.pages.panels import PANELS, panel
from web.pages.typed import REVISION, SAVING, Typed, posted, read, remembered

HAND_OVER = {"claim": claim_user_task, "release": release_user_task}


@blueprint.get("/tugas/<task_id>")
def task(task_id: str) -> ResponseReturnValue:
    """The task as it stands, with one's draft; `?panel=` shows what lies beside its form."""
    detail = user_task(site(), actor(), task_id)
    chosen = request.args.get("panel")
    return panel(detail, chosen) if chosen in PANELS else _page(detail)


@blueprint.post("/tugas/<task_id>")
def act_on_task(task_id: str) -> ResponseReturnValue:
    """One of the page's buttons: take, give back, save, send, look elsewhere, or add and take out a row.

    What was typed is saved before anything else happens.
    """
    detail, act = user_task(site(), actor(), task_id), request.form.get("_act", "")
    typed = posted(detail)
    if typed.editing or typed.errors:
        return _page(detail, typed, typed.errors), 422 if typed.errors else 200
    shown = None if act in HAND_OVER and REVISION not in request.form else typed  # a list has no form to keep
    try:
        if kept := shown is not None and (act in SAVING or typed.touched):
            shown = _saved(task_id, typed, act)
            if act == "autosave":
                return {"revision": shown.over, "base": remembered((typed.data, typed.ticks))}
        if act == "send":
            _send(task_id, typed)
        elif act in HAND_OVER:
            HAND_OVER[act](site(), actor(), WEB, task_id)
    except InvalidForm as error:
        return _page(detail, shown, [each for each in error.errors if isinstance(each, FieldError)]), 422
    except Conflict as conflict:
        if act == "autosave":
            return {"code": conflict.code}, 409
        return _page(user_task(site(), actor(), task_id), shown, conflict=conflict), 409
    return redirect(_onward(task_id, act, kept))


def again(task_id: str) -> str:
    """The page with what was posted, of which nothing was done: the post came with an old key."""
    detail = user_task(site(), actor(), task_id)
    typed = posted(detail)
    return _page(detail, typed, typed.errors, old=True)


def take_up(task_id: str, values: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    """Keep as a draft what was typed before one signed in again; when the task is done by now, show it to copy."""
    detail = user_task(site(), actor(), task_id)
    typed = read(detail, values)
    try:
        _saved(task_id, typed)
    except Conflict as conflict:
        return _page(detail, typed, conflict=conflict), 409
    return redirect(url_for("pages.task", task_id=task_id, tersimpan=1))


def _saved(task_id: str, typed: Typed, act: str = "save") -> Typed:
    """The post as it stands once its text is the draft; raises `DraftChanged` and `TaskDone`."""
    try:
        over = save_draft(site(), actor(), task_id, typed.data, typed.ticks, typed.over, typed.unanswered)
    except TaskDone:
        if act != "send":  # a double click: the page's own key tells whether it was this page
            raise
        return typed
    return replace(typed, over=over, base=(typed.data, typed.ticks))


def _onward(task_id: str, act: str, kept: bool) -> str:
    """Where a button leads."""
    if act == "preview":
        return url_for("pages.preview_task", task_id=task_id)
    panel, saved = act if act in PANELS else None, 1 if kept and act != "send" else None
    back = ours(request.form.get("_back", ""))
    return back or url_for("pages.task", task_id=task_id, panel=panel, tersimpan=saved)


def _send(task_id: str, typed: Typed) -> None:
    """Send once: the page's own key makes a double click harmless."""
    key = request.form.get("_key", "")[:200] or None
    try:
        complete_user_task(site(), actor(), WEB, task_id, typed.data, key, typed.ticks)
    except KeyReused:  # the page was sent before with other answers: say by whom and when, not which key
        complete_user_task(site(), actor(), WEB, task_id, typed.data, None, typed.ticks)


def _page(
    detail: TaskDetail,
    typed: Typed | None = None,
    errors: Sequence[FieldError] = (),
    conflict: Conflict | None = None,
    old: bool = False,
) -> str:
    view = desk(site(), actor(), detail, typed, errors, conflict)
    saved = request.args.get("tersimpan") == "1" and view.form is not None
    key = secrets.token_urlsafe(16)
    return render_template("task.html", view=view, conflict=conflict, old=old, saved=saved, key=key)
