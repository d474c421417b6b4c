"""The scan of the signed paper, bound to the document that it is a copy of."""

from collections.abc import Mapping
from typing import Any

from engine.commands.signed_copies import MOST, add_signed_copy
from engine.errors import CaseSuspended, Forbidden, NotFound, Unacceptable
from engine.queries import documents
from web.api.documents import DOCUMENT, document_json
from web.api.operation import post
from web.api.schema import TEXT, body, many
from web.context import API, actor, site

SCANS = body({"attachments": {**many(TEXT), "minItems": 1, "maxItems": MOST}})


@post(
    "/documents/<document_id>/signed-copy",
    "Let uploads be the signed copy of an issued document, in place of an earlier one; the history keeps both",
    who="who sees the case and started it or did one of its tasks",
    answer=DOCUMENT,
    body=SCANS,
    errors=(NotFound, Forbidden, CaseSuspended, Unacceptable),
)
def add(document_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One's own uploads, by their ids; one for each page if it is photographed."""
    add_signed_copy(site(), actor(), API, document_id, body["attachments"])
    return document_json(documents.document(site(), actor(), document_id))
