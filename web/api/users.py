"""Who is asking."""

from typing import Any

from engine.access import StandIn
from engine.substitutes import KINDS
from web.api.operation import get
from web.api.schema import MOMENT, TEXT, choice, many, maybe, record, told
from web.context import actor

STANDS_IN = record(
    "StandsInFor",
    user=TEXT,
    full_name=TEXT,
    kind=choice(*KINDS),
    lanes=many(TEXT),
    positions=many(TEXT),
    to=maybe(MOMENT),
    substitute_id=TEXT,
)
ME = record(
    "Me",
    user=TEXT,
    full_name=TEXT,
    lanes=many(TEXT),
    positions=many(TEXT),
    roles=many(TEXT),
    rank=maybe(TEXT),
    nip=maybe(TEXT),
    stands_in_for=many(STANDS_IN),
)


@get("/me", "The user of the token, with lanes, positions and roles", who="everybody", answer=ME)
def me() -> dict[str, Any]:
    """Who is asking, as they are at this moment."""
    person = actor()
    return told(ME, person, user=person.name, stands_in_for=[stands_in_json(each) for each in person.stand_ins])


def stands_in_json(each: StandIn) -> dict[str, Any]:
    """For whom somebody acts now, in which lanes and positions, and until when."""
    return told(STANDS_IN, each, user=each.absent, to=each.until, substitute_id=each.substitution)
