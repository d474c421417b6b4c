"""One task: its form with what the case says, and, once it is done, what came of it."""

import secrets
from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.user_tasks import claim_user_task, complete_user_task, release_user_task, save_draft
from engine.errors import Conflict, DraftChanged, InvalidForm, KeyReused
from engine.queries.user_tasks import TaskDetail, user_task
from forms.validation import FieldError
from web.context import WEB, actor, site
from web.pages.blueprint import blueprint
from web.pages.desk import desk
from web.pages.onward import ours
from web.pages.panels import PANELS, panel
from web.pages.typed import Typed, posted, read, remembered


@blueprint.get("/tugas/<task_id>")
def task(task_id: str) -> ResponseReturnValue:
    """The task as it stands, with one's draft; `?panel=` shows what lies beside its form."""
    detail = user_task(site(), actor(), task_id)
    chosen = request.args.get("panel")
    return panel(detail, chosen) if chosen in PANELS else _page(detail)


@blueprint.post("/tugas/<task_id>")
def act_on_task(task_id: str) -> ResponseReturnValue:
    """One of the page's buttons: take, give back, save, send, or add and take out a row."""
    detail = user_task(site(), actor(), task_id)
    act = request.form.get("_act")
    if act in ("claim", "release"):
        return _hand_over(task_id, act)
    typed = posted(detail)
    try:
        if act == "autosave":
            return {"revision": _save(task_id, typed), "base": remembered((typed.data, typed.ticks))}
        if typed.editing or typed.errors:
            return _page(detail, typed, typed.errors), 422 if typed.errors else 200
        if act == "send":
            _send(detail, typed)
        else:
            _save(task_id, typed)
            if act == "preview":
                return redirect(url_for("pages.preview_task", task_id=task_id))
            if act in PANELS:
                return redirect(url_for("pages.task", task_id=task_id, panel=act, tersimpan=1))
    except InvalidForm as error:
        return _page(detail, typed, [each for each in error.errors if isinstance(each, FieldError)]), 422
    except Conflict as conflict:
        return _page(user_task(site(), actor(), task_id), typed, conflict=conflict), 409
    saved = None if act == "send" else "1"
    return redirect(url_for("pages.task", task_id=task_id, tersimpan=saved))


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
        _save(task_id, typed)
    except Conflict as conflict:
        return _page(detail, typed, conflict=conflict), 409
    return redirect(url_for("pages.task", task_id=task_id, tersimpan=1))


def _hand_over(task_id: str, act: str) -> ResponseReturnValue:
    command = claim_user_task if act == "claim" else release_user_task
    try:
        command(site(), actor(), WEB, task_id)
    except Conflict as conflict:
        return _page(user_task(site(), actor(), task_id), conflict=conflict), 409
    return redirect(ours(request.form.get("_back", "")) or url_for("pages.task", task_id=task_id))


def _save(task_id: str, typed: Typed) -> str:
    return save_draft(site(), actor(), task_id, typed.data, typed.ticks, typed.over)


def _send(detail: TaskDetail, typed: Typed) -> None:
    """Send once: the page's own key makes a double click harmless. A page that is behind one's draft is told first."""
    saved = (detail.draft, detail.checklist)
    if detail.draft_revision and typed.over not in (None, detail.draft_revision) and saved != (typed.data, typed.ticks):
        raise DraftChanged(at=detail.drafted_at)
    key = request.form.get("_key", "")[:200] or None
    try:
        complete_user_task(site(), actor(), WEB, detail.task.id, typed.data, key, typed.ticks)
    except KeyReused:  # the page was sent before with other answers: say by whom and when, not which key
        complete_user_task(site(), actor(), WEB, detail.task.id, typed.data, None, typed.ticks)


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
