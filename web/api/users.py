"""Who is asking."""

from typing import Any

from web.api.operation import Operation
from web.api.schema import TEXT, many, maybe, record
from web.context import actor

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
    }
