"""Berkas kegiatan: the list of cases one may see, and finding one in it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.queries.cases import find_cases
from engine.queries.people import full_names
from web.context import actor, site
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE

STATUSES = ("running", "completed", "cancelled", "suspended", "incident")


@blueprint.get("/berkas")
def cases() -> ResponseReturnValue:
    """The newest first; `?q=` looks in titles, `?status=` keeps one status."""
    text, status = request.args.get("q", "").strip(), request.args.get("status", "")
    status = status if status in STATUSES else ""
    found = find_cases(site(), actor(), status=status, text=text, before=request.args.get("sebelum"), limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    names = full_names(site(), [case.started_by for case in found])
    return render_template(
        "cases.html", cases=found[:PAGE], more=more, names=names, text=text, status=status, statuses=STATUSES
    )
