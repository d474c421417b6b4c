"""What sending a task's form would issue, before it is sent."""

from collections.abc import Mapping
from typing import Any

from flask.wrappers import Response

from engine import preview as previews
from engine.errors import PdfUnavailable, TaskClaimed, Unacceptable
from engine.pdf import to_pdf
from engine.preview import Draft
from web.api.operation import post
from web.api.schema import ANY_OBJECT, BYTES, FLAG, TEXT, many, maybe, record, told
from web.api.user_tasks import DATA, DOES, NOT_NOW
from web.context import actor, site, translate
from web.downloads import download

FAILURE = record("PreviewFailure", code=TEXT, message=TEXT)
DRAFT = record(
    "PreviewedDocument",
    activity_id=TEXT,
    name=TEXT,
    type=TEXT,
    filename=TEXT,
    html=TEXT,
    failure=maybe(FAILURE),
)
PREVIEW = record("Preview", documents=many(DRAFT), later=FLAG, assumed=ANY_OBJECT)
REFUSALS = tuple(error for error in NOT_NOW if error is not TaskClaimed)


def draft_json(draft: Draft) -> dict[str, Any]:
    """A draft as the API gives it; its HTML has class names (`doc-…`) and no styles of its own."""
    why = draft.failure
    return told(DRAFT, draft, failure=why and told(FAILURE, why, message=translate(why.message, **why.params)))


@post(
    "/user-tasks/<task_id>/preview",
    "The documents that sending these data would issue, as drafts; nothing is written, and no number is given",
    who=DOES,
    answer=PREVIEW,
    body=DATA,
    errors=REFUSALS,
)
def preview(task_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What is missing is empty. `later`: other steps come first; `assumed`: decisions that `data` does not hold yet."""
    found = previews.preview(site(), actor(), task_id, body["data"])
    return {"documents": [draft_json(each) for each in found.drafts], "later": found.later, "assumed": found.assumed}


@post(
    "/user-tasks/<task_id>/preview/<activity_id>.docx",
    "One of these drafts as a Word file",
    who=DOES,
    answer=BYTES,
    content_type="application/octet-stream",
    body=DATA,
    errors=(*REFUSALS, Unacceptable),
)
def word(task_id: str, activity_id: str, body: Mapping[str, Any]) -> Response:
    """By the service task that would issue it."""
    found = previews.draft(site(), actor(), task_id, body["data"], activity_id)
    return download(found.content, found.filename)


@post(
    "/user-tasks/<task_id>/preview/<activity_id>.pdf",
    "One of these drafts as PDF, where LibreOffice is installed",
    who=DOES,
    answer=BYTES,
    content_type="application/pdf",
    body=DATA,
    errors=(*REFUSALS, Unacceptable, PdfUnavailable),
)
def pdf(task_id: str, activity_id: str, body: Mapping[str, Any]) -> Response:
    """By the service task that would issue it."""
    found = previews.draft(site(), actor(), task_id, body["data"], activity_id)
    return download(to_pdf(site().settings.var, found.content), f"{found.type}-draf.pdf", "application/pdf")
