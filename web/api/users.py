"""Who is asking."""

from typing import Any

from engine import clock
from engine.access import StandIn
from engine.substitutes import KINDS
from web.api.operation import Operation
from web.api.schema import MOMENT, TEXT, choice, many, maybe, record
from web.context import actor

STANDS_IN = record(
    "StandsInFor",
    {
        "user": TEXT,
        "full_name": TEXT,
        "kind": choice(*KINDS),
        "lanes": many(TEXT),
        "positions": many(TEXT),
        "to": maybe(MOMENT),
        "substitute_id": TEXT,
    },
)
ME = record(
    "Me",
    {
        "user": TEXT,
        "full_name": TEXT,
        "lanes": many(TEXT),
        "positions": many(TEXT),
        "roles": many(TEXT),
        "rank": maybe(TEXT),
        "nip": maybe(TEXT),
        "stands_in_for": many(STANDS_IN),
    },
)


@Operation("GET", "/me", "The user of the token, with lanes, positions and roles", who="everybody", answer=ME)
def me() -> dict[str, Any]:
    """Who is asking, as they are at this moment."""
    person = actor()
    return {
        "user": person.name,
        "full_name": person.full_name,
        "lanes": sorted(person.lanes),
        "positions": list(person.positions),
        "roles": sorted(person.roles),
        "rank": person.rank,
        "nip": person.nip,
        "stands_in_for": [stands_in_json(each) for each in person.stand_ins],
    }


def stands_in_json(each: StandIn) -> dict[str, Any]:
    """For whom somebody acts now, in which lanes and positions, and until when."""
    return {
        "user": each.absent,
        "full_name": each.full_name,
        "kind": each.kind,
        "lanes": sorted(each.lanes),
        "positions": list(each.positions),
        "to": clock.to_text(each.until) if each.until else None,
        "substitute_id": each.substitution,
    }
