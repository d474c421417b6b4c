"""What happened in a case, and the proof of it."""

from typing import Any

from engine.errors import NotFound
from engine.queries.cases import case_history
from engine.replay import verify as verify_case
from engine.verification import Verification
from web.api.instances import SEES
from web.api.operation import get
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, DIGEST, FLAG, MOMENT, NUMBER, TEXT, choice, many, maybe, page, record, told
from web.context import actor, site

ENTRY = record(
    "HistoryEntry",
    seq=NUMBER,
    at=MOMENT,
    actor=TEXT,
    on_behalf_of=maybe(TEXT),
    authority={**maybe(ANY_OBJECT), "description": "The substitution, or the delegation, that they acted by."},
    channel=TEXT,
    allowed=many(TEXT),
    kind=TEXT,
    path=maybe(TEXT),
    activity_id=maybe(TEXT),
    activity_name=maybe(TEXT),
    lane=maybe(TEXT),
    user_task_id=maybe(TEXT),
    definition_digest=DIGEST,
    data={"description": "What was submitted."},
    attachments=many(ANY_OBJECT),
    results=many(ANY_OBJECT),
    transitions=many(ANY_OBJECT),
    documents=many(ANY_OBJECT),
    state_digest=DIGEST,
    prev_hash=DIGEST,
    hash=DIGEST,
    optional={
        "delegated_to": {**maybe(TEXT), "description": "Of a delegation: to whom; null takes it back."},
        "reassigned_to": {**maybe(TEXT), "description": "Of a reassignment: to whom; null is the task's role."},
        "taken_from": {**maybe(TEXT), "description": "Of a reassignment: who had the task."},
        "from": {**ANY_OBJECT, "description": "The entry of the other case that sent this, and its hash."},
        "keywords": {**many(TEXT), "description": "Of a completed task: what its form marks for search."},
        "kelengkapan": {
            **ANY_OBJECT,
            "description": "Of a completed task whose sender said so: which inputs were there (`checked`), which were "
            "not (`lacking`), and why it went on (`reason`).",
        },
    },
)
DIVERGENCE = record("Divergence", seq=maybe(NUMBER), reason=TEXT, expected=TEXT, found=TEXT)
VERIFICATION = record(
    "Verification",
    verified=FLAG,
    status=choice("verified", "stated", "failed", "not_reproducible"),
    entries=NUMBER,
    documents=NUMBER,
    not_compared=NUMBER,
    stated={**maybe(MOMENT), "description": "Of `stated`: when an older version signed that it verified this."},
    first_divergence=maybe(DIVERGENCE),
)


@get(
    "/process-instances/<instance_id>/history",
    "What happened, oldest first; each entry is bound to the one before by its hash",
    who=SEES,
    answer=page(ENTRY),
    parameters=PAGE,
    errors=(NotFound,),
)
def history(instance_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """The hash of an entry covers its canonical JSON without the member `hash`."""
    (after,) = position(cursor, int) or (0,)
    found = case_history(site(), actor(), instance_id, after, limit + 1)
    return pages(found, limit, dict, lambda entry: [entry["seq"]])


@get(
    "/process-instances/<instance_id>/verify",
    "Execute the case again from its history and compare what is stored of it",
    who=SEES,
    answer=VERIFICATION,
    errors=(NotFound,),
)
def verify(instance_id: str) -> dict[str, Any]:
    """Nothing is asked of today's world."""
    return verification_json(verify_case(site(), actor(), instance_id))


def verification_json(result: Verification) -> dict[str, Any]:
    """A verification as the API gives it."""
    first = result.first_divergence
    return told(VERIFICATION, result, first_divergence=first and told(DIVERGENCE, first))
