"""One task: its form with what the case says, and, once it is done, what came of it."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import add_attachment
from engine.commands.user_tasks import claim_user_task, complete_user_task, release_user_task, save_draft
from engine.errors import Conflict, FileRefused, InvalidForm, KeyReused
from engine.queries.user_tasks import TaskDetail, user_task
from forms.posting import Posted, place, read_post
from forms.schema import Form
from forms.validation import FieldError
from web.context import WEB, actor, site
from web.pages.blueprint import blueprint
from web.pages.desk import desk
from web.pages.onward import ours
from web.pages.panels import PANELS, panel

Data = dict[str, Any]


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
    data, errors, editing = _posted(detail.bundle.forms.get(detail.task.activity_id))
    try:
        if act == "autosave":
            save_draft(site(), actor(), task_id, data)
            return "", 204
        if editing or errors:
            return _page(detail, data, errors), 422 if errors else 200
        if act == "send":
            _send(task_id, data)
        else:
            save_draft(site(), actor(), task_id, data)
            if act == "preview":
                return redirect(url_for("pages.preview_task", task_id=task_id))
            if act in PANELS:
                return redirect(url_for("pages.task", task_id=task_id, panel=act, tersimpan=1))
    except InvalidForm as error:
        return _page(detail, data, [each for each in error.errors if isinstance(each, FieldError)]), 422
    except Conflict as conflict:
        return _page(user_task(site(), actor(), task_id), data, conflict=conflict), 409
    saved = None if act == "send" else "1"
    return redirect(url_for("pages.task", task_id=task_id, tersimpan=saved))


def again(task_id: str) -> str:
    """The page with what was posted, of which nothing was done: the post came with an old key."""
    detail = user_task(site(), actor(), task_id)
    data, errors, _ = _posted(detail.bundle.forms.get(detail.task.activity_id))
    return _page(detail, data, errors, old=True)


def take_up(task_id: str, values: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    """Keep as a draft what was typed before one signed in again; when the task is done by now, show it to copy."""
    detail = user_task(site(), actor(), task_id)
    form = detail.bundle.forms.get(detail.task.activity_id)
    data: Data = read_post(form, values).data if form else {}
    try:
        save_draft(site(), actor(), task_id, data)
    except Conflict as conflict:
        return _page(detail, data, conflict=conflict), 409
    return redirect(url_for("pages.task", task_id=task_id, tersimpan=1))


def _hand_over(task_id: str, act: str) -> ResponseReturnValue:
    command = claim_user_task if act == "claim" else release_user_task
    try:
        command(site(), actor(), WEB, task_id)
    except Conflict as conflict:
        return _page(user_task(site(), actor(), task_id), conflict=conflict), 409
    return redirect(ours(request.form.get("_back", "")) or url_for("pages.task", task_id=task_id))


def _send(task_id: str, data: Data) -> None:
    """Send once: the page's own key makes a double click harmless."""
    key = request.form.get("_key", "")[:200] or None
    try:
        complete_user_task(site(), actor(), WEB, task_id, data, key)
    except KeyReused:  # the page was sent before with other answers: say by whom and when, not which key
        complete_user_task(site(), actor(), WEB, task_id, data)


def _posted(form: Form | None) -> tuple[Data, list[FieldError], bool]:
    """The answers, with new uploads kept and named in them; whether a row is only being added or taken out."""
    if form is None:
        return {}, [], False
    files = {name: [file for file in found if file.filename] for name, found in request.files.lists()}
    posted: Posted[FileStorage] = read_post(form, dict(request.form.lists()), files)
    errors = []
    for pointer, file in posted.uploads:
        try:
            kept = add_attachment(site(), actor(), file.filename or "", file.stream.read())
        except FileRefused as refused:
            errors.append(FieldError(pointer, refused.code, refused.message, refused.params))
        else:
            place(posted.data, pointer, kept.id)
    return posted.data, errors, posted.editing


def _page(
    detail: TaskDetail,
    typed: Data | None = None,
    errors: Sequence[FieldError] = (),
    conflict: Conflict | None = None,
    old: bool = False,
) -> str:
    view = desk(site(), actor(), detail, typed, errors)
    saved = request.args.get("tersimpan") == "1" and view.form is not None
    key = secrets.token_urlsafe(16)
    return render_template("task.html", view=view, conflict=conflict, old=old, saved=saved, key=key)
