"""Peran & jabatan: who holds what, and which role of an SOP nobody holds."""

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import ROLES
from engine.commands.memberships import Grant, grant
from engine.queries.users import Membership, User, find_users, lanes_in_use
from web.context import WEB, actor, site, translate
from web.pages.admin.common import Refusal, attempt, done, written
from web.pages.blueprint import blueprint

EVERYBODY = 10_000
Held = Mapping[str, Sequence[tuple[User, Membership]]]


@blueprint.get("/kelola/peran")
def memberships(refusal: Refusal | None = None) -> str:
    """Roles in the SOPs, positions, and roles in Alur."""
    people = find_users(site(), actor(), active=True, limit=EVERYBODY)
    lanes = lanes_in_use(site())
    held = {kind: _holders(people, kind) for kind in ("lane", "position", "role")}
    return render_template(
        "admin/memberships.html",
        people=people,
        lanes=lanes,
        held={**held, "lane": {lane: held["lane"].get(lane, ()) for lane in [*lanes, *sorted(held["lane"])]}},
        roles=ROLES,
        refusal=refusal,
        form=request.form,
        at=site().clock(),
    )


@blueprint.post("/kelola/peran")
def give() -> ResponseReturnValue:
    """Give somebody a role or a position."""
    kind = request.form.get("kind", "")
    new = Grant(kind, written(kind), written("reason"), written("from") or None, written("to") or None)
    if refusal := attempt(lambda: grant(site(), actor(), WEB, written("user"), new)):
        return memberships(refusal), refusal.status
    return done(translate("Given."), url_for("pages.memberships"))


def _holders(people: Sequence[User], kind: str) -> Held:
    """Value → who holds it or will."""
    at = site().clock()
    found: dict[str, list[tuple[User, Membership]]] = {}
    for user in people:
        for each in user.held:
            if each.kind == kind and each.status(at) != "over":
                found.setdefault(each.value, []).append((user, each))
    return dict(sorted(found.items()))
