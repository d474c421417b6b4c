"""Pengganti (Plh., Plt.): everybody's for administrators, one's own for everybody."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.substitutes import NewSubstitution, add_substitute, end_substitute
from engine.queries.people import full_names
from engine.queries.substitutes import substitutions
from engine.queries.users import colleagues
from web.context import WEB, actor, require, site, translate
from web.pages.admin.common import Refusal, attempt, done, written
from web.pages.blueprint import blueprint


@blueprint.get("/kelola/pengganti")
def all_substitutes() -> ResponseReturnValue:
    """All, the newest first."""
    require("people.manage")
    return _page("pages.all_substitutes")


@blueprint.post("/kelola/pengganti")
def change_substitutes() -> ResponseReturnValue:
    """Appoint somebody, or end it."""
    require("people.manage")
    return _act("pages.all_substitutes", written("absent"))


@blueprint.get("/saya/pengganti")
def my_substitutes() -> ResponseReturnValue:
    """Who stands in for me, and for whom I stand in."""
    return _page("pages.my_substitutes")


@blueprint.post("/saya/pengganti")
def change_my_substitutes() -> ResponseReturnValue:
    """Appoint my own substitute, or end it."""
    return _act("pages.my_substitutes", actor().name)


def _act(endpoint: str, absent: str) -> ResponseReturnValue:
    if identity := request.form.get("end"):
        refusal = attempt(lambda: end_substitute(site(), actor(), WEB, identity, written("reason") or None))
        sentence = translate("Ended.")
    else:
        new = NewSubstitution(
            absent=absent,
            substitute=written("substitute"),
            kind=written("kind"),
            reason=written("reason"),
            valid_from=written("from") or None,
            valid_to=written("to") or None,
        )
        refusal = attempt(lambda: add_substitute(site(), actor(), WEB, new))
        sentence = translate("The substitute is appointed; the tasks come to their inbox.")
    if refusal:
        return _page(endpoint, refusal), refusal.status
    return done(sentence, url_for(endpoint))


def _page(endpoint: str, refusal: Refusal | None = None) -> str:
    own = endpoint == "pages.my_substitutes"
    found = substitutions(site(), actor())
    if own:
        found = [each for each in found if actor().name in (each.absent, each.substitute)]
    names = full_names(site(), [name for each in found for name in (each.absent, each.substitute, each.granted_by)])
    people = {name: full for name, full in colleagues(site()).items() if name != actor().name}
    return render_template(
        "admin/substitutes.html",
        own=own,
        found=found,
        names=names,
        people=people,
        refusal=refusal,
        form=request.form,
        at=site().clock(),
    )
