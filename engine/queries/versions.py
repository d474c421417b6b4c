"""The versions of one SOP."""

from sqlalchemy import select

from engine.access import Actor, may
from engine.errors import NotFound
from engine.models import definitions
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
