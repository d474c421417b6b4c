"""Coming in and going out, and who one is while inside."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import credentials
from engine.errors import LinkExpired, SignInFailed, TooManyAttempts
from web.auth import end_session, open_session, public
from web.context import explain, site, visitor
from web.errors import status_of
from web.pages.blueprint import blueprint
from web.pages.keeping import forget_waiting, still_kept, taken_up
from web.pages.onward import ours


@blueprint.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; whoever is in already goes on."""
    if visitor() is not None:
        return redirect(_onward())
    forget_waiting()
    return render_template("sign_in.html", name="", error=None)


@blueprint.post("/masuk")
@public
def sign_in_now() -> ResponseReturnValue:
    """Open a session, or say that it did not work and keep the name that was typed."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    try:
        secret = credentials.sign_in(site(), name, password, request.remote_addr or "")
    except (SignInFailed, TooManyAttempts) as error:
        page = render_template("sign_in.html", name=name, error=explain(error), kept=still_kept())
        return page, status_of(type(error))
    onward = ours(request.args.get("next", ""))
    return open_session(lambda: taken_up(onward, still_kept()) or redirect(_onward()), secret)


@blueprint.get("/masuk/<link>")
@public
def link(link: str) -> ResponseReturnValue:
    """A page with one button: what merely looks at an address, such as a chat's preview, must not use the link up."""
    return render_template("link.html", expired=False)


@blueprint.post("/masuk/<link>")
@public
def link_now(link: str) -> ResponseReturnValue:
    """Use the link up for a session."""
    try:
        secret = credentials.open_link(site(), link)
    except LinkExpired as error:
        return render_template("link.html", expired=True), status_of(type(error))
    return open_session(lambda: redirect(url_for("pages.inbox")), secret)


@blueprint.post("/keluar")
@public
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    return end_session(redirect(url_for("pages.sign_in")))  # type: ignore[arg-type]


@blueprint.get("/saya")
def me() -> ResponseReturnValue:
    """Who one is here: lanes, positions, roles."""
    return render_template("me.html")


def _onward() -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    return ours(request.args.get("next", "")) or url_for("pages.inbox")
