"""What people said about a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine import clock
from engine.access import Actor
from engine.history import STORED, Stored
from engine.models import history
from engine.queries.cases import require_visible
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `hash` is its receipt."""

    seq: int
    at: datetime
    actor: str
    full_name: str
    text: str
    hash: str


def case_comments(site: Site, actor: Actor, instance_id: str, after: int = 0, limit: int = 200) -> list[Comment]:
    """The comments above the sequence number `after`, oldest first; raises `NotFound`."""
    query = select(*STORED).where(
        history.c.instance_id == instance_id, history.c.seq > after, history.c.kind == "comment"
    )
    with site.database.read() as connection:
        require_visible(connection, actor, instance_id)
        return [_comment(Stored(*row)) for row in connection.execute(query.order_by(history.c.seq).limit(limit))]


def _comment(stored: Stored) -> Comment:
    entry = stored.entry
    name = entry["actor_card"]["full_name"]
    return Comment(stored.seq, clock.from_text(entry["at"]), entry["actor"], name, entry["reason"], stored.hash)
