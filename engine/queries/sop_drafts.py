"""What a designer works on: drafts of SOPs, each with its files and the acts of its dry run."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from engine.access import Actor, require
from engine.dry_run import Act
from engine.errors import required
from engine.models import sop_draft_files, sop_drafts
from engine.site import Site


@dataclass(frozen=True, slots=True)
class SopDraft:
    """A draft; `key` and `version` are what it began as, None for one that began as an upload."""

    id: str
    key: str | None
    version: int | None
    changed_at: datetime
    acts: Sequence[Act]
    files: Mapping[str, bytes]

    @property
    def bpmn(self) -> str | None:
        """The first of its `.bpmn` files."""
        return next((name for name in sorted(self.files) if name.endswith(".bpmn")), None)

    @property
    def revision(self) -> str:
        """What tells its files from others, so that one acts on what one saw."""
        held = (f"{name}:{hashlib.sha256(content).hexdigest()}" for name, content in sorted(self.files.items()))
        return hashlib.sha256("\n".join(held).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class DraftTitle:
    """A draft in a list."""

    id: str
    key: str | None
    version: int | None
    changed_at: datetime
    source: str


def my_sop_drafts(site: Site, actor: Actor, key: str | None = None) -> list[DraftTitle]:
    """One's own drafts (of the SOP `key`), the latest first; `source` names the diagram."""
    query = select(sop_drafts).where(sop_drafts.c.user == actor.name).order_by(sop_drafts.c.changed_at.desc())
    if key is not None:
        query = query.where(sop_drafts.c.key == key)
    with site.database.read() as connection:
        rows = connection.execute(query).all()
        return [DraftTitle(r.id, r.key, r.version, r.changed_at, _source(connection, r.id)) for r in rows]


def sop_draft(site: Site, actor: Actor, draft_id: str) -> SopDraft:
    """One's own draft; raises `NotFound`, or `Forbidden` for who is no designer."""
    with site.database.read() as connection:
        return find_draft(connection, actor, draft_id)


def find_draft(connection: Connection, actor: Actor, draft_id: str, lock: bool = False) -> SopDraft:
    """The same, inside a transaction that, with `lock`, changes it."""
    require(actor, "deploy")
    own = (sop_drafts.c.id == draft_id) & (sop_drafts.c.user == actor.name)
    query = select(sop_drafts).where(own)
    row = required(connection.execute(query.with_for_update() if lock else query).first())
    held = select(sop_draft_files).where(sop_draft_files.c.draft_id == draft_id).order_by(sop_draft_files.c.name)
    files = {each.name: bytes(each.bytes) for each in connection.execute(held)}
    return SopDraft(row.id, row.key, row.version, row.changed_at, json.loads(row.dry_run or "[]"), files)


def _source(connection: Connection, draft_id: str) -> str:
    names = select(sop_draft_files.c.name).where(sop_draft_files.c.draft_id == draft_id)
    found = connection.execute(names.order_by(sop_draft_files.c.name)).scalars().all()
    return next((name for name in found if name.endswith(".bpmn")), found[0] if found else "")
