"""Surel: whether e-mail leaves the office, what waits, what was given up."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.mails import retry_mail, try_mail_server
from engine.errors import Unacceptable
from engine.mail import MailRefused, MailServerDown
from engine.queries.mails import last_sent, unsent_mails
from engine.settings import mail_server
from web.context import WEB, actor, explain, require, site, translate
from web.pages.admin.common import Refusal, done
from web.pages.blueprint import blueprint


@blueprint.get("/kelola/surel")
def mails(refusal: Refusal | None = None) -> str:
    """What is not sent yet, and what will never be unless somebody acts."""
    require("office.manage")
    settings = site().settings
    return render_template(
        "admin/mails.html",
        unsent=unsent_mails(site(), actor()),
        last=last_sent(site(), actor()),
        server=mail_server(settings.smtp_url) if settings.smtp_url else None,
        sender=settings.mail_from,
        refusal=refusal,
    )


@blueprint.post("/kelola/surel")
def handle_mail() -> ResponseReturnValue:
    """Send one again, or try the mail server."""
    require("office.manage")
    if identity := request.form.get("again"):
        retry_mail(site(), actor(), WEB, identity)
        return done(translate("It is sent within a minute, if the mail server takes it."), url_for("pages.mails"))
    try:
        address = try_mail_server(site(), actor(), WEB)
    except (MailServerDown, MailRefused, Unacceptable) as error:
        refusal = Refusal(explain(error))
        return mails(refusal), refusal.status
    return done(translate("An e-mail is on its way to %(address)s.", address=address), url_for("pages.mails"))
