"""Substitutes: who stands in for whom."""

from collections.abc import Mapping
from typing import Any

from engine.commands.substitutes import NewSubstitution, add_substitute, end_substitute
from engine.errors import Forbidden, NotFound, SubstitutionOver, Unacceptable
from engine.queries.substitutes import substitution, substitutions
from engine.substitutes import KINDS, Substitution
from web.api.operation import Parameter, get, post
from web.api.paging import PAGE, pages, position
from web.api.schema import MOMENT, TEXT, WHEN, WHY, body, choice, maybe, page, record, told
from web.context import API, actor, site

SUBSTITUTE = record(
    "Substitute",
    id=TEXT,
    absent=TEXT,
    substitute=TEXT,
    kind=choice(*KINDS),
    **{"from": MOMENT},
    to=maybe(MOMENT),
    reason=TEXT,
    status=choice("planned", "in_force", "over"),
    granted_by=TEXT,
    granted_at=MOMENT,
    ended_by=maybe(TEXT),
    ended_at=maybe(MOMENT),
)
ABSENT = "Whose lanes and positions; the asking user when it is left out."
NEW = body(
    {"substitute": TEXT, "kind": choice(*KINDS), "reason": WHY},
    optional={
        "absent": {**TEXT, "description": ABSENT},
        "from": {**maybe(TEXT), "description": f"{WHEN} Now when it is left out."},
        "to": {**maybe(TEXT), "description": f"{WHEN} Until it is ended when it is left out."},
    },
)
END = body({}, optional={"reason": maybe(WHY)})


def substitute_json(found: Substitution) -> dict[str, Any]:
    """A substitution as the API gives it."""
    return told(
        SUBSTITUTE, found, {"from": found.valid_from, "to": found.valid_to}, status=found.status(site().clock())
    )


@get(
    "/substitutes",
    "Who stands in for whom, the newest first; also what is to come and what is over",
    who="their own substitutes and those for whom they stand in; auditors and admins see all",
    answer=page(SUBSTITUTE),
    parameters=(
        Parameter("absent", TEXT, "Only the substitutes of this user."),
        Parameter("substitute", TEXT, "Only those for whom this user stands in."),
        *PAGE,
    ),
)
def find(absent: str | None, substitute: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    """My substitutes, and whom I stand in for."""
    (before,) = position(cursor, str) or (None,)
    found = substitutions(site(), actor(), absent=absent, substitute=substitute, before=before, limit=limit + 1)
    return pages(found, limit, substitute_json, lambda each: [each.id])


@post(
    "/substitutes",
    "Let somebody stand in: within the absent person's lanes and positions, while it holds",
    who="the absent person, and admins; never for oneself",
    answer=SUBSTITUTE,
    status=201,
    body=NEW,
    errors=(Forbidden, Unacceptable),
)
def add(body: Mapping[str, Any]) -> dict[str, Any]:
    """Plh. or Plt."""
    new = NewSubstitution(
        absent=body.get("absent", actor().name),
        substitute=body["substitute"],
        kind=body["kind"],
        reason=body["reason"],
        valid_from=body.get("from"),
        valid_to=body.get("to"),
    )
    return substitute_json(add_substitute(site(), actor(), API, new))


@post(
    "/substitutes/<substitute_id>/end",
    "End a substitution now; it stays on record",
    who="the absent person, and admins",
    answer=SUBSTITUTE,
    body=END,
    errors=(NotFound, Forbidden, SubstitutionOver),
)
def end(substitute_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """From now on the substitute acts no more."""
    end_substitute(site(), actor(), API, substitute_id, body.get("reason"))
    return substitute_json(substitution(site(), actor(), substitute_id))
