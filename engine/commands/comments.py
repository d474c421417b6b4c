"""What people say about a case; an entry of its history like everything else, so nobody can unsay it."""

from engine.access import Actor
from engine.casework import Act, Channel, Recorded, on_case
from engine.errors import N_, Unacceptable
from engine.queries.cases import require_visible
from engine.site import Site

LONGEST = 2000


def add_comment(site: Site, actor: Actor, channel: Channel, instance_id: str, text: str) -> Recorded:
    """Say something about a case that one sees, also when it rests or has ended; raises `NotFound`, `Unacceptable`."""
    with on_case(site, instance_id) as work:
        require_visible(work.connection, actor, instance_id)
        text = text.replace("\r\n", "\n").strip()
        if not text:
            raise Unacceptable(reason=N_("write something"))
        if len(text) > LONGEST:
            raise Unacceptable(reason=N_("a comment has at most 2000 letters"))
        return work.record(Act("comment", actor, channel, reason=text))
