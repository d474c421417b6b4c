"""Uploads as people may see them: their own, and those of cases they see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine import contents
from engine.access import Actor
from engine.db import filled
from engine.errors import NotFound
from engine.models import attachments
from engine.queries import cases
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Attachment:
    """One upload; bound to a case once a submission named it."""

    id: str
    sha256: str
    filename: str
    media_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime
    instance_id: str | None


def attachment(site: Site, actor: Actor, identity: str) -> Attachment:
    """One upload; raises `NotFound`."""
    with site.database.read() as connection:
        return _visible(connection, actor, identity)


def attachment_content(site: Site, actor: Actor, identity: str) -> tuple[Attachment, bytes]:
    """An upload with its bytes; raises `NotFound`."""
    with site.database.read() as connection:
        found = _visible(connection, actor, identity)
        return found, contents.read(connection, found.sha256)


def _visible(connection: Connection, actor: Actor, identity: str) -> Attachment:
    row = connection.execute(select(attachments).where(attachments.c.id == identity)).first()
    if row is None or (row.instance_id is None and row.uploaded_by != actor.name):
        raise NotFound
    if row.instance_id is not None:
        cases.require_visible(connection, actor, row.instance_id)
    return filled(Attachment, row)
