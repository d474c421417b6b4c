"""Lists that leave Alur: who took which, and how long it was."""

from engine import acts
from engine.access import Actor
from engine.acts import Channel
from engine.site import Site


def record_export(site: Site, actor: Actor, channel: Channel, what: str, rows: int) -> None:
    """Record that somebody took the list `what` along."""
    with site.database.write() as connection:
        acts.record(connection, site.clock(), actor.name, channel, "exported", what, after={"rows": rows})
