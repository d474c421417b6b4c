"""Berkas kegiatan: the list of cases one may see, and finding one in it."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.queries.cases import find_cases
from engine.queries.definitions import process_definitions
from engine.queries.people import full_names
from engine.queries.search import EVERYTHING, Search
from forms.notation import read_date
from web.context import actor, site
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE

STATUSES = ("running", "completed", "cancelled", "suspended", "incident")


@blueprint.get("/berkas")
def cases() -> ResponseReturnValue:
    """The newest first: by `?q=` (title, letter number), `orang`, `dari`, `sampai`, `status`, `sop`."""
    search = _search()
    found = find_cases(site(), actor(), search, before=request.args.get("sebelum"), limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "cases.html",
        cases=found[:PAGE],
        more=more,
        names=full_names(site(), [case.started_by for case in found]),
        search=search,
        searched=search != EVERYTHING,
        statuses=STATUSES,
        sops=process_definitions(site(), actor()),
    )


def _search() -> Search:
    status = _asked("status")
    return Search(
        status=status if status in STATUSES else "",
        key=_asked("sop"),
        text=_asked("q"),
        person=_asked("orang"),
        since=_day("dari"),
        until=_day("sampai"),
    )


def _asked(name: str) -> str:
    return " ".join(request.args.get(name, "").split())[:200]


def _day(name: str) -> date | None:
    text = read_date(_asked(name))
    return date.fromisoformat(text) if text else None
