"""Who had a part in a case."""

from sqlalchemy import Connection, exists, or_, select

from engine.access import Actor
from engine.models import instances, user_tasks
from engine.site import Site


def acted(connection: Connection, actor: Actor, instance_id: str) -> bool:
    """Whether somebody started the case or did one of its tasks, or had it done in their name."""
    started = exists().where(instances.c.id == instance_id, instances.c.started_by == actor.name)
    done = exists().where(
        user_tasks.c.instance_id == instance_id,
        or_(user_tasks.c.ended_by == actor.name, user_tasks.c.ended_for == actor.name),
    )
    return bool(connection.execute(select(or_(started, done))).scalar())


def took_part(site: Site, actor: Actor, instance_id: str) -> bool:
    """The same, for who only wants to know."""
    with site.database.read() as connection:
        return acted(connection, actor, instance_id)
