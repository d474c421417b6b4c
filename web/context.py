"""What every view asks: which installation, who is asking, in which language."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask.wrappers import Response
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from engine import access, office
from engine import language as languages
from engine.access import Actor
from engine.casework import Channel
from engine.errors import AlurError, Unauthenticated
from engine.language import LANGUAGES, ZONE, one_stop
from engine.site import Site

LANGUAGE_COOKIE = "lang"
A_YEAR = 365 * 24 * 3600
API = Channel("api")
WEB = Channel("web")


def site() -> Site:
    """The installation that this application serves."""
    return cast(Site, current_app.extensions["alur"])


def actor() -> Actor:
    """Who is asking; raises `Unauthenticated` when that is not known."""
    known = visitor()
    if known is None:
        raise Unauthenticated
    return known


def visitor() -> Actor | None:
    """Who is asking, or None on a public page."""
    return cast("Actor | None", g.get("actor"))


def may(action: str) -> bool:
    """Whether who is asking may; on a public page, nobody may."""
    who = visitor()
    return who is not None and access.may(who, action)


def require(action: str) -> None:
    """Raise `Forbidden` unless who is asking may."""
    access.require(actor(), action)


def language() -> str:
    """`?lang=`, else the cookie, else what the browser prefers, else the installation's."""
    if "language" not in g:
        asked = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
        found = next((value for value in asked if value in LANGUAGES), None)
        g.language = found or request.accept_languages.best_match(LANGUAGES) or site().settings.language
    return cast(str, g.language)


def in_office_time() -> None:
    """Let moments in this answer be written in the office's time zone."""
    with site().database.read() as connection:
        zone = office.zone(connection)
    g.setdefault("zones", []).append(ZONE.set(zone))


def leave_office_time(_: BaseException | None = None) -> None:
    """After the answer."""
    for token in reversed(g.pop("zones", [])):
        ZONE.reset(token)


def moment(value: datetime | None) -> str:
    """A moment as people at the office write it; "" for none."""
    return languages.moment(value, language()) if value else ""


def translate(sentence: str, /, **params: object) -> str:
    """The sentence in the language of this request, its parameters filled in."""
    return languages.translate(sentence, language(), params)


def explain(error: AlurError) -> str:
    """What an error says to a person, in the language of this request."""
    return translate(error.message, **error.params)


@pass_eval_context
def written(evaluation: EvalContext, sentence: str, /, **params: object) -> str:
    """A template's sentence in the language of this request; what is filled in is escaped."""
    text = translate(sentence)
    return one_stop((Markup(text) if evaluation.autoescape else text) % params, params.values())  # noqa: S704 - our own


def by_when(value: datetime) -> str:
    """A deadline: of today or tomorrow by its hour, another in full."""
    zone = ZoneInfo(ZONE.get()[0])
    local = value.astimezone(zone)
    days = (local.date() - site().clock().astimezone(zone).date()).days
    if days not in (0, 1):
        return moment(value)
    time = format(local, "%H.%M" if language() == "id" else "%H:%M")
    return translate("tomorrow %(time)s", time=time) if days else translate("today %(time)s", time=time)


def remember_language(response: Response) -> Response:
    """A page opened with `?lang=` settles the language of the pages after it."""
    if request.args.get("lang") in LANGUAGES and request.blueprint != "api":
        secure = request.is_secure
        response.set_cookie(LANGUAGE_COOKIE, language(), A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response
