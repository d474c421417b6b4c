"""What every answer and every request must hold to: headers, limits, hosts, cookies, forged posts."""

import contextlib
import secrets
from pathlib import Path

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask.wrappers import Response
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.secrecy import keep_private
from engine.settings import Settings

MEGABYTE = 1024 * 1024
FORM_MEGABYTES = 2
FORM_PARTS = 20_000  # a page with a list of hundreds of guests is one post
FILES_A_FORM = 4

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Caches may keep nothing that depends on who asked; scripts and styles are everybody's.
PRIVATE = {"Cache-Control": "no-store", "Vary": "Authorization, Cookie, Accept-Language"}
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}

csrf = CSRFProtect()


class HostSessions(SecureCookieSessionInterface):
    """The signed cookie that holds the key of a page's forms; bound to this host alone where the scheme allows it."""

    def get_cookie_name(self, app: Flask) -> str:
        """`__Host-` forbids other hosts of the domain, and plain HTTP, to set it."""
        return "__Host-alur-form" if request.is_secure else "alur-form"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Never sent in the clear once it came encrypted."""
        return request.is_secure


def protect(app: Flask, settings: Settings) -> None:
    """Set the limits and put the headers on every answer."""
    app.secret_key = settings.secret_key or kept_secret(settings.var)
    app.session_interface = HostSessions()
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for a day; its key ends with the session
        MAX_CONTENT_LENGTH=(settings.upload_megabytes * FILES_A_FORM + FORM_MEGABYTES) * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=FORM_MEGABYTES * MEGABYTE,
        MAX_FORM_PARTS=FORM_PARTS,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        PROXIES=settings.proxy,
    )
    if settings.proxy:  # otherwise anybody could say that they came encrypted, from elsewhere, to another host
        hops = settings.proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(refuse_nul)
    csrf.init_app(app)
    app.after_request(add_headers)


def refuse_nul() -> None:
    """Before every request: a NUL in an address is never meant, and databases choke on it."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        raise BadRequest


def add_headers(response: Response) -> Response:
    """After every request."""
    headers = response.headers
    headers.update(HEADERS)
    if request.endpoint != "static":
        headers.update(PRIVATE)
    if request.is_secure:
        headers.update(TRANSPORT)
    return response


def kept_secret(var: Path) -> str:
    """The installation's own random secret, made once; several processes that start together agree on one."""
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    keep_private(path)
    return path.read_text().strip()
