"""Substitutes as people may see them: their own and those for whom they stand in; auditors and admins see all."""

from sqlalchemy import ColumnElement, Connection, or_, select, true

from engine import people
from engine.access import Actor, may
from engine.errors import required
from engine.models import substitutes
from engine.queries import user_tasks
from engine.site import Site
from engine.substitutes import Substitution, substitution_of


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on `substitutes` that holds for those this person may see."""
    if may(actor, "substitutes.view"):
        return true()
    return or_(substitutes.c.absent == actor.name, substitutes.c.substitute == actor.name)


def one(connection: Connection, actor: Actor, identity: str, *, lock: bool = False) -> Substitution:
    """One substitution within a transaction, on request locked; raises `NotFound`."""
    query = select(substitutes).where(substitutes.c.id == identity, visible(actor))
    return substitution_of(required(connection.execute(query.with_for_update() if lock else query).first()))


def substitution(site: Site, actor: Actor, identity: str) -> Substitution:
    """One substitution; raises `NotFound`."""
    with site.database.read() as connection:
        return one(connection, actor, identity)


def substitutions(
    site: Site,
    actor: Actor,
    *,
    absent: str | None = None,
    substitute: str | None = None,
    before: str | None = None,
    limit: int = 200,
) -> list[Substitution]:
    """All that this person may see, also what is to come and what is over; the newest first, below the id `before`.

    `absent=actor.name` are their own substitutes, `substitute=actor.name` those for whom they stand in.
    """
    query = select(substitutes).where(visible(actor)).order_by(substitutes.c.id.desc()).limit(limit)
    if absent:
        query = query.where(substitutes.c.absent == absent)
    if substitute:
        query = query.where(substitutes.c.substitute == substitute)
    if before:
        query = query.where(substitutes.c.id < before)
    with site.database.read() as connection:
        return [substitution_of(row) for row in connection.execute(query)]


def delegates(site: Site, actor: Actor, task_id: str) -> dict[str, str]:
    """To whom this person may delegate the task: user name → full name, by full name; nobody when they may not."""
    task = user_tasks.user_task(site, actor, task_id).task
    if task.acting is None or task.acting.kind == "delegation":
        return {}
    with site.database.read() as connection:
        everyone = people.everyone(connection, site.clock())
    found = [each for each in everyone if each.lanes and each.name != actor.name and each.name not in task.barred]
    return {each.name: each.full_name for each in sorted(found, key=lambda each: each.full_name)}
