"""SOPs and their versions, as people may see them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from engine import contents
from engine.access import Actor, may, require
from engine.bundles import Bundle
from engine.errors import NotFound
from engine.models import definitions, instances
from engine.site import Site

# Of the case, by the keys of both.
OF_CASE = and_(definitions.c.key == instances.c.definition_key, definitions.c.version == instances.c.version)
_CURRENT_FIRST = (definitions.c.withdrawn.is_not(None), definitions.c.version.desc())


@dataclass(frozen=True, slots=True)
class Deployed:
    """A definition as the database lists it; `lanes` in the order of the diagram."""

    key: str
    version: int
    digest: str
    name: str
    source: str
    files: Mapping[str, str]
    lanes: tuple[str, ...]
    start_lane: str | None
    deployed_at: datetime
    deployed_by: str
    note: str | None = None
    withdrawn: str | None = None


def process_definitions(site: Site, actor: Actor) -> list[Deployed]:
    """The current version of every SOP this person may see, by key."""
    query = select(definitions).order_by(definitions.c.key, *_CURRENT_FIRST)
    with site.database.read() as connection:
        rows = [listed(row) for row in connection.execute(query)]
    current = {row.key: row for row in reversed(rows)}
    return [row for _, row in sorted(current.items()) if may(actor, "definition.view", row)]


def process_definition(site: Site, actor: Actor, key: str, version: int | None = None) -> Deployed:
    """One version, or the current one; raises `NotFound`."""
    with site.database.read() as connection:
        return visible(connection, actor, key, version)


def visible(connection: Connection, actor: Actor, key: str, version: int | None = None) -> Deployed:
    """The same within a transaction."""
    found = deployed(connection, key, version)
    if found is None or not may(actor, "definition.view", found):
        raise NotFound
    return found


def deployed(connection: Connection, key: str, version: int | None = None) -> Deployed | None:
    """A version of an SOP, or its current one: the latest that is not withdrawn, else the latest."""
    query = select(definitions).where(definitions.c.key == key).order_by(*_CURRENT_FIRST).limit(1)
    if version is not None:
        query = query.where(definitions.c.version == version)
    row = connection.execute(query).first()
    return None if row is None else listed(row)


def digests_in_use(connection: Connection) -> Sequence[str]:
    """The digests of all versions that cases run on, or may start on."""
    running = select(instances.c.definition_digest).where(instances.c.ended_at.is_(None))
    used = definitions.c.withdrawn.is_(None) | definitions.c.digest.in_(running)
    return connection.execute(select(definitions.c.digest).where(used)).scalars().all()


def listed(row: Any) -> Deployed:  # noqa: ANN401 - a row of `definitions`
    """A row as a value."""
    values = row._asdict()
    files, lanes = json.loads(values.pop("files")), tuple(json.loads(values.pop("lanes")))
    return Deployed(**values, files=files, lanes=lanes)


def xml(site: Site, actor: Actor, key: str, version: int) -> bytes:
    """The BPMN as it was deployed; raises `NotFound`."""
    found = process_definition(site, actor, key, version)
    with site.database.read() as connection:
        return contents.read(connection, found.files[found.source])


def files(connection: Connection, of: Deployed) -> dict[str, bytes]:
    """Exactly the files that a version was deployed with, by name."""
    return {name: contents.read(connection, sha256) for name, sha256 in of.files.items()}


def process_definition_files(site: Site, actor: Actor, key: str, version: int) -> dict[str, bytes]:
    """A version's files, for those who look after SOPs; raises `NotFound` or `Forbidden`."""
    found = process_definition(site, actor, key, version)
    require(actor, "sops.view")
    with site.database.read() as connection:
        return files(connection, found)


def version_bundle(site: Site, actor: Actor, key: str, version: int) -> Bundle:
    """A version ready to be read, for those who look after SOPs; raises `NotFound` or `Forbidden`."""
    found = process_definition(site, actor, key, version)
    require(actor, "sops.view")
    return site.bundle_of(found.digest)
