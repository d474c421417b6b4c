"""What a dossier holds of a case, byte for byte as it is stored: nothing is left out because it looks wrong."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from engine import contents, history
from engine.access import Actor
from engine.checkpoints import Folder
from engine.dossier.checkpoints import signed_checkpoints
from engine.errors import NotFound
from engine.history import Stored
from engine.models import attachments, definitions
from engine.queries.cases import ProcessInstance, detail
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document or an attachment: its path in the dossier, what the history says of it, its bytes."""

    path: str
    id: str
    seq: int
    content: bytes


@dataclass(frozen=True)
class Dossier:
    """A case with everything that proves it; `models` are the files it ran on by their definition's digest."""

    instance: ProcessInstance
    stored: tuple[Stored, ...]
    models: Mapping[str, Mapping[str, bytes]]
    documents: tuple[Enclosure, ...]
    attachments: tuple[Enclosure, ...]
    checkpoints: tuple[str, ...]
    public_keys: tuple[str, ...]

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The entries, each with the hash that is stored beside it."""
        return [stored.entry for stored in self.stored]


def read_dossier(site: Site, actor: Actor, instance_id: str) -> Dossier:
    """Everything of a case that the person may see; raises `NotFound`."""
    with site.database.read() as connection:
        instance = detail(connection, actor, instance_id, site.clock()).instance
        stored = tuple(history.read(connection, instance_id))
        entries = [row.entry for row in stored]
        folder = Folder.of(site.settings)
        return Dossier(
            instance,
            stored,
            {digest: _files(connection, digest) for digest in {e["definition_digest"]: None for e in entries}},
            tuple(_documents(connection, entries)),
            tuple(_attachments(connection, entries)),
            tuple(signed_checkpoints(folder, instance_id, entries[0]["at"] if entries else "")),
            tuple(folder.public_keys()),
        )


def _files(connection: Connection, digest: str) -> dict[str, bytes]:
    query = select(definitions.c.files).where(definitions.c.digest == digest)
    names: dict[str, str] = json.loads(connection.execute(query).scalar() or "{}")
    return dict(_read(connection, names.items()))


def _documents(connection: Connection, entries: list[dict[str, Any]]) -> Iterable[Enclosure]:
    listed = [(entry["seq"], document) for entry in entries for document in entry["documents"]]
    for number, (seq, document) in enumerate(listed, 1):
        path = f"dokumen/{number:02d}-{_plain(document['activity_id'])}-{_plain(document['filename'])}"
        for name, content in _read(connection, [(path, document["sha256"])]):
            yield Enclosure(name, document["id"], seq, content)


def _attachments(connection: Connection, entries: list[dict[str, Any]]) -> Iterable[Enclosure]:
    listed = [(entry["seq"], attachment) for entry in entries for attachment in entry["attachments"]]
    names = select(attachments.c.id, attachments.c.filename).where(attachments.c.id.in_([a["id"] for _, a in listed]))
    filenames = {row.id: row.filename for row in connection.execute(names)}
    for number, (seq, attachment) in enumerate(listed, 1):
        path = f"lampiran/{number:02d}-{_plain(filenames.get(attachment['id'], attachment['id']))}"
        for name, content in _read(connection, [(path, attachment["sha256"])]):
            yield Enclosure(name, attachment["id"], seq, content)


def _read(connection: Connection, named: Iterable[tuple[str, str]]) -> Iterable[tuple[str, bytes]]:
    """The bytes that are still there; who checks the dossier will find what is not."""
    for name, sha256 in named:
        try:
            yield name, contents.read(connection, sha256)
        except NotFound:
            continue


def _plain(name: str) -> str:
    """A name that every system can write to its disk."""
    kept = "".join("_" if not c.isprintable() or c in '\\/:*?"<>|' else c for c in Path(name).name)
    return kept.strip(". ") or "_"
