"""The panels beside a task's form, on its own page: what the case holds, its documents, its diagram, its history."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from engine.bundles import Bundle
from engine.history import Entry
from engine.queries.cases import CaseDetail, case, case_history
from engine.queries.documents import case_documents
from engine.queries.people import full_names
from engine.queries.user_tasks import OPEN, TaskDetail
from forms.fields import Field
from web.context import actor, site
from web.diagram import draw, draw_heading
from web.marks import marks
from web.pages.desk import WHOLE, shown
from web.pages.hours import between
from web.story import HANDED, story

PANELS = ("berkas", "dokumen", "diagram", "riwayat")


def panel(detail: TaskDetail, name: str) -> str:
    """The task's page with one panel in front; the form is a tab away, with its draft."""
    task = detail.task
    whole = case(site(), actor(), task.process_instance_id)
    entries = case_history(site(), actor(), task.process_instance_id, limit=WHOLE)
    return render_template(
        "task_panel.html",
        task=task,
        panel=name,
        case=whole.instance,
        open=task.status in OPEN,
        **_matter(detail, whole, entries, name),
    )


def _matter(detail: TaskDetail, whole: CaseDetail, entries: Sequence[Entry], name: str) -> dict[str, Any]:
    """What that panel shows, and nothing of the others."""
    if name == "dokumen":
        return {"documents": case_documents(site(), actor(), whole.instance.id)}
    if name == "diagram":
        return {"drawing": drawing(detail.bundle, entries)}
    if name == "riwayat":
        others = [entry.get(whom) for entry in entries for whom in ("on_behalf_of", *HANDED)]
        return {"lines": story(entries, between), "names": full_names(site(), others)}
    waiting = [task for task in whole.user_tasks if task.status in OPEN]
    names = full_names(site(), [whole.instance.started_by, *(task.claimed_by for task in waiting)])
    return {"waiting": waiting, "names": names, "answers": _answers(detail, entries)}


def _answers(detail: TaskDetail, entries: Sequence[Entry]) -> list[tuple[Entry, Field]]:
    """What was last sent in every step, in the order of the case; of a step in several runs, all that was sent."""
    runs, sent = detail.bundle.definition.in_runs, [entry for entry in entries if entry["kind"] == "complete"]
    latest = {entry["path" if entry["activity_id"] in runs else "activity_id"]: entry for entry in sent}
    forms = detail.bundle.forms
    last = sorted(latest.values(), key=lambda entry: int(entry["seq"]))
    return [
        (entry, shown(site(), actor(), forms[entry["activity_id"]], entry["data"]))
        for entry in last
        if entry["activity_id"] in forms
    ]


def drawing(bundle: Bundle, entries: Sequence[Entry]) -> tuple[Markup, Markup]:
    """The diagram as the case stands, and its heading; `draw` escapes every name it writes."""
    xml, found = bundle.files[bundle.definition.source], marks(entries, bundle.definition.elements)
    return Markup(draw(xml, found.states, found.taken, bundle.definition.name)), Markup(draw_heading(xml))  # noqa: S704
