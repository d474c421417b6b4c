"""The scan of the signed paper, bound to the document that it is a copy of.

It comes with a form that has a field for it, or later, by somebody who took part. The latest holds; the history keeps
all. Every version of a document has its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from engine.access import Actor
from engine.casework import Act, Casework, Channel, Recorded, on_case
from engine.commands.attachments import bind
from engine.errors import N_, CaseSuspended, Forbidden, NotFound, Unacceptable
from engine.identity import document_id, split_document_id
from engine.models import documents
from engine.queries.cases import require_visible
from engine.queries.participation import acted
from engine.site import Site
from forms.signed_copies import signed_copies

MOST = 20


def add_signed_copy(site: Site, actor: Actor, channel: Channel, document: str, attachments: Sequence[str]) -> Recorded:
    """Let these uploads be the signed copy of an issued document.

    Raises `NotFound`, `Forbidden` for who did no step of the case, `CaseSuspended`, or `Unacceptable` for a document
    that was never issued or replaced, or an upload that is not there.
    """
    instance_id, activity_id, version = split_document_id(document)
    with on_case(site, instance_id) as work:
        require_visible(work.connection, actor, instance_id)
        place = (documents.c.activity_id == activity_id, documents.c.version == version)
        issued = work.connection.execute(
            select(documents.c.status).where(documents.c.instance_id == instance_id, *place)
        ).scalar()
        if issued is None:
            raise NotFound
        if not acted(work.connection, actor, instance_id):
            raise Forbidden
        if work.row.suspended is not None:
            raise CaseSuspended(reason=work.row.suspended)
        if issued != "issued":
            raise Unacceptable(reason=N_("only a document that was issued and not replaced has a signed copy"))
        if not 1 <= len(set(attachments)) <= MOST:
            raise Unacceptable(reason=N_("choose between 1 and 20 files"))
        bound, unknown = bind(
            work.connection, actor, instance_id, work.row.seq + 1, [("", each) for each in dict.fromkeys(attachments)]
        )
        if unknown:
            raise Unacceptable(reason=N_("a file is no longer there; choose it again"))
        copy = {"document": document, "attachments": [each["id"] for each in bound]}
        act = Act("signed_copy", actor, channel, activity_id=activity_id, attachments=bound)
        act.extra = {"signed_copies": [copy], "allowed": []}
        return work.record(act)


def signed_copies_sent(work: Casework, act: Act, made: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What an entry says of the signed copies among a submission's uploads; `made` are the documents it issued."""
    form = work.bundle.forms.get(act.activity_id or "")
    found = []
    for activity_id, attachments in (signed_copies(form, act.data) if form else {}).items():
        own = [each["version"] for each in made if each["activity_id"] == activity_id and each["status"] == "issued"]
        version = own[-1] if own else _latest(work, activity_id)
        if version is not None:
            document = document_id(work.instance_id, activity_id, version)
            found.append({"document": document, "attachments": attachments})
    return {"signed_copies": found} if found else {}


def _latest(work: Casework, activity_id: str) -> int | None:
    query = select(func.max(documents.c.version)).where(
        documents.c.instance_id == work.instance_id,
        documents.c.activity_id == activity_id,
        documents.c.status == "issued",
    )
    return work.connection.execute(query).scalar()
