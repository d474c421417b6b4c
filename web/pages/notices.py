"""Pemberitahuan: what came while one was not looking, and how it comes by e-mail."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.notices import prefer_mail, read_all_notices, read_notice
from engine.queries import notices as queries
from web.context import actor, site, translate, visitor
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE

LARGEST = 2**31 - 1


@blueprint.app_template_global("unread")
def unread() -> int:
    """How many notices still ask for something of whoever is looking; asked once a page."""
    if "unread" not in g:
        person = visitor()
        g.unread = sum(queries.unread_counts(site(), person).values()) if person else 0
    return int(g.unread)


@blueprint.get("/pemberitahuan")
def notices() -> ResponseReturnValue:
    """Those that still ask for something, or with `?semua=1` all; `?sebelum=` turns the page."""
    everything = request.args.get("semua") == "1"
    before = request.args.get("sebelum", "")
    found = queries.my_notices(
        site(),
        actor(),
        unread=not everything,
        before=min(int(before), LARGEST) if before.isascii() and before.isdigit() else None,
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    return render_template(
        "notices.html",
        notices=page,
        everything=everything,
        more=page[-1].id if len(found) > PAGE else None,
        preference=queries.mail_preference(site(), actor()),
        mailing=bool(site().settings.smtp_url),
    )


@blueprint.post("/pemberitahuan")
def read_notices() -> ResponseReturnValue:
    """Lay one aside, or all."""
    number = request.form.get("notice", "")
    if number.isascii() and number.isdigit():
        read_notice(site(), actor(), min(int(number), LARGEST))
    else:
        read_all_notices(site(), actor())
        flash(translate("All are laid aside. The tasks themselves stay in the inbox."))
    return redirect(url_for("pages.notices"))


@blueprint.post("/pemberitahuan/surel")
def choose_mail() -> ResponseReturnValue:
    """Each notice by e-mail, one digest a day, or none."""
    prefer_mail(site(), actor(), request.form.get("mail", ""))
    flash(translate("Your choice is saved."))
    return redirect(url_for("pages.notices"))
