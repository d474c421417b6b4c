"""One person: what documents say of them, what they hold, and how they get in."""

from collections.abc import Callable
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import ROLES
from engine.commands.credentials import reset_password, revoke_access
from engine.commands.memberships import Grant, end_membership, grant
from engine.commands.people import NewUser, change_user
from engine.errors import N_
from engine.queries.users import access_of, lanes_in_use, one_user
from web.context import WEB, actor, require, site, translate
from web.pages.admin.common import Refusal, attempt, done, number, slips, written
from web.pages.blueprint import blueprint

FIELDS = ("full_name", "rank", "nip", "email")


@blueprint.get("/kelola/orang/<name>")
def person(name: str, refusal: Refusal | None = None, act: str = "") -> str:
    """All that an administrator may know and change."""
    user = one_user(site(), actor(), name)
    return render_template(
        "admin/person.html",
        user=user,
        access=access_of(site(), actor(), name),
        own=name == actor().name,
        refusal=refusal,
        act=act,
        form=request.form,
        lanes=lanes_in_use(site()),
        roles=ROLES,
        at=site().clock(),
    )


@blueprint.post("/kelola/orang/<name>")
def change_person(name: str) -> ResponseReturnValue:
    """One of several acts, each with its reason."""
    require("people.manage")
    act = request.form.get("_act", "")
    if act == "password":
        return _new_password(name)
    command = ACTS.get(act)
    if command is None:
        return person(name)
    if refusal := attempt(lambda: command[0](name)):
        return person(name, refusal, act), refusal.status
    return done(translate(command[1]), url_for("pages.person", name=name))


def _change(name: str) -> None:
    changes = {field: written(field) or None for field in FIELDS}
    changes["nip"] = "".join(written("nip").split()) or None
    change_user(site(), actor(), WEB, name, changes, written("reason"))


def _belong(name: str, active: bool) -> None:
    change_user(site(), actor(), WEB, name, {"active": active}, written("reason"))


def _grant(name: str) -> None:
    kind = request.form.get("kind", "")
    new = Grant(kind, written(kind), written("reason"), written("from") or None, written("to") or None)
    grant(site(), actor(), WEB, name, new)


def _end(name: str) -> None:
    identity = number(request.form.get("membership", ""))
    end_membership(site(), actor(), WEB, name, identity, written("reason"), written("to") or None)


def _revoke(name: str) -> None:
    revoke_access(site(), actor(), WEB, name, written("reason"))


ACTS: dict[str, tuple[Callable[[str], None], str]] = {
    "change": (_change, N_("Saved.")),
    "leave": (partial(_belong, active=False), N_("This person can no longer sign in.")),
    "come_back": (partial(_belong, active=True), N_("This person can sign in again.")),
    "grant": (_grant, N_("Given.")),
    "end": (_end, N_("Ended.")),
    "revoke": (_revoke, N_("Signed out everywhere; no token is valid any more.")),
}


def _new_password(name: str) -> ResponseReturnValue:
    made: list[str] = []
    reason = written("reason")
    if refusal := attempt(lambda: made.append(reset_password(site(), actor(), WEB, name, reason))):
        return person(name, refusal, "password"), refusal.status
    user = one_user(site(), actor(), name)
    known = NewUser(name, user.full_name, made[0])
    return slips([known])
