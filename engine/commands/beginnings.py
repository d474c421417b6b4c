"""Cases that begin without a person: a message or a signal comes, or a moment that an SOP says."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.access import Actor
from engine.bpmn import Element
from engine.casework import Act, Casework, Channel, Recorded
from engine.commands.cases import begin
from engine.models import definitions
from engine.queries.definitions import Deployed, deployed
from engine.site import Site


def begun_by(site: Site, connection: Connection, kind: str, name: str) -> Iterator[tuple[Deployed, Element]]:
    """The current version of every SOP that such a message or signal begins, by key, and where."""
    for key in connection.execute(select(definitions.c.key).distinct().order_by(definitions.c.key)).scalars().all():
        row = deployed(connection, key)
        if row is not None and row.withdrawn is None:
            start = site.bundle(connection, row.digest).definition.begun_by(kind, name)
            if start is not None:
                yield row, start


def begin_at(
    site: Site,
    connection: Connection,
    row: Deployed,
    start: Element,
    actor: Actor,
    channel: Channel,
    payload: Any = None,  # noqa: ANN401 - JSON
    extra: Mapping[str, Any] | None = None,
) -> tuple[Casework, Recorded]:
    """Start a case at a start event, with what came as its data; what waits first is still to be given it."""
    is_start = start.kind == "startEvent"
    variable = next((event.variable for event in start.events if event.variable), "") if is_start else ""
    data = {variable: payload} if variable else {}
    act = Act("start", actor, channel, activity_id=start.id if is_start else None, data=data, extra=extra)
    return begin(site, connection, row, act)
