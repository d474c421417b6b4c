"""Who asks: a bearer token for the API, a session cookie for pages; whoever is nobody sees only what is public.

Sessions live on the server and can be ended there. Signing in always makes a new one, so that a session planted in a
browser beforehand is worth nothing.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from engine import credentials
from engine.access import Actor
from engine.errors import Unauthenticated
from web.context import site

View = TypeVar("View", bound=Callable[..., Any])

COOKIE = "alur"
BEARER = "Bearer "


def public(view: View) -> View:
    """Open this view to everybody; every other one needs a person."""
    view.public = True  # type: ignore[attr-defined]  # read by `authenticate`
    return view


def authenticate() -> None:
    """Before every request: find out who asks; raises `Unauthenticated` unless that is known or the view is public."""
    g.actor = None
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint == "static":
        return
    if view is None:  # an address that is none of ours; its page still knows whom it tells
        g.actor = None if request.path.startswith("/api/") else _by_session()
        return
    g.actor = _by_token() if request.blueprint == "api" else _by_session()
    if g.actor is None and not getattr(view, "public", False):
        raise Unauthenticated


def open_session(answer: Callable[[], ResponseReturnValue], secret: str) -> Response:
    """Sign this browser in with a session made by `credentials.sign_in` or `credentials.open_link`.

    The answer is made only then: a form in it needs the key of the new session.
    """
    if earlier := request.cookies.get(_cookie()):
        credentials.end(site(), earlier)
    session.clear()
    g.actor = credentials.holder(site(), "session", secret)
    response = make_response(answer())
    secure = request.is_secure
    response.set_cookie(_cookie(), secret, credentials.SESSION, secure=secure, httponly=True, samesite="Lax")
    return response


def end_session(response: Response) -> Response:
    """Sign this browser out, here and on the server."""
    if secret := request.cookies.get(_cookie()):
        credentials.end(site(), secret)
    session.clear()
    response.delete_cookie(_cookie(), secure=request.is_secure, httponly=True, samesite="Lax")
    return response


def _by_token() -> Actor | None:
    header = request.headers.get("Authorization", "")
    return credentials.holder(site(), "token", header[len(BEARER) :]) if header.startswith(BEARER) else None


def _by_session() -> Actor | None:
    secret = request.cookies.get(_cookie())
    return credentials.holder(site(), "session", secret) if secret else None


def _cookie() -> str:
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE
