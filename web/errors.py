"""Errors become HTTP here and nowhere else: problem details (RFC 9457) for the API, a page for people."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.exceptions import HTTPException, SecurityError

from engine import clock, errors
from engine.canonical import BadJson, NotCanonical
from engine.checker import Finding
from engine.errors import N_, AlurError, Invalid
from forms.validation import FieldError
from web.context import explain, in_office_time, translate

STATUS: Mapping[type[AlurError], int] = {
    AlurError: 500,
    errors.Malformed: 400,
    BadJson: 400,
    NotCanonical: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Unacceptable: 422,
    errors.TooManyAttempts: 429,
    errors.Unavailable: 503,
}
# What the web refuses before a command is asked: a stable code and a sentence by status.
FAILURES: Mapping[int, tuple[str, str]] = {
    400: ("malformed", N_("The request could not be read.")),
    404: (errors.NotFound.code, errors.NotFound.message),
    405: ("method_not_allowed", N_("This address does not answer to this method.")),
    413: ("too_large", N_("This is larger than what is taken here.")),
    415: ("unsupported_media_type", N_("Content of this type is not taken here.")),
    500: (AlurError.code, AlurError.message),
}
STRANGE_HOST = N_("Alur does not answer to this host name. Ask your office's Alur administrator for its address.")

log = logging.getLogger("alur.web")


class InvalidRequest(Invalid):
    """A JSON body that is not what the operation takes; the errors are `FieldError`."""

    message = N_("%(count)s parts of the request need to be mended.")


def handle(app: Flask) -> None:
    """Answer every error by these rules."""
    app.register_error_handler(AlurError, refused)
    app.register_error_handler(HTTPException, failed)


def status_of(error: type[AlurError]) -> int:
    """The HTTP status of a refusal: its own, or that of its nearest ancestor."""
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def problem(error: AlurError) -> dict[str, Any]:
    """The problem details of a refusal, in the language of the request."""
    if any(isinstance(value, datetime) for value in error.params.values()):
        in_office_time()
    details = _problem(status_of(type(error)), error.code, explain(error))
    if isinstance(error, errors.Conflict):
        details |= {name: clock.plain(value) for name, value in error.params.items()}
    if isinstance(error, Invalid):
        details["errors"] = [item(each) for each in error.errors]
    return details


def item(error: object) -> dict[str, Any]:
    """One of several things to mend: a field of a form, or a finding about a deployed model."""
    if isinstance(error, FieldError):
        return {"pointer": error.pointer, "code": error.code, "message": translate(error.message, **error.params)}
    assert isinstance(error, Finding)
    place = {name: getattr(error, name) for name in ("file", "element_id", "element_name", "line", "code", "severity")}
    return {**place, "message": translate(error.message, **error.params), "hint": translate(error.hint, **error.params)}


def refused(error: AlurError) -> ResponseReturnValue:
    """Answer a refusal; a page that is only looked at leads to the sign-in page, and back after it."""
    if isinstance(error, errors.Unauthenticated) and not _machine() and request.method == "GET":
        return redirect(url_for("pages.sign_in", next=request.full_path.rstrip("?")))
    details = problem(error)
    if details["status"] == HTTPStatus.SERVICE_UNAVAILABLE:  # by the view's name: an address may hold a secret
        log.error("%s: %s (%s)", request.endpoint, error, error.params.get("cause", details["code"]))
    headers = {}
    if details["status"] == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, errors.TooManyAttempts):
        headers["Retry-After"] = str(int(str(error.params["minutes"])) * 60)
    return _answer(details, headers)


def failed(error: HTTPException) -> ResponseReturnValue:
    """Answer what the web refuses before a command is asked."""
    if error.code is None or error.code < 400:  # a redirect, or a response made elsewhere
        return error
    if isinstance(error, SecurityError):  # a host that is not ours, where no page of ours has an address to link to
        return Response(translate(STRANGE_HOST), error.code, content_type="text/plain; charset=utf-8")
    code, sentence = FAILURES.get(error.code, (error.name.lower().replace(" ", "_"), error.description or ""))
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return _answer(_problem(error.code, code, translate(sentence)), kept)


def _problem(status: int, code: str, detail: str) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": f"urn:alur:{code}", "title": title, "status": status, "detail": detail, "code": code}


def _answer(details: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    if _machine():
        text = json.dumps(details, ensure_ascii=False)
        return Response(text, details["status"], headers, content_type="application/problem+json")
    return Response(render_template("error.html", problem=details), details["status"], headers)


def _machine() -> bool:
    return request.path.startswith("/api/") or request.path == "/healthz"
