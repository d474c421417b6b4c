"""One case: where it stands on the diagram, why it waits, its documents and its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.bundles import Bundle
from engine.commands.cases import cancel_case, retry_case
from engine.errors import Unacceptable
from engine.queries.cases import case as find_case
from engine.queries.cases import case_history
from engine.queries.documents import case_documents
from engine.queries.people import eligible, full_names
from engine.queries.user_tasks import OPEN, UserTask
from engine.replay import verify
from web.ahead import Ahead, ahead
from web.context import WEB, actor, explain, may, site
from web.pages.blueprint import blueprint
from web.pages.desk import WHOLE
from web.pages.hours import between
from web.pages.panels import drawing
from web.story import HANDED, story

ENDED = ("completed", "cancelled")
LATEST = 50  # entries of the history; the replay has all


@dataclass(frozen=True, slots=True)
class Wait:
    """An open task: why the case has not gone on."""

    task: UserTask
    norm: str
    eligible: Sequence[str]
    ahead: Sequence[Ahead]


@blueprint.get("/berkas/<instance_id>")
def case(instance_id: str) -> ResponseReturnValue:
    """The case now; `?periksa=1` proves the history."""
    if "seq" in request.args:  # where the diagram was stepped before there was a page for it
        return redirect(url_for("pages.replay", instance_id=instance_id, seq=request.args["seq"]))
    return _page(instance_id)


@blueprint.post("/berkas/<instance_id>")
def act_on_case(instance_id: str) -> ResponseReturnValue:
    """Cancel the case, or try again what failed in it; both with a reason."""
    command = {"cancel": cancel_case, "retry": retry_case}.get(request.form.get("_act", ""))
    if command is None:
        return redirect(url_for("pages.case", instance_id=instance_id))
    try:
        command(site(), actor(), WEB, instance_id, request.form.get("reason", ""))
    except Unacceptable as error:
        return _page(instance_id, error=explain(error)), 422
    return redirect(url_for("pages.case", instance_id=instance_id))


def _page(instance_id: str, error: str = "") -> str:
    detail = find_case(site(), actor(), instance_id)
    entries = case_history(site(), actor(), instance_id, limit=WHOLE)
    bundle = site().bundle_of(detail.instance.definition_digest)
    instance, open_tasks = detail.instance, [task for task in detail.user_tasks if task.status in OPEN]
    operates = may("case.operate")
    lines = story(entries, between)[-LATEST:]
    named = [instance.started_by, *(task.claimed_by for task in open_tasks)]
    named += [line.entry.get(whom) for line in lines for whom in HANDED]
    return render_template(
        "case.html",
        case=instance,
        diagram=drawing(bundle, entries),
        lines=lines,
        earlier=max(len(entries) - LATEST, 0),
        waits=[_wait(bundle, task) for task in open_tasks],
        names=full_names(site(), named),
        documents=case_documents(site(), actor(), instance_id),
        incidents=detail.incidents,
        unstaffed=detail.unstaffed,
        elements=bundle.definition.elements,
        proof=verify(site(), actor(), instance_id) if request.args.get("periksa") == "1" else None,
        may_cancel=instance.status not in ENDED and (operates or instance.started_by == actor().name),
        may_retry=operates and bool(detail.incidents) and instance.suspended is None,
        error=error,
    )


def _wait(bundle: Bundle, task: UserTask) -> Wait:
    norm = bundle.definition.elements[task.activity_id].properties.get("waktu", "")
    nearby = ahead(bundle.definition, task.activity_id)
    return Wait(task, norm, eligible(site(), task), nearby)
