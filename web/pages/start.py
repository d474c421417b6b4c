"""Mulai kegiatan: choosing an SOP and giving the case its name."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import may
from engine.commands.cases import KEY_LENGTH, start_process
from engine.queries.definitions import Deployed, process_definitions
from web.context import WEB, actor, site, translate
from web.pages.blueprint import blueprint


@blueprint.get("/mulai")
def start(errors: dict[str, str] | None = None) -> str:
    """The SOPs that I may start."""
    return render_template("start.html", sops=_mine(), errors=errors or {}, form=request.form, longest=KEY_LENGTH)


@blueprint.post("/mulai")
def start_now() -> ResponseReturnValue:
    """Start a case and show where it stands; without an SOP or a name nothing starts and what was typed stays."""
    key, title = request.form.get("key", ""), " ".join(request.form.get("title", "").split())
    errors = {}
    if not key:
        errors["key"] = translate("Choose an SOP.")
    if not title:
        errors["title"] = translate("Give the case a name that everybody will recognise.")
    elif len(title) > KEY_LENGTH:
        errors["title"] = translate("At most %(limit)s characters.", limit=KEY_LENGTH)
    if errors:
        return start(errors), 422
    instance_id, _ = start_process(site(), actor(), WEB, key, business_key=title)
    return redirect(url_for("pages.case", instance_id=instance_id))


def _mine() -> list[Deployed]:
    sops = process_definitions(site(), actor())
    return [sop for sop in sops if sop.withdrawn is None and may(actor(), "definition.start", sop)]
