"""Issued documents."""

from typing import Any

from flask.wrappers import Response
from werkzeug.datastructures import FileStorage

from engine.errors import NotFound, TooManyAttempts, Unacceptable
from engine.queries import documents
from engine.queries.documents import Document
from engine.recognition import OUTCOMES, Recognition, recognise, recognise_code
from web import dossier
from web.api.operation import get, post
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, BYTES, DIGEST, MOMENT, NUMBER, TEXT, choice, many, maybe, page, record, told
from web.context import API, actor, language, site
from web.downloads import download

WHO = "everybody who sees the case"
VERSION = {
    "type": TEXT,
    "title": TEXT,
    "number": maybe(TEXT),
    "code": maybe(TEXT),
    "version": NUMBER,
    "status": choice("draft", "issued", "void"),
}
DOCUMENT = record(
    "Document",
    id=TEXT,
    process_instance_id=TEXT,
    filename=TEXT,
    **VERSION,
    sha256=DIGEST,
    activity_id=TEXT,
    seq=NUMBER,
    issued_at=MOMENT,
    signed_by=many(ANY_OBJECT),
    signed_copies=many(TEXT),
)
KNOWN = record("KnownDocument", **VERSION, issued_at=MOMENT)
CHANGE = record("FieldChange", field=TEXT, label=TEXT, before=TEXT, after=TEXT)
RECOGNISED = record(
    "RecognisedFile",
    ours={"type": "boolean"},
    outcome=choice(*OUTCOMES),
    sha256=maybe(DIGEST),
    documents=many(DOCUMENT),
    known=many(KNOWN),
    differences=NUMBER,
    changes=many(CHANGE),
)


def document_json(document: Document) -> dict[str, Any]:
    """A document as the API gives it."""
    return told(DOCUMENT, document, process_instance_id=document.instance_id)


@get(
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


@get(
    "/process-instances/<instance_id>/dossier",
    "The whole case as one ZIP that can be read and checked without Alur; taking it is an act",
    who=WHO,
    answer=BYTES,
    content_type="application/zip",
    errors=(NotFound,),
)
def case_dossier(instance_id: str) -> Response:
    """Its instructions are in it, BACA-SAYA.txt."""
    content = dossier.compose(site(), actor(), API, instance_id, language())
    return download(content, dossier.filename(instance_id), "application/zip")


@get("/documents/<document_id>", "One version of a document", who=WHO, answer=DOCUMENT, errors=(NotFound,))
def one(document_id: str) -> dict[str, Any]:
    """What is known of it."""
    return document_json(documents.document(site(), actor(), document_id))


@get(
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


@post(
    "/documents/verify",
    "Which case, step and version a file is, what was changed in it, or that it is none of ours",
    who="everybody; the documents and what was changed only for who sees the case",
    answer=RECOGNISED,
    upload="file",
)
def verify(files: list[FileStorage]) -> dict[str, Any]:
    """`ours` says that these very bytes were issued, or are the signed copy; `outcome` says more."""
    return recognition_json(recognise(site(), actor(), files[0].read()))


@get(
    "/document-codes/<code>",
    "The document with that code in its footer",
    who="everybody; the document itself only for who sees the case",
    answer=RECOGNISED,
    errors=(Unacceptable, TooManyAttempts),
)
def by_code(code: str) -> dict[str, Any]:
    """`outcome` is `issued` or `unknown`; a mistyped code is refused."""
    return recognition_json(recognise_code(site(), actor(), code))


def recognition_json(found: Recognition) -> dict[str, Any]:
    """What a file or a code turned out to be, as the API gives it."""
    return told(
        RECOGNISED,
        found,
        sha256=found.sha256 or None,
        documents=[document_json(each.document) for each in found.known if each.document],
        known=[told(KNOWN, each) for each in found.known],
        changes=[told(CHANGE, each) for each in found.changes],
    )
