"""What was done outside cases, and the proof of it."""

from typing import Any

from engine.errors import Forbidden
from engine.queries.acts import KINDS, find_acts, verify_acts
from web.api.history import VERIFICATION, verification_json
from web.api.operation import Parameter, get
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, DIGEST, MOMENT, NUMBER, TEXT, choice, maybe, page, record
from web.context import actor, site

WHO = "auditors and admins"
ACT = record(
    "Act",
    seq=NUMBER,
    at=MOMENT,
    actor=TEXT,
    channel=TEXT,
    account=maybe(TEXT),
    kind=choice(*KINDS),
    subject=TEXT,
    before=maybe(ANY_OBJECT),
    after=maybe(ANY_OBJECT),
    reason=maybe(TEXT),
    prev_hash=DIGEST,
    hash=DIGEST,
)


@get(
    "/acts",
    "What was done outside cases, oldest first; each act is bound to the one before by its hash",
    who=WHO,
    answer=page(ACT),
    parameters=(
        Parameter("kind", choice(*KINDS), "Only acts of this kind."),
        Parameter("q", {"type": "string", "maxLength": 200}, "An actor, or part of a subject."),
        *PAGE,
    ),
    errors=(Forbidden,),
)
def find(kind: str | None, q: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    """The hash of an act covers its canonical JSON without the member `hash`."""
    (after,) = position(cursor, int) or (0,)
    found = find_acts(site(), actor(), kind=kind or "", text=q or "", after=after, limit=limit + 1)
    return pages(found, limit, dict, lambda act: [act["seq"]])


@get(
    "/acts/verify",
    "Check the chain of acts, and that people, roles, tokens, office data and register are as they say",
    who=WHO,
    answer=VERIFICATION,
    errors=(Forbidden,),
)
def verify() -> dict[str, Any]:
    """`documents` is 0: acts issue none."""
    return verification_json(verify_acts(site(), actor()))
