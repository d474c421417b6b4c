"""Changing one's own password."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.credentials import change_password
from web.context import WEB, actor, site, translate
from web.pages.admin.common import Refusal, attempt, done
from web.pages.blueprint import blueprint


@blueprint.get("/saya/kata-sandi")
def password(refusal: Refusal | None = None) -> str:
    """The present one and the new one."""
    return render_template("password.html", refusal=refusal)


@blueprint.post("/saya/kata-sandi")
def change_own_password() -> ResponseReturnValue:
    """Who knows the present one may choose another."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if refusal := attempt(lambda: change_password(site(), actor(), WEB, old, new)):
        return password(refusal), refusal.status
    return done(translate("Your password is changed."), url_for("pages.password"))
