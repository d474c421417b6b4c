"""Pratinjau: what sending one's draft would issue, to read before it is sent."""

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine import pdf, preview
from engine.preview import Draft
from engine.queries.user_tasks import TaskDetail, user_task
from web.context import actor, site
from web.downloads import download
from web.filling import prefilled
from web.pages.blueprint import blueprint
from web.pages.desk import shown


@blueprint.get("/tugas/<task_id>/pratinjau")
def preview_task(task_id: str) -> ResponseReturnValue:
    """The documents as drafts; the way back to the form keeps everything, since what was typed is a draft too."""
    detail = user_task(site(), actor(), task_id)
    found = preview.preview(site(), actor(), task_id, _typed(detail))
    return render_template(
        "preview.html",
        task=detail.task,
        drafts=[(draft, Markup(draft.html)) for draft in found.drafts],  # noqa: S704 - docgen.html lets nothing harmful by
        later=found.later,
        assumed=_assumed(detail, found),
        pdf=pdf.available(),
    )


@blueprint.get("/tugas/<task_id>/pratinjau/<activity_id>.docx")
def preview_word(task_id: str, activity_id: str) -> ResponseReturnValue:
    """One of them as a Word file."""
    found = _draft(task_id, activity_id)
    return download(found.content, found.filename)


@blueprint.get("/tugas/<task_id>/pratinjau/<activity_id>.pdf")
def preview_pdf(task_id: str, activity_id: str) -> ResponseReturnValue:
    """One of them as PDF, where LibreOffice is installed."""
    found = _draft(task_id, activity_id)
    return download(pdf.to_pdf(site().settings.var, found.content), f"{found.type}-draf.pdf", "application/pdf")


def _draft(task_id: str, activity_id: str) -> Draft:
    return preview.draft(site(), actor(), task_id, _typed(user_task(site(), actor(), task_id)), activity_id)


def _typed(detail: TaskDetail) -> dict[str, object]:
    return dict(detail.draft) if detail.draft is not None else prefilled(detail)


def _assumed(detail: TaskDetail, found: preview.Preview) -> list[tuple[str, str]]:
    """The decisions that the preview takes for granted: (question, answer) as the form says them."""
    form = detail.bundle.forms.get(detail.task.activity_id)
    if form is None or not found.assumed:
        return []
    answers = shown(site(), actor(), form, found.assumed).children
    return [(field.label, field.text) for field in answers if field.name in found.assumed]
