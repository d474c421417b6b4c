"""Issued documents, through the cases that people may see."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from docgen.wording import sebutan
from engine import contents, identity
from engine.access import Actor
from engine.errors import required
from engine.models import documents
from engine.queries.cases import require_visible
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document."""

    instance_id: str
    activity_id: str
    version: int
    type: str
    number: str | None
    code: str | None
    status: str
    filename: str
    sha256: str
    seq: int
    place: int
    issued_at: datetime
    signed_by: tuple[Mapping[str, Any], ...]
    signed_copies: tuple[str, ...]
    title: str

    @property
    def id(self) -> str:
        """The public id."""
        return identity.document_id(self.instance_id, self.activity_id, self.version)


def case_documents(
    site: Site, actor: Actor, instance_id: str, after: tuple[int, int] = (0, -1), limit: int | None = None
) -> list[Document]:
    """A case's documents in the order they came, after (sequence number, place in it); raises `NotFound`.

    All of them, or at most `limit`.
    """
    beyond = or_(documents.c.seq > after[0], and_(documents.c.seq == after[0], documents.c.place > after[1]))
    query = select(documents).where(documents.c.instance_id == instance_id, beyond)
    with site.database.read() as connection:
        require_visible(connection, actor, instance_id)
        rows = connection.execute(query.order_by(documents.c.seq, documents.c.place).limit(limit))
        return [from_row(row._asdict()) for row in rows]


def document(site: Site, actor: Actor, document_id: str) -> Document:
    """One document; raises `NotFound`."""
    instance_id, activity_id, version = identity.split_document_id(document_id)
    query = select(documents).where(
        documents.c.instance_id == instance_id,
        documents.c.activity_id == activity_id,
        documents.c.version == version,
    )
    with site.database.read() as connection:
        require_visible(connection, actor, instance_id)
        return from_row(required(connection.execute(query).first())._asdict())


def document_content(site: Site, actor: Actor, document_id: str) -> tuple[Document, bytes]:
    """A document with its bytes; raises `NotFound`."""
    found = document(site, actor, document_id)
    with site.database.read() as connection:
        return found, contents.read(connection, found.sha256)


def from_row(row: Mapping[str, Any]) -> Document:
    """A document from its row."""
    listed = {name: tuple(json.loads(row[name] or "[]")) for name in ("signed_by", "signed_copies")}
    return Document(**{**row, **listed, "title": row["title"] or sebutan(row["type"])})
