"""Uji coba: a draft is carried out step by step, as any role, documents included, without touching a real case."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from markupsafe import Markup

from engine.commands import dry_runs
from engine.dry_run import DryRun, Made, example
from engine.errors import Conflict, InvalidDeployment, InvalidForm, NotFound, Unacceptable, required
from engine.queries.sop_drafts import sop_draft as find_draft
from forms.fields import Field, StoredFile, context, fields
from forms.posting import place, read_post
from forms.prefill import prefill
from forms.schema import Form
from forms.validation import FieldError, attachments
from web.context import actor, explain, require, site, translate
from web.downloads import download
from web.errors import status_of
from web.filling import evaluate
from web.marks import marks
from web.pages.admin.common import number
from web.pages.blueprint import blueprint
from web.pages.sop.common import TYPES, picture

Data = dict[str, Any]
ADDRESS = "/rancangan/<draft_id>/uji-coba"
UPLOADED = "contoh-unggahan"


@blueprint.get(ADDRESS)
def dry_run(draft_id: str, error: str = "") -> str:
    """Where the dry run stands: what waits, for which role, and what came out so far; `?peran=` is one role's view."""
    draft = find_draft(site(), actor(), draft_id)
    try:
        run = _run(draft_id)
    except InvalidDeployment:
        return render_template("sop/dry_run.html", draft=draft, run=None, error=error, here="dry_run")
    definition = run.bundle.definition
    stands = marks(run.entries, definition.elements)
    lanes = [element.lane or "" for _, element in run.tasks]
    role = request.args.get("peran", "")
    return render_template(
        "sop/dry_run.html",
        draft=draft,
        run=run,
        role=role if role in definition.lanes else "",
        lanes={lane: lanes.count(lane) for lane in definition.lanes},
        picture=picture(draft.files[definition.source], stands.states, {}, definition.name, taken=stands.taken),
        error=error,
        here="dry_run",
    )


@blueprint.post(ADDRESS)
def act_in_dry_run(draft_id: str) -> ResponseReturnValue:
    """One of its buttons: back, anew, to the end, or let come what is waited for."""
    require("deploy")
    act = request.form.get("_act")
    try:
        if act == "back":
            dry_runs.step_back(site(), actor(), draft_id)
        elif act == "again":
            dry_runs.start_again(site(), actor(), draft_id)
        elif act == "finish":
            dry_runs.finish(site(), actor(), draft_id)
        elif act == "arrive":
            dry_runs.do(site(), actor(), draft_id, "arrive", request.form.get("path", ""), {}, _given())
    except InvalidDeployment:
        pass  # the page says so
    except (Conflict, Unacceptable) as error:
        return dry_run(draft_id, explain(error)), status_of(type(error))
    return redirect(url_for("pages.dry_run", draft_id=draft_id))


@blueprint.get(f"{ADDRESS}/langkah/<path>")
def dry_run_task(draft_id: str, path: str) -> ResponseReturnValue:
    """A task with its form: filled with the form's example `?contoh=`, or with 0 as the person will find it."""
    run = _run(draft_id)
    chosen = number(request.args.get("contoh", "1"))
    form = run.form(_activity(run, path))
    data = example(form, chosen - 1) if chosen else _found(run, path)
    return _task(draft_id, run, path, data, chosen=chosen)


@blueprint.post(f"{ADDRESS}/langkah/<path>")
def act_on_dry_run_task(draft_id: str, path: str) -> ResponseReturnValue:
    """Send the form, or add and take out rows."""
    run = _run(draft_id)
    form = run.form(_activity(run, path))
    data, editing = _posted(form)
    if editing:
        return _task(draft_id, run, path, data)
    try:
        dry_runs.do(site(), actor(), draft_id, "complete", path, data, _given())
    except InvalidForm as error:
        wrong = [each for each in error.errors if isinstance(each, FieldError)]
        return _task(draft_id, run, path, data, wrong), 422
    except (Conflict, Unacceptable) as error:
        return dry_run(draft_id, explain(error)), status_of(type(error))
    return redirect(url_for("pages.dry_run", draft_id=draft_id, peran=request.args.get("peran")))


@blueprint.get(f"{ADDRESS}/dokumen/<int(max=9999):n>")
def dry_run_document(draft_id: str, n: int) -> ResponseReturnValue:
    """A document to read."""
    made = _made(draft_id, n)
    if not made.is_word:
        raise NotFound
    html = Markup(made.html)  # noqa: S704 - docgen.html lets nothing harmful by
    return render_template(
        "sop/dry_run_document.html", draft=find_draft(site(), actor(), draft_id), made=made, html=html
    )


@blueprint.get(f"{ADDRESS}/dokumen/<int(max=9999):n>/unduh")
def dry_run_download(draft_id: str, n: int) -> Response:
    """The same as a Word file."""
    made = _made(draft_id, n)
    return download(made.content, made.filename, TYPES.get(made.filename.rpartition(".")[2], "application/zip"))


def _run(draft_id: str) -> DryRun:
    return dry_runs.dry_run_of(site(), actor(), draft_id)


def _given() -> int:
    return number(request.form.get("given", ""))


def _made(draft_id: str, n: int) -> Made:
    try:
        found = next((made for made in _run(draft_id).documents if made.number == n), None)
    except InvalidDeployment:
        found = None
    return required(found)


def _activity(run: DryRun, path: str) -> str:
    return required(next((task.activity_id for task, _ in run.tasks if task.path == path), None))


def _found(run: DryRun, path: str) -> Data:
    """What the person will find in the form."""
    activity = _activity(run, path)
    form, key = run.form(activity), run.bundle.definition.elements[activity].properties.get("dataKey", "")
    data = run.case.seen_by(path)
    return prefill(form, data.get(key), data, evaluate) if form else {}


def _posted(form: Form | None) -> tuple[Data, bool]:
    """The answers; an upload is not kept, a placeholder stands for it."""
    if form is None:
        return {}, False
    files = {name: [file for file in found if file.filename] for name, found in request.files.lists()}
    posted = read_post(form, dict(request.form.lists()), files)
    for pointer, _ in posted.uploads:
        place(posted.data, pointer, UPLOADED)
    return posted.data, posted.editing


def _task(
    draft_id: str, run: DryRun, path: str, data: Mapping[str, Any], errors: Sequence[FieldError] = (), chosen: int = -1
) -> str:
    activity = _activity(run, path)
    form = run.form(activity)
    elements = run.bundle.definition.elements
    return render_template(
        "sop/dry_run_task.html",
        draft=find_draft(site(), actor(), draft_id),
        run=run,
        path=path,
        element=elements[activity],
        others=[elements[name].name or name for name in elements[activity].separate_from if name in elements],
        form=_shown(form, data, errors) if form else None,
        context=context(form, run.case.seen_by(path), evaluate) if form else (),
        examples=len(form.schema.get("examples", ())) if form else 0,
        chosen=chosen,
    )


def _shown(form: Form, data: Mapping[str, Any], errors: Sequence[FieldError]) -> Field:
    name = translate("example file")
    files = {identity: StoredFile(identity, name) for _, identity in attachments(form, data)}
    return fields(form, data, errors, evaluate=evaluate, files=files)
