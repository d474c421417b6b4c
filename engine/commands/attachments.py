"""Uploads: kept by digest, their uploader's alone until a submission binds them to a case."""

import io
import zipfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import PureWindowsPath

from sqlalchemy import Connection, delete, func, insert, select, update

from engine import contents
from engine.access import Actor
from engine.errors import N_, FileRefused, FileTooLarge, TooManyUploads
from engine.identity import new_id
from engine.models import attachments
from engine.pictures import pixels
from engine.queries.attachments import Attachment
from engine.site import Site

KINDS = N_("only PDF, JPEG, PNG, Word, Excel and PowerPoint files are taken")
# What a browser offers to choose from; what a file really is, its content says.
PICTURES = ("image/jpeg", "image/png")
ACCEPTED = (*PICTURES, "application/pdf", ".docx", ".xlsx", ".pptx")
UNBOUND = timedelta(days=7)
PAUSE = timedelta(hours=1)
MOST_UNBOUND, MOST_UNBOUND_MEGABYTES = 200, 1024  # of one person within the pause
MEGABYTE = 1024 * 1024
MOST_PIXELS = 250_000_000  # more than any camera takes; whoever opens it would need 4 bytes for each
NAME_LENGTH = 120

SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}
OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_FOLDERS = {
    "word/document.xml": OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": OFFICE + "spreadsheetml.sheet",
    "ppt/presentation.xml": OFFICE + "presentationml.presentation",
}


def add_attachment(site: Site, actor: Actor, filename: str, content: bytes) -> Attachment:
    """Keep an upload for `actor`.

    Raises `FileRefused` by its size, by what its content really is, and when they have too many that no task has taken.
    """
    name = _safe(filename)
    media_type = _kind(content)
    if len(content) > site.settings.upload_megabytes * MEGABYTE:
        raise FileTooLarge(filename=name, megabytes=site.settings.upload_megabytes)
    if not content:
        raise FileRefused(filename=name, reason=N_("it is empty"))
    if media_type is None:
        raise FileRefused(filename=name, reason=KINDS)
    if pixels(content) > MOST_PIXELS:
        raise FileRefused(filename=name, reason=N_("the picture has too many pixels; make it smaller"))
    at = site.clock()
    attachment = Attachment(new_id(), contents.sha256(content), name, media_type, len(content), actor.name, at, None)
    with site.database.write() as connection:
        _require_room(connection, attachment)
        contents.store(connection, content)
        connection.execute(insert(attachments), {**asdict(attachment), "seq": None})
        stale = attachments.c.instance_id.is_(None) & (attachments.c.uploaded_at < at - UNBOUND)
        connection.execute(delete(attachments).where(stale))
    return attachment


def bind(
    connection: Connection, actor: Actor, instance_id: str, seq: int, wanted: list[tuple[str, str]]
) -> tuple[list[dict[str, str]], list[str]]:
    """Bind the uploads that a submission names, as (pointer, id), to the entry that is being made.

    Returns the entry's list of attachments and the pointers that name no upload of this person or this case.
    """
    bound: dict[str, dict[str, str]] = {}
    unknown: list[str] = []
    for pointer, identity in wanted:
        row = connection.execute(select(attachments).where(attachments.c.id == identity)).first()
        own = row is not None and row.instance_id is None and row.uploaded_by == actor.name
        if row is None or not (own or row.instance_id == instance_id):
            unknown.append(pointer)
            continue
        bound[identity] = {"id": identity, "sha256": row.sha256, "filename": row.filename}
        if own:
            connection.execute(
                update(attachments).where(attachments.c.id == identity).values(instance_id=instance_id, seq=seq)
            )
    return list(bound.values()), unknown


def _require_room(connection: Connection, new: Attachment) -> None:
    """Nobody fills the disk: what is bound to no case counts against its uploader for an hour."""
    recent = attachments.c.instance_id.is_(None) & (attachments.c.uploaded_at > new.uploaded_at - PAUSE)
    query = select(func.count(), func.coalesce(func.sum(attachments.c.size), 0))
    files, size = connection.execute(query.where(recent, attachments.c.uploaded_by == new.uploaded_by)).one()
    if files >= MOST_UNBOUND or size + new.size > MOST_UNBOUND_MEGABYTES * MEGABYTE:
        raise TooManyUploads(filename=new.filename, minutes=int(PAUSE.total_seconds()) // 60)


def _safe(filename: str) -> str:
    """The last part of the name, printable, without what a file system or a header could trip over."""
    name = "".join(c for c in PureWindowsPath(filename).name if c.isprintable() and c not in '<>:"/\\|?*;').strip(" .")
    if len(name) > NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        name = stem[: NAME_LENGTH - len(ending) - 1] + dot + ending if len(ending) < 10 else name[:NAME_LENGTH]
    return name or "berkas"


def _kind(content: bytes) -> str | None:
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except zipfile.BadZipFile:
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE_FOLDERS.items() if part in names), None)
