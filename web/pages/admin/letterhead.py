"""Kop surat & data kantor: what every document says of the office."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.office import KOP, ZONES
from web.context import require, translate
from web.pages.admin.common import Refusal, done, written
from web.pages.admin.office import Data, current, save
from web.pages.blueprint import blueprint

TEXTS = tuple(name for name in KOP if name != "zona")


@blueprint.get("/kelola/kantor")
def letterhead(refusal: Refusal | None = None) -> str:
    """The letterhead as it is."""
    require("office.manage")
    data, revision = current()
    shown: dict[str, Any] = {**data["kop"], "wilayah": data["wilayah"], "zona": data["zona"]}
    if refusal:
        shown |= {name: request.form.get(name, "") for name in (*TEXTS, "wilayah", "zona")}
    return render_template("admin/letterhead.html", shown=shown, revision=revision, zones=ZONES, refusal=refusal)


@blueprint.post("/kelola/kantor")
def change_letterhead() -> ResponseReturnValue:
    """Change it for the documents to come."""
    require("office.manage")
    if refusal := save(lambda data: _changed(data)):
        return letterhead(refusal), refusal.status
    return done(translate("Saved. Documents from now on say so; those already issued stay."), url_for(".letterhead"))


def _changed(data: Data) -> Data:
    zone = request.form.get("zona", "")
    short = ZONES.get(zone, "")
    kop = {**data["kop"], **{name: written(name) for name in TEXTS}, "zona": short}
    return {**data, "kop": kop, "wilayah": written("wilayah"), "zona": zone, "singkatan_zona": short}
