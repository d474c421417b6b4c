"""What designers do with drafts of SOPs: begin one, change its files, publish it, let it go."""

import re
from collections.abc import Mapping
from contextlib import suppress

from lxml import etree
from sqlalchemy import Connection, Delete, delete, insert, select, update

from engine.access import Actor, require
from engine.acts import Channel
from engine.commands.deployments import FILE_LIMIT, SIZE_LIMIT, Deployment, deploy, take
from engine.definitions import SCOPES_FILE
from engine.errors import N_, DraftThere, Malformed, NotFound, SopDraftChanged, Unacceptable
from engine.identity import new_id
from engine.models import sop_draft_files, sop_drafts
from engine.queries.definitions import files, visible
from engine.queries.sop_drafts import SopDraft, find_draft
from engine.site import Site

DRAFTS = 20
KINDS = (".bpmn", ".json", ".docx")
# What browsers add to the name of a second download: "rapat.schema (1).json".
_COPY = re.compile(r" ?\(\d+\)(?=\.[a-z]+$)")

Files = Mapping[str, bytes]


def begin_draft(site: Site, actor: Actor, key: str, version: int) -> str:
    """A draft that starts as a copy of a version; raises `DraftThere` when there is one of this SOP already."""
    with site.database.write() as connection:
        _require_designer(connection, actor)
        found = visible(connection, actor, key, version)
        there = (sop_drafts.c.user == actor.name) & (sop_drafts.c.key == key)
        if connection.execute(select(sop_drafts.c.id).where(there)).first():
            raise DraftThere
        own = {name: content for name, content in files(connection, found).items() if not name.endswith(SCOPES_FILE)}
        return _begin(site, connection, actor, own, key, version)


def upload_draft(site: Site, actor: Actor, uploaded: Files) -> str:
    """A draft of an SOP that is not published yet, from its files."""
    with site.database.write() as connection:
        _require_designer(connection, actor)
        return _begin(site, connection, actor, _fitting(uploaded), None, None)


def put_files(site: Site, actor: Actor, draft_id: str, uploaded: Files, seen: str | None = None) -> list[str]:
    """Add files to a draft, or put them in the place of those they are another state of; returns their names there.

    A diagram with the same process, and a second download of a file, keep the name that the draft knows them by. Here
    and below, `seen` is the revision of the draft that one saw; raises `SopDraftChanged` when it has another. Raises
    `SameName` when two files would become one.
    """
    with site.database.write() as connection:
        there = _as_seen(connection, actor, draft_id, seen).files
        known: dict[str, bytes] = {}
        for name, content in _fitting(uploaded).items():
            take(known, _known_as(name, content, there), content)
        if len({*there, *known}) > FILE_LIMIT or sum(map(len, ({**there, **known}).values())) > SIZE_LIMIT:
            raise Malformed(reason=N_("there are too many files, or they are too large"))
        for name in known:
            connection.execute(_of(draft_id, name))
        _insert(connection, draft_id, known)
        _touch(site, connection, draft_id)
        return sorted(known)


def remove_file(site: Site, actor: Actor, draft_id: str, name: str, seen: str | None = None) -> None:
    """Take a file out of a draft; raises `NotFound`."""
    with site.database.write() as connection:
        if name not in _as_seen(connection, actor, draft_id, seen).files:
            raise NotFound
        connection.execute(_of(draft_id, name))
        _touch(site, connection, draft_id)


def discard_draft(site: Site, actor: Actor, draft_id: str, seen: str | None = None) -> None:
    """Let a draft go, with its files."""
    with site.database.write() as connection:
        _as_seen(connection, actor, draft_id, seen)
        _discard(connection, draft_id)


def publish_draft(
    site: Site, actor: Actor, channel: Channel, draft_id: str, note: str, seen: str | None = None, same: bool = False
) -> Deployment:
    """Deploy a draft and let it go; `same` is as in `deploy`. Raises also `Unacceptable` without a note."""
    with site.database.write() as connection:
        draft = _as_seen(connection, actor, draft_id, seen)
    if not note.strip():
        raise Unacceptable(reason=N_("say in a note what is new"))
    done = deploy(site, actor, channel, draft.files, note, same)
    with suppress(SopDraftChanged, NotFound), site.database.write() as connection:  # what came meanwhile stays a draft
        _as_seen(connection, actor, draft_id, draft.revision)
        _discard(connection, draft_id)
    return done


def _as_seen(connection: Connection, actor: Actor, draft_id: str, seen: str | None) -> SopDraft:
    draft = find_draft(connection, actor, draft_id, lock=True)
    if seen is not None and seen != draft.revision:
        raise SopDraftChanged
    return draft


def _require_designer(connection: Connection, actor: Actor) -> None:
    require(actor, "deploy")
    own = connection.execute(select(sop_drafts.c.id).where(sop_drafts.c.user == actor.name)).all()
    if len(own) >= DRAFTS:
        raise Unacceptable(reason=N_("you have 20 drafts; publish or discard one first"))


def _begin(
    site: Site, connection: Connection, actor: Actor, content: Files, key: str | None, version: int | None
) -> str:
    draft = {"id": new_id(), "user": actor.name, "key": key, "version": version, "changed_at": site.clock()}
    connection.execute(insert(sop_drafts), draft)
    _insert(connection, str(draft["id"]), content)
    return str(draft["id"])


def _insert(connection: Connection, draft_id: str, content: Files) -> None:
    if content:
        rows = [{"draft_id": draft_id, "name": name, "bytes": data} for name, data in content.items()]
        connection.execute(insert(sop_draft_files), rows)


def _of(draft_id: str, name: str) -> Delete:
    return delete(sop_draft_files).where(sop_draft_files.c.draft_id == draft_id, sop_draft_files.c.name == name)


def _touch(site: Site, connection: Connection, draft_id: str) -> None:
    connection.execute(update(sop_drafts).where(sop_drafts.c.id == draft_id).values(changed_at=site.clock()))


def _discard(connection: Connection, draft_id: str) -> None:
    connection.execute(delete(sop_draft_files).where(sop_draft_files.c.draft_id == draft_id))
    connection.execute(delete(sop_drafts).where(sop_drafts.c.id == draft_id))


def _fitting(uploaded: Files) -> Files:
    """The files as they came; raises `Unacceptable` for none, or for one of a kind that no SOP has."""
    if not uploaded:
        raise Unacceptable(reason=N_("choose at least one file"))
    for name in uploaded:
        if not name.lower().endswith(KINDS):
            raise Unacceptable(reason=N_("an SOP is made of BPMN (.bpmn), form (.json) and Word (.docx) files"))
    return uploaded


def _known_as(name: str, content: bytes, there: Files) -> str:
    plain = _COPY.sub("", name)
    if name in there or plain in there:
        return name if name in there else plain
    if name.endswith(".bpmn") and (keys := _processes(content)):
        return next(
            (each for each in sorted(there) if each.endswith(".bpmn") and keys == _processes(there[each])), name
        )
    return name


def _processes(bpmn: bytes) -> set[str]:
    """The ids of a diagram's processes; none of what cannot be read, which is the checker's to say."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(bpmn, parser)
    except etree.XMLSyntaxError:
        return set()
    return {process.get("id", "") for process in root.iter("{*}process")}
