"""The versions of an SOP, and the cases on each."""

from dataclasses import dataclass

from sqlalchemy import func, select

from engine.access import Actor, may, require
from engine.errors import NotFound
from engine.models import definitions, instances
from engine.queries.definitions import Deployed, listed
from engine.site import Site


def process_definition_versions(
    site: Site, actor: Actor, key: str, before: int | None = None, limit: int = 50
) -> list[Deployed]:
    """The versions below `before` that the person may see, the newest first; raises `NotFound` where there are none."""
    query = select(definitions).where(definitions.c.key == key).order_by(definitions.c.version.desc())
    with site.database.read() as connection:
        rows = [listed(row) for row in connection.execute(query)]
    seen = [row for row in rows if may(actor, "definition.view", row)]
    if not seen:
        raise NotFound
    return [row for row in seen if before is None or row.version < before][:limit]


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases a version has: those that go on, and those that ended."""

    open: int = 0
    ended: int = 0


def cases_on_versions(site: Site, actor: Actor) -> dict[tuple[str, int], CaseCount]:
    """(key, version) → its cases, for all versions that have some; raises `Forbidden`."""
    require(actor, "sops.view")
    columns = instances.c.definition_key, instances.c.version
    ended = func.count(instances.c.ended_at)
    query = select(*columns, func.count().label("all"), ended.label("ended")).group_by(*columns)
    with site.database.read() as connection:
        rows = connection.execute(query).all()
    return {(row.definition_key, row.version): CaseCount(row.all - row.ended, row.ended) for row in rows}
