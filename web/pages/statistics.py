"""Kinerja: how the office does with an SOP, by step and by role, and where on the diagram time is lost."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine import office
from engine.commands.exports import record_export
from engine.definitions import Definition
from engine.errors import NotFound
from engine.queries.definitions import Deployed, process_definition, process_definitions
from engine.queries.search import Search
from engine.queries.statistics import Statistics, Work, statistics
from engine.queries.versions import process_definition_versions
from web.context import WEB, actor, require, site
from web.diagram import draw, draw_heading
from web.downloads import sheet
from web.pages.blueprint import blueprint

A_QUARTER = timedelta(days=90)
HEADINGS = (
    *("jenis", "nama", "dibuka", "selesai", "terbuka", "terulang", "bertenggat", "terlambat"),
    *("waktu_baku_menit", "menunggu_menit", "menunggu_90_persen_menit"),
    *("dikerjakan_menit", "dikerjakan_90_persen_menit"),
)
LATE, LONG = "terlambat", "lama"
LEVELS = 5


@blueprint.get("/kinerja")
def performance() -> ResponseReturnValue:
    """`?sop=&versi=&dari=&sampai=&peta=`: cases started in that stretch of days, the last quarter if none is named."""
    require("statistics.view")
    sops = process_definitions(site(), actor())
    if not sops:
        return render_template("statistics.html", sops=sops)
    sop = _asked_for(sops)
    versions = process_definition_versions(site(), actor(), sop.key, limit=200)
    version = _version(versions)
    first, last = _days()
    found = statistics(site(), actor(), Search(key=sop.key, version=version, since=first, until=last))
    shown = process_definition(site(), actor(), sop.key, version)
    bundle = site().bundle_of(shown.digest)
    definition, xml = bundle.definition, bundle.files[bundle.definition.source]
    if request.args.get("csv") == "1":
        return _file(found, definition)
    measure = LONG if request.args.get("peta") == LONG else LATE
    levels = heat(found, measure)
    hot = {name: (f"heat-{level}",) for name, level in levels.items()}
    return render_template(
        "statistics.html",
        sops=sops,
        sop=sop,
        versions=versions,
        version=version,
        first=first,
        last=last,
        measure=measure,
        found=found,
        steps=_steps(definition, found),
        levels=levels,
        elements=definition.elements,
        lanes=[lane for lane in definition.lanes if lane in found.lanes],
        diagram=Markup(draw(xml, hot, title=definition.name)),  # noqa: S704 - `draw` escapes every name it writes
        heading=Markup(draw_heading(xml)),  # noqa: S704
    )


def heat(found: Statistics, measure: str) -> dict[str, int]:
    """How hot each activity is, from 1 to 5: by its part that was late, or by its time beside the longest's."""
    if measure == LATE:
        shares = {name: work.lateness for name, work in found.activities.items()}
    else:
        spans = {name: work.total.middle for name, work in found.activities.items()}
        longest = max((span for span in spans.values() if span), default=None)
        shares = {name: span / longest if span is not None and longest else None for name, span in spans.items()}
    return {name: 1 + min(int(share * LEVELS), LEVELS - 1) for name, share in shares.items() if share is not None}


def _file(found: Statistics, definition: Definition) -> ResponseReturnValue:
    names = {name: element.name for name, element in definition.elements.items()}
    rows = [("langkah", names.get(name, name), work) for name, work in _steps(definition, found)]
    rows += [("peran", lane, work) for lane, work in sorted(found.lanes.items())]
    record_export(site(), actor(), WEB, "statistics", len(rows))
    return sheet("kinerja", HEADINGS, [_row(*row) for row in rows])


def _row(kind: str, name: str, work: Work) -> list[str]:
    counts = (work.opened, work.done, work.open, work.returned, work.timed, work.late)
    spans = (work.norm, work.waiting.middle, work.waiting.most, work.working.middle, work.working.most)
    minutes = ["" if span is None else str(round(span.total_seconds() / 60)) for span in spans]
    return [kind, name, *map(str, counts), *minutes]


def _steps(definition: Definition, found: Statistics) -> list[tuple[str, Work]]:
    """The steps in the order of the model; those of another version's last."""
    known = [name for name in definition.elements if name in found.activities]
    others = [name for name in found.activities if name not in definition.elements]
    return [(name, found.activities[name]) for name in (*known, *sorted(others))]


def _asked_for(sops: Sequence[Deployed]) -> Deployed:
    asked = request.args.get("sop", "")
    found = next((sop for sop in sops if sop.key == asked), None)
    if asked and found is None:
        raise NotFound
    return found or sops[0]


def _version(versions: Sequence[Deployed]) -> int | None:
    text = request.args.get("versi", "")
    return next((each.version for each in versions if str(each.version) == text), None)


def _days() -> tuple[date, date]:
    with site().database.read() as connection:
        today = site().clock().astimezone(office.calendar(connection).zone).date()
    last = _day("sampai") or today
    first = _day("dari") or last - A_QUARTER
    return min(first, last), last


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
