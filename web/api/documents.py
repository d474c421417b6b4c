"""Issued documents."""

from typing import Any

from flask.wrappers import Response
from werkzeug.datastructures import FileStorage

from engine import clock
from engine.contents import sha256
from engine.errors import NotFound
from engine.queries import documents
from engine.queries.documents import Document
from web.api.operation import Operation
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, BYTES, DIGEST, MOMENT, NUMBER, TEXT, choice, many, maybe, page, record
from web.context import actor, site
from web.downloads import download

WHO = "everybody who sees the case"
DOCUMENT = record(
    "Document",
    {
        "id": TEXT,
        "process_instance_id": TEXT,
        "filename": TEXT,
        "type": TEXT,
        "number": maybe(TEXT),
        "code": maybe(TEXT),
        "version": NUMBER,
        "status": choice("draft", "issued", "void"),
        "sha256": DIGEST,
        "activity_id": TEXT,
        "seq": NUMBER,
        "issued_at": MOMENT,
        "signed_by": many(ANY_OBJECT),
        "signed_copies": many(TEXT),
    },
)
RECOGNISED = record("RecognisedFile", {"ours": {"type": "boolean"}, "sha256": DIGEST, "documents": many(DOCUMENT)})


def document_json(document: Document) -> dict[str, Any]:
    """A document as the API gives it."""
    return {
        "id": document.id,
        "process_instance_id": document.instance_id,
        "filename": document.filename,
        "type": document.type,
        "number": document.number,
        "code": document.code,
        "version": document.version,
        "status": document.status,
        "sha256": document.sha256,
        "activity_id": document.activity_id,
        "seq": document.seq,
        "issued_at": clock.to_text(document.issued_at),
        "signed_by": list(document.signed_by),
        "signed_copies": list(document.signed_copies),
    }


@Operation(
    "GET",
    "/process-instances/<instance_id>/documents",
    "A case's documents in the order they came",
    who=WHO,
    answer=page(DOCUMENT),
    parameters=PAGE,
    errors=(NotFound,),
)
def of_case(instance_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """All versions, drafts and superseded ones too."""
    seq, last = position(cursor, int, int) or (0, -1)
    found = documents.case_documents(site(), actor(), instance_id, (seq, last), limit + 1)
    return pages(found, limit, document_json, lambda each: [each.seq, each.place])


@Operation("GET", "/documents/<document_id>", "One version of a document", who=WHO, answer=DOCUMENT, errors=(NotFound,))
def one(document_id: str) -> dict[str, Any]:
    """What is known of it."""
    return document_json(documents.document(site(), actor(), document_id))


@Operation(
    "GET",
    "/documents/<document_id>/content",
    "The file itself, byte for byte as it was issued",
    who=WHO,
    answer=BYTES,
    content_type="application/octet-stream",
    errors=(NotFound,),
)
def content(document_id: str) -> Response:
    """The `.docx`, or the archive's ZIP."""
    found, data = documents.document_content(site(), actor(), document_id)
    return download(data, found.filename)


@Operation(
    "POST",
    "/documents/verify",
    "Which case, step and version a file is, or that it is none of ours",
    who="everybody; only documents of cases they see are recognised",
    answer=RECOGNISED,
    upload="file",
)
def verify(files: list[FileStorage]) -> dict[str, Any]:
    """By its bytes alone: a file that was changed is none of ours."""
    content = files[0].read()
    found = [document_json(each) for each in documents.recognise(site(), actor(), content)]
    return {"ours": bool(found), "sha256": sha256(content), "documents": found}
