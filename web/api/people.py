"""People and what they hold: lanes, positions, roles."""

from collections.abc import Mapping
from typing import Any

from engine.access import ROLES
from engine.commands.memberships import KINDS, Grant, end_membership, grant
from engine.commands.people import NewUser, add_user, change_user
from engine.credentials import random_password
from engine.errors import Forbidden, Invalid, MembershipOver, NameTaken, NotFound, OwnAccount, Unacceptable
from engine.queries.users import Membership, User, find_users, one_user
from web.api.operation import Parameter, get, patch, post
from web.api.paging import PAGE, pages, position
from web.api.schema import FLAG, MOMENT, NUMBER, TEXT, WHEN, WHY, body, choice, many, maybe, page, record, told
from web.context import API, actor, site

ADMINS = "admins"
MEMBERSHIP = record(
    "Membership",
    id=NUMBER,
    kind=choice(*KINDS),
    value=TEXT,
    **{"from": MOMENT},
    to=maybe(MOMENT),
    status=choice("planned", "in_force", "over"),
    granted_by=TEXT,
)
DETAILS = {"rank": maybe(TEXT), "nip": maybe(TEXT), "email": maybe(TEXT)}
PERSON = {"full_name": TEXT, **DETAILS}
USER = record("User", name=TEXT, **PERSON, active=FLAG, created_at=MOMENT, memberships=many(MEMBERSHIP))
ADDED = record("AddedUser", user=USER, password=maybe(TEXT))
NEW = body(
    {"name": TEXT, "full_name": TEXT},
    optional={
        **DETAILS,
        "lanes": many(TEXT),
        "positions": many(TEXT),
        "roles": many(choice(*ROLES)),
        "password": {**TEXT, "description": "A random one is made and answered once when it is left out."},
    },
)
CHANGE = body({"reason": WHY}, optional={**PERSON, "active": FLAG})
GRANT = body(
    {"kind": choice(*KINDS), "value": TEXT, "reason": WHY},
    optional={
        "from": {**maybe(TEXT), "description": f"{WHEN} Now when it is left out."},
        "to": {**maybe(TEXT), "description": f"{WHEN} Without an end when it is left out."},
    },
)
END = body({"reason": WHY}, optional={"to": {**maybe(TEXT), "description": f"{WHEN} Now when it is left out."}})


def user_json(user: User) -> dict[str, Any]:
    """A person as the API gives them."""
    return told(USER, user, memberships=[_membership(each) for each in user.held])


@get(
    "/users",
    "People by user name, also those who left",
    who=ADMINS,
    answer=page(USER),
    parameters=(
        Parameter("q", {"type": "string", "maxLength": 200}, "Part of a name, the NIP, or what they hold."),
        Parameter("active", choice("true", "false"), "Only those who are here, or who left."),
        *PAGE,
    ),
    errors=(Forbidden,),
)
def find(q: str | None, active: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
    """With all that they hold and held."""
    (after,) = position(cursor, str) or ("",)
    state = None if active is None else active == "true"
    found = find_users(site(), actor(), text=q or "", active=state, after=after, limit=limit + 1)
    return pages(found, limit, user_json, lambda each: [each.name])


@post(
    "/users",
    "Add a person",
    who=ADMINS,
    answer=ADDED,
    status=201,
    body=NEW,
    errors=(Forbidden, NameTaken, Invalid),
)
def add(body: Mapping[str, Any]) -> dict[str, Any]:
    """The password is answered this once, if it was made here."""
    made = None if "password" in body else random_password()
    add_user(site(), actor(), API, NewUser(**{"password": made, **body}))
    return {"user": user_json(one_user(site(), actor(), body["name"])), "password": made}


@get("/users/<name>", "One person", who=ADMINS, answer=USER, errors=(Forbidden, NotFound))
def one(name: str) -> dict[str, Any]:
    """With all that they hold and held."""
    return user_json(one_user(site(), actor(), name))


@patch(
    "/users/<name>",
    "Change what is said of a person; `active: false` signs them out and ends their tokens",
    who="admins; nobody lets themself leave",
    answer=USER,
    body=CHANGE,
    errors=(Forbidden, OwnAccount, NotFound, Invalid, Unacceptable),
)
def change(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What is not named stays."""
    changes = {column: value for column, value in body.items() if column != "reason"}
    change_user(site(), actor(), API, name, changes, body["reason"])
    return user_json(one_user(site(), actor(), name))


@post(
    "/users/<name>/memberships",
    "Give a person a lane, a position or a role",
    who="admins; nobody to themself",
    answer=USER,
    status=201,
    body=GRANT,
    errors=(Forbidden, OwnAccount, NotFound, Unacceptable),
)
def give(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """From a day to a day."""
    new = Grant(body["kind"], body["value"], body["reason"], body.get("from"), body.get("to"))
    grant(site(), actor(), API, name, new)
    return user_json(one_user(site(), actor(), name))


@post(
    "/users/<name>/memberships/<int(max=2147483647):membership_id>/end",
    "End what a person holds; it stays on record",
    who="admins; nobody their own",
    answer=USER,
    body=END,
    errors=(Forbidden, OwnAccount, NotFound, MembershipOver, Unacceptable),
)
def end(name: str, membership_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Now, or with a last day."""
    end_membership(site(), actor(), API, name, membership_id, body["reason"], body.get("to"))
    return user_json(one_user(site(), actor(), name))


def _membership(each: Membership) -> dict[str, Any]:
    return told(MEMBERSHIP, each, {"from": each.valid_from, "to": each.valid_to}, status=each.status(site().clock()))
