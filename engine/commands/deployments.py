"""Deploying SOPs: a `.bpmn` with the forms and templates it names, checked as a whole, stored by content."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from engine import acts, contents, office
from engine.access import Actor, require
from engine.acts import Channel
from engine.bundles import Bundle
from engine.canonical import canonical
from engine.checker import Finding, check, finding, named
from engine.commands.period import require_reason
from engine.commands.schedules import schedule
from engine.definitions import Definition, deployed_definitions, with_scopes
from engine.errors import N_, InvalidDeployment, Malformed, SameName, SopOffered, SopWithdrawn, Unacceptable
from engine.identity import new_id
from engine.issuing import REGISTRY
from engine.models import definitions
from engine.queries.definitions import Deployed, listed, visible
from engine.queries.succession import strangers
from engine.site import Site

FILE_LIMIT = 500
SIZE_LIMIT = 50 * 1024 * 1024
NAME_LENGTH = 200
# What a Mac, a Windows PC or an open Word adds to a folder.
_SYSTEMS_OWN = re.compile(r"(^|/)(__MACOSX/|\.[^./]|~\$|Thumbs\.db$|desktop\.ini$)")
NOTE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Deployment:
    """What was deployed, and the warnings that did not stand in its way."""

    id: str
    definitions: tuple[Deployed, ...]
    warnings: tuple[Finding, ...]


def deploy(
    site: Site,
    actor: Actor,
    channel: Channel,
    files: Mapping[str, bytes],
    note: str | None = None,
    same: bool = False,
) -> Deployment:
    """Deploy every definition among `files` (name → bytes), all or nothing; `note` says what is new in it.

    What has the id of an SOP becomes its next version; unless it is plainly the same SOP, `same` must say that it is.
    The same bytes again give the version they had. Raises `Forbidden`, or `InvalidDeployment` with every finding.
    """
    require(actor, "deploy")
    note = (note or "").strip() or None
    if note is not None and len(note) > NOTE_LENGTH:
        raise Unacceptable(reason=N_("a note has at most 2000 letters"))
    findings = check(files, REGISTRY)
    errors = [found for found in findings if found.severity == "error"]
    if errors:
        raise InvalidDeployment(errors)
    files = with_scopes(files)
    found = deployed_definitions(files)
    with site.database.write() as connection:
        new = [definition for definition in found if not _there(connection, definition)]
        if not same and (others := strangers(site, connection, new)):
            raise InvalidDeployment(others)
        stored = tuple(_store(site, connection, actor, channel, definition, files, note) for definition in found)
    return Deployment(new_id(), stored, tuple(f for f in findings if f.severity != "error"))


def withdraw(site: Site, actor: Actor, channel: Channel, key: str, version: int, reason: str) -> None:
    """Let no new case start on a version; its running cases go on. Raises `SopWithdrawn` when it is so already."""
    with site.database.write() as connection:
        found = _changeable(connection, actor, key, version)
        if found.withdrawn is not None:
            raise SopWithdrawn(version=version, reason=found.withdrawn)
        _offer(site, connection, actor, channel, found, "withdrawn", require_reason(reason))


def reinstate(site: Site, actor: Actor, channel: Channel, key: str, version: int, reason: str) -> None:
    """Let cases start on a withdrawn version again; raises `SopOffered` when it is not withdrawn."""
    with site.database.write() as connection:
        found = _changeable(connection, actor, key, version)
        if found.withdrawn is None:
            raise SopOffered(version=version)
        _offer(site, connection, actor, channel, found, "reinstated", require_reason(reason))


def unpacked(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of an upload, a ZIP opened flat; raises `Malformed` for too many or too large, or `SameName`."""
    files: dict[str, bytes] = {}
    for name, data in uploads:
        for inner, content in _members(name, data):
            take(files, inner, content)
    if len(files) > FILE_LIMIT or sum(map(len, files.values())) > SIZE_LIMIT:
        raise Malformed(reason=N_("there are too many files, or they are too large"))
    return files


def gathered(paths: Iterable[Path], beside: Iterable[Path]) -> dict[str, bytes]:
    """The `.bpmn` files at `paths` (files or folders) with what they name, looked up beside them and in `beside`.

    Raises `SameName` for two different files of one name.
    """
    files: dict[str, bytes] = {}
    for path in paths:
        sources = sorted(path.glob("*.bpmn")) if path.is_dir() else [path]
        for source in sources:
            take(files, source.name, source.read_bytes())
            for name in named(files[source.name]):
                place = next((p / name for p in (source.parent, *beside) if (p / name).is_file()), None)
                if place is not None and name == Path(name).name:
                    take(files, name, place.read_bytes())
    return files


def take(files: dict[str, bytes], name: str, content: bytes) -> None:
    """Add a file; two of one name are one only when they hold the same. Raises `SameName`."""
    if files.setdefault(name, content) != content:
        raise SameName(name=name)


def _members(name: str, data: bytes) -> Iterable[tuple[str, bytes]]:
    if not name.lower().endswith(".zip"):
        return [(_plain(name), data)]
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [item for item in archive.infolist() if not item.is_dir() and not _SYSTEMS_OWN.search(item.filename)]
        if len(members) > FILE_LIMIT or sum(item.file_size for item in members) > SIZE_LIMIT:
            raise Malformed(reason=N_("there are too many files, or they are too large"))
        return [(_plain(item.filename), archive.read(item)) for item in members]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Malformed(reason=N_("the ZIP cannot be opened")) from error


def _plain(path: str) -> str:
    """A file's own name, without the folders that it came in, whatever system wrote them."""
    name = unicodedata.normalize("NFC", path.replace("\\", "/").rpartition("/")[2]).strip()
    if not name or name.startswith(".") or len(name) > NAME_LENGTH or not name.isprintable():
        raise Malformed(reason=N_("a file has no proper name"))
    return name


def _store(
    site: Site,
    connection: Connection,
    actor: Actor,
    channel: Channel,
    definition: Definition,
    files: Mapping[str, bytes],
    note: str | None,
) -> Deployed:
    if there := _there(connection, definition):
        return listed(there)
    _require_masks(connection, definition, files)
    latest = select(func.max(definitions.c.version)).where(definitions.c.key == definition.key)
    for name in definition.files:
        contents.store(connection, files[name])
    at = site.clock()
    row = {
        "key": definition.key,
        "version": (connection.execute(latest).scalar() or 0) + 1,
        "digest": definition.digest,
        "name": definition.name,
        "source": definition.source,
        "files": canonical(dict(definition.files)),
        "lanes": canonical(list(definition.lanes)),
        "start_lane": definition.start_lane,
        "deployed_at": at,
        "deployed_by": actor.name,
        "note": note,
    }
    connection.execute(insert(definitions), row)
    after = {"version": row["version"], "digest": definition.digest, "name": definition.name, "note": note}
    acts.record(connection, at, actor.name, channel, "deployed", definition.key, after=after)
    stored = listed(_there(connection, definition))
    schedule(connection, stored, definition)
    return stored


def _there(connection: Connection, definition: Definition) -> Row[Any] | None:
    same = (definitions.c.key == definition.key) & (definitions.c.digest == definition.digest)
    return connection.execute(select(definitions).where(same)).first()


def _require_masks(connection: Connection, definition: Definition, files: Mapping[str, bytes]) -> None:
    """Raise `InvalidDeployment` when a document would be issued with a number that the office cannot form."""
    masks = office.current(connection)["masks"]
    numbered = Bundle(definition, files).numbered.items()
    lacking = [finding("no_mask", element, type=kind) for kind, element in numbered if kind not in masks]
    if lacking:
        raise InvalidDeployment(lacking)


def _changeable(connection: Connection, actor: Actor, key: str, version: int) -> Deployed:
    found = visible(connection, actor, key, version)
    require(actor, "deploy")
    return found


def _offer(
    site: Site, connection: Connection, actor: Actor, channel: Channel, found: Deployed, kind: str, reason: str
) -> None:
    withdrawn = reason if kind == "withdrawn" else None
    same = (definitions.c.key == found.key) & (definitions.c.version == found.version)
    connection.execute(update(definitions).where(same).values(withdrawn=withdrawn))
    after = {"version": found.version, "withdrawn": withdrawn}
    acts.record(connection, site.clock(), actor.name, channel, kind, found.key, after=after, reason=reason)
