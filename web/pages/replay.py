"""Putar ulang: a case step by step, on the diagram and in words, with what every entry changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.bundles import Bundle
from engine.history import Entry
from engine.queries.cases import case as find_case
from engine.queries.cases import case_history
from engine.queries.people import full_names
from engine.site import Kept
from engine.worktime import lateness, parse_norm
from forms.fields import StoredFile
from forms.schema import Form
from web.changes import Change, changes
from web.context import actor, site
from web.diagram import draw, draw_heading
from web.marks import Marks, trail
from web.pages.blueprint import blueprint
from web.pages.desk import WHOLE
from web.pages.hours import between
from web.story import HANDED, Line, story

CHANGES: Kept[tuple[str, str], list[Change]] = Kept(5_000)
SPAN = 300  # entries on one page: a case may have thousands


@dataclass(frozen=True, slots=True)
class Step:
    """One entry with all that there is to say of it; `late` is "yellow" or "red" when it took more than its norm."""

    line: Line
    changes: Sequence[Change]
    norm: str
    late: str
    files: Sequence[StoredFile]
    automatic: Sequence[str]

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.line.entry


@blueprint.get("/berkas/<instance_id>/putar-ulang")
def replay(instance_id: str) -> ResponseReturnValue:
    """After the entry `?seq=`, or after the first."""
    detail = find_case(site(), actor(), instance_id)
    entries = case_history(site(), actor(), instance_id, limit=WHOLE)
    bundle = site().bundle_of(detail.instance.definition_digest)
    seq = _asked(len(entries))
    first = (seq - 1) // SPAN * SPAN + 1
    last = min(first + SPAN - 1, len(entries))
    marks = list(islice(trail(entries[:last], bundle.definition.elements), first - 1, None))
    steps = list(islice(_steps(bundle, entries[:last], first), first - 1, None))
    xml, here = bundle.files[bundle.definition.source], marks[seq - first]
    return render_template(
        "replay.html",
        case=detail.instance,
        steps=steps,
        seq=seq,
        step=steps[seq - first],
        first=first,
        last=last,
        total=len(entries),
        names=_names(steps),
        diagram=Markup(draw(xml, here.states, here.taken, bundle.definition.name, painted=False)),  # noqa: S704 - escaped
        heading=Markup(draw_heading(xml)),  # noqa: S704
        facts=_facts(marks, first),
    )


def _asked(last: int) -> int:
    text = request.args.get("seq", "1")
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _steps(bundle: Bundle, entries: Sequence[Entry], first: int) -> Iterator[Step]:
    """Every entry, from `first` on with what it changed: a submission replaces what an earlier one had put there."""
    held: dict[str, Entry] = {}
    files: dict[str, StoredFile] = {}
    for line in story(entries, between):
        entry, found = line.entry, []
        sent = [_file(each) for each in entry["attachments"]]
        files |= {file.id: file for file in sent}
        form = bundle.forms.get(entry["activity_id"]) if entry["kind"] == "complete" else None
        if form:
            key = _replaced(bundle, entry)
            if entry["seq"] >= first:
                found = _changes(form, held.get(key), entry, files)
            held[key] = entry
        yield Step(line, found, *_norm(bundle, line), sent, _automatic(bundle, entry))


def _replaced(bundle: Bundle, entry: Entry) -> str:
    """Under which name a submission takes the place of an earlier one; in several runs, of none."""
    activity = entry["activity_id"]
    if activity in bundle.definition.in_runs:
        return str(entry["path"])
    return str(bundle.definition.elements[activity].properties.get("dataKey") or activity)


def _changes(form: Form, before: Entry | None, entry: Entry, files: Mapping[str, StoredFile]) -> list[Change]:
    """Worked out once for each pair of entries, which never change."""
    pair = (before["hash"] if before else "", entry["hash"])
    known = CHANGES.get(pair)
    if known is None:
        known = changes(form, before["data"] if before else None, entry["data"], files)
        CHANGES.keep(pair, known)
    return known


def _automatic(bundle: Bundle, entry: Entry) -> list[str]:
    """The names of the automatic steps that followed at once."""
    elements = bundle.definition.elements
    ran = dict.fromkeys(each["activity_id"] for each in entry["results"] if each.get("activity_id") in elements)
    return [elements[name].name or name for name in ran]


def _file(attachment: Mapping[str, str]) -> StoredFile:
    url = url_for("pages.attachment", attachment_id=attachment["id"])
    return StoredFile(attachment["id"], attachment["filename"], url)


def _norm(bundle: Bundle, line: Line) -> tuple[str, str]:
    """The standard time of a finished task, and the light that the time it took shows."""
    if line.waited is None:
        return "", ""
    text = bundle.definition.elements[line.entry["activity_id"]].properties.get("waktu", "")
    light = lateness(parse_norm(text), line.waited + line.worked if line.worked else line.waited)
    return text, "" if light == "none" else light


def _names(steps: Sequence[Step]) -> dict[str, str]:
    """Full names of those who were allowed, acted for, or given a task."""
    entries = [step.entry for step in steps]
    others = {entry.get(whom) for entry in entries for whom in ("on_behalf_of", *HANDED)}
    return full_names(site(), others.union(*(entry["allowed"] for entry in entries)))


def _facts(marks: Sequence[Marks], first: int) -> Markup:
    """For the script: after each entry the states that changed, and the flows that were newly taken."""
    states: dict[str, str] = {}
    taken: frozenset[str] = frozenset()
    steps = []
    for each in marks:
        now = {element: " ".join(classes) for element, classes in each.states.items()}
        changed = {element: classes for element, classes in now.items() if states.get(element, "") != classes}
        steps.append([changed, sorted(each.taken - taken)])
        states, taken = now, each.taken
    text = json.dumps({"first": first, "steps": steps}, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - cannot end its element
