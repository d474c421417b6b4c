"""Berkas kegiatan: the list of cases one may see, finding one in it, and taking the list along."""

from collections.abc import Iterator
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import clock
from engine.commands.exports import record_export
from engine.queries.cases import ProcessInstance, find_cases
from engine.queries.definitions import Deployed, process_definitions
from engine.queries.people import full_names
from engine.queries.search import EVERYTHING, Search, Step
from forms.notation import read_date
from web.context import WEB, actor, site
from web.downloads import sheet
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE

STATUSES = ("running", "completed", "cancelled", "suspended", "incident")
HEADINGS = ("berkas", "sop", "versi", "kegiatan", "status", "dimulai", "dimulai_oleh", "selesai")
AT_ONCE = 500


@blueprint.get("/berkas")
def cases() -> ResponseReturnValue:
    """The newest first; what is looked for is the address, so that it can be kept; `?csv=1` is a file of all.

    `q` (title, letter number), `orang`, `dari`, `sampai`, `status`, `sop`, `versi`; of a step: `langkah`, `peran`,
    `terlambat`, `terulang`, `terbuka`.
    """
    search = _search()
    if request.args.get("csv") == "1":
        return _file(search)
    found = find_cases(site(), actor(), search, before=request.args.get("sebelum"), limit=PAGE + 1)
    sops = process_definitions(site(), actor())
    return render_template(
        "cases.html",
        cases=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        names=full_names(site(), [case.started_by for case in found]),
        search=search,
        searched=search != EVERYTHING,
        statuses=STATUSES,
        sops=sops,
        steps={sop.name: _steps(sop) for sop in sops},
    )


def _search() -> Search:
    status, version = _asked("status"), _asked("versi")
    return Search(
        status=status if status in STATUSES else "",
        key=_asked("sop"),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 7 else None,
        text=_asked("q"),
        person=_asked("orang"),
        since=_day("dari"),
        until=_day("sampai"),
        step=Step(
            _asked("langkah"),
            _asked("peran"),
            *(_asked(name) == "1" for name in ("terlambat", "terulang", "terbuka")),
        ),
    )


def _steps(sop: Deployed) -> dict[str, str]:
    """The steps that people do, by activity id."""
    elements = site().bundle_of(sop.digest).definition.elements.values()
    return {each.id: each.name for each in elements if each.kind == "userTask"}


def _file(search: Search) -> ResponseReturnValue:
    found = list(_all(search))
    names = full_names(site(), {case.started_by for case in found})
    record_export(site(), actor(), WEB, "cases", len(found))
    return sheet("berkas-kegiatan", HEADINGS, [_row(case, names[case.started_by]) for case in found])


def _all(search: Search) -> Iterator[ProcessInstance]:
    before: str | None = None
    while page := find_cases(site(), actor(), search, before=before, limit=AT_ONCE):
        yield from page
        before = page[-1].id


def _row(case: ProcessInstance, starter: str) -> tuple[str, ...]:
    ended = clock.to_text(case.ended_at) if case.ended_at else ""
    what = (case.id, case.process_definition_name, str(case.version), case.title, case.status)
    return (*what, clock.to_text(case.started_at), starter, ended)


def _asked(name: str) -> str:
    return " ".join(request.args.get(name, "").split())[:200]


def _day(name: str) -> date | None:
    text = read_date(_asked(name))
    return date.fromisoformat(text) if text else None
