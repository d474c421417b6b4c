"""What was typed is kept when it could not be taken, because the session or the page's key had ended in the meantime.

Signed out, one signs in on a page that carries the typed text along, and finds it again: a task's as its draft, any
other on a page that sends it at a press. Who signs in at the office's provider leaves that page, so that then the text
waits here as well. Only a page of ours is believed: another site must not leave text in anybody's tasks.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from flask import current_app, jsonify, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf

from engine.commands.typed import keep_typed, take_typed
from engine.errors import N_, Unauthenticated
from web.auth import authenticate
from web.context import actor, site, translate
from web.errors import failed, refused
from web.pages import task
from web.pages.blueprint import blueprint
from web.pages.offered import FORMS, offer

KEPT = "_kept."
NEVER = ("csrf_token", "password")
WAITING = "typed"  # in the cookie: the secret of what waits here
FORM, SIGN_IN, UPLOAD = "pages.act_on_task", "pages.sign_in_now", "pages.upload"
SIGNED_OUT = N_("Your session had ended. Sign in again: what you typed is kept and becomes your draft.")
STILL_THERE = N_("Your session had ended. Sign in again: what you typed is kept.")
LOST = N_("The files that you had just chosen could not come along; choose them again afterwards: %(names)s.")
ALONE = N_("Your session had ended. Press Save draft and sign in: what you typed is kept. Then choose this file again.")
OLD_PAGE = N_("This page had been open too long. Try once more.")
NOT_SENT = N_("Nothing was sent: your session had ended.")
NOT_TAKEN = N_("Nothing was sent: the page had been open too long.")

Fields = list[tuple[str, str]]


@blueprint.errorhandler(Unauthenticated)
def signed_out(error: Unauthenticated) -> ResponseReturnValue:
    """Sign in, and take along what was typed."""
    if request.endpoint == UPLOAD:
        return jsonify(error=translate(ALONE)), 401
    if request.method != "POST" or request.endpoint not in (FORM, *FORMS) or not _from_here():
        return refused(error)
    fields = [(name, value) for name, value in _fields() if name not in NEVER]
    if current_app.config.get("OPENID") and request.form.get("_act") != "autosave":
        session[WAITING] = keep_typed(site(), request.path, fields)
    kept = [(f"{KEPT}{name}", value) for name, value in fields]
    message = translate(SIGNED_OUT if request.endpoint == FORM else STILL_THERE)
    if names := [file.filename for _, file in request.files.items(multi=True) if file.filename]:
        message = f"{message} {translate(LOST, names=', '.join(names))}"
    return _sign_in(message, kept, request.path), 401


@blueprint.errorhandler(CSRFError)
def old_page(error: CSRFError) -> ResponseReturnValue:
    """The form again, with a fresh key and the text in it."""
    if request.endpoint not in (FORM, SIGN_IN, *FORMS) or not _from_here():
        return failed(error)
    if request.endpoint == SIGN_IN:
        return _sign_in(translate(OLD_PAGE), still_kept(), request.args.get("next")), 400
    try:
        authenticate()
    except Unauthenticated as unknown:
        return signed_out(unknown)
    if request.form.get("_act") == "autosave":  # the script of whoever signed in again, in another tab, goes on
        return jsonify(csrf_token=generate_csrf(), person=actor().name), 400
    if request.endpoint == FORM:
        return task.again(str((request.view_args or {})["task_id"])), 400
    fields = [(name, value) for name, value in _fields() if name not in NEVER]
    page = offer(request.path, fields, NOT_TAKEN)
    return (page, 400) if page else failed(error)


def still_kept() -> Fields:
    """What the sign-in page carries."""
    return [(name, value) for name, value in _fields() if name.startswith(KEPT)]


def forget_waiting() -> None:
    """Whoever comes to the sign-in page anew is perhaps somebody else, and finds nobody's text."""
    session.pop(WAITING, None)


def waiting() -> str | None:
    """The secret of what waits here for whoever used this browser; asked before signing in clears the cookie."""
    secret = session.get(WAITING)
    return secret if isinstance(secret, str) else None


def fetched(secret: str | None) -> ResponseReturnValue | None:
    """What waited here, taken up; None when nothing did."""
    found = take_typed(site(), secret) if secret else None
    return taken_up(found.path, found.fields) if found else None


def taken_up(path: str, fields: Sequence[tuple[str, str]]) -> ResponseReturnValue | None:
    """What a form had posted when the session was over: a task's is its draft now, any other is offered again."""
    before = url_for("pages.task", task_id="-")[:-1]
    if fields and path.startswith(before) and "/" not in path.removeprefix(before):
        return task.take_up(path.removeprefix(before), _brought_back(fields))
    return offer(path, [(name.removeprefix(KEPT), value) for name, value in fields], NOT_SENT) if fields else None


def _brought_back(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name.removeprefix(KEPT), []).append(value)
    return found


def _sign_in(message: str, kept: Fields, onward: str | None) -> str:
    name = request.form.get("name", "") if request.endpoint == SIGN_IN else ""
    return render_template("sign_in.html", name=name, error=message, kept=kept, onward=onward)


def _fields() -> Fields:
    return [(name, value) for name, values in request.form.lists() for value in values]


def _from_here() -> bool:
    return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host
