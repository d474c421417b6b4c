"""What was typed is kept when it could not be taken, because the session or the page's key had ended in the meantime.

Signed out, one signs in on a page that carries the typed text along, and finds it again as a draft. Only a page of ours
is believed: another site must not leave text in anybody's tasks.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from engine.errors import N_, Unauthenticated
from web.auth import authenticate
from web.context import translate
from web.errors import failed, refused
from web.pages import task
from web.pages.blueprint import blueprint

KEPT = "_kept."
NEVER = ("csrf_token", "password")
FORM, SIGN_IN = "pages.act_on_task", "pages.sign_in_now"
SIGNED_OUT = N_("Your session had ended. Sign in again: what you typed is kept and becomes your draft.")
OLD_PAGE = N_("This page had been open too long. Try once more.")

Fields = list[tuple[str, str]]


@blueprint.errorhandler(Unauthenticated)
def signed_out(error: Unauthenticated) -> ResponseReturnValue:
    """Sign in, and take along what was typed."""
    if request.endpoint != FORM or not _from_here():
        return refused(error)
    kept = [(f"{KEPT}{name}", value) for name, value in _fields() if name not in NEVER]
    return _sign_in(SIGNED_OUT, kept, request.path), 401


@blueprint.errorhandler(CSRFError)
def old_page(error: CSRFError) -> ResponseReturnValue:
    """The form again, with a fresh key and the text in it."""
    if request.endpoint not in (FORM, SIGN_IN) or not _from_here():
        return failed(error)
    if request.endpoint == SIGN_IN:
        return _sign_in(OLD_PAGE, still_kept(), request.args.get("next")), 400
    try:
        authenticate()
    except Unauthenticated as unknown:
        return signed_out(unknown)
    return task.again(str((request.view_args or {})["task_id"])), 400


def still_kept() -> Fields:
    """What the sign-in page carries."""
    return [(name, value) for name, value in _fields() if name.startswith(KEPT)]


def brought_back(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What a form had posted before one signed in."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name.removeprefix(KEPT), []).append(value)
    return found


def _sign_in(message: str, kept: Fields, onward: str | None) -> str:
    name = request.form.get("name", "") if request.endpoint == SIGN_IN else ""
    return render_template("sign_in.html", name=name, error=translate(message), kept=kept, onward=onward)


def _fields() -> Fields:
    return [(name, value) for name, values in request.form.lists() for value in values]


def _from_here() -> bool:
    return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host
