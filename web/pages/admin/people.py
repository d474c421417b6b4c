"""Orang: who is here, and adding somebody."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.access import ROLES
from engine.commands.exports import record_export
from engine.commands.people import NewUser, add_user
from engine.credentials import random_password
from engine.queries.users import User, find_users, lanes_in_use
from web.context import WEB, actor, require, site
from web.downloads import sheet
from web.pages.admin.common import attempt, slips, written
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE, offset, paged

STATES = {"": True, "keluar": False, "semua": None}
HEADINGS = ("nama_pengguna", "nama_lengkap", "peran", "jabatan", "pangkat", "nip", "surel", "aktif")


@blueprint.get("/kelola/orang")
def people() -> ResponseReturnValue:
    """`?q=` looks in names, NIP and what they hold; `?keadaan=` shows those who left, or all; `?csv=1` is a file."""
    text, state = request.args.get("q", "").strip(), request.args.get("keadaan", "")
    state = state if state in STATES else ""
    if request.args.get("csv") == "1":
        everybody = find_users(site(), actor(), text=text, active=STATES[state], limit=10_000)
        record_export(site(), actor(), WEB, "users", len(everybody))
        return sheet("orang", HEADINGS, [_row(each) for each in everybody])
    asked = find_users(site(), actor(), text=text, active=STATES[state], offset=offset(), limit=PAGE + 1)
    found, more = paged(asked)
    return render_template("admin/people.html", people=found, more=more, text=text, state=state, at=site().clock())


@blueprint.get("/kelola/orang-baru")
def new_person() -> ResponseReturnValue:
    """An empty form."""
    require("people.manage")
    return _form({}, "")


@blueprint.post("/kelola/orang-baru")
def add_person() -> ResponseReturnValue:
    """Add somebody, and show their first password this once."""
    password = random_password()
    lanes = [*request.form.getlist("lane"), *_several("other_lanes")]
    user = NewUser(
        name=request.form.get("name", "").strip(),
        full_name=written("full_name"),
        password=password,
        lanes=lanes,
        positions=_several("positions"),
        roles=request.form.getlist("role"),
        rank=written("rank") or None,
        nip="".join(written("nip").split()) or None,
        email=written("email") or None,
    )
    if refusal := attempt(lambda: add_user(site(), actor(), WEB, user)):
        return _form(refusal.errors, refusal.notice), refusal.status
    return slips([user])


def _form(errors: object, notice: str) -> str:
    lanes = lanes_in_use(site())
    return render_template(
        "admin/new_person.html", form=request.form, errors=errors, notice=notice, lanes=lanes, roles=ROLES
    )


def _several(name: str) -> list[str]:
    return [value.strip() for value in request.form.get(name, "").split("|") if value.strip()]


def _row(user: User) -> list[str]:
    at = site().clock()
    held = ["|".join(user.now(kind, at)) for kind in ("lane", "position")]
    rest = [user.rank or "", user.nip or "", user.email or "", "1" if user.active else "0"]
    return [user.name, user.full_name, *held, *rest]
