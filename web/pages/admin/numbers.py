"""Nomor surat: the masks, and the register with its gaps."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from docgen.errors import NumberInvalid
from docgen.numbers import format_number
from engine.commands.exports import record_export
from engine.commands.register import Span, enter_number, enter_span, void_numbers
from engine.errors import required
from engine.queries.register import SAMPLE, Line, lines, series, this_year
from web.context import WEB, actor, may, require, site, translate
from web.downloads import sheet
from web.pages.admin.common import Refusal, attempt, done, number, written
from web.pages.admin.office import Data, current, save
from web.pages.blueprint import blueprint

PARTS = ("mask", "jenis", "pejabat")
HEADINGS = ("nomor_urut", "sampai", "nomor", "keadaan", "keterangan", "berkas", "tanggal")


@blueprint.get("/kelola/nomor")
def numbers(refusal: Refusal | None = None) -> str:
    """The series of the register and, for administrators, the masks."""
    require("acts.view")
    data, revision = current()
    type_ = written("type") if request.method == "POST" else request.args.get("jenis", "")
    typed = request.method == "POST"
    mask = {part: written(part) for part in PARTS} if typed else data["masks"].get(type_, {})
    return render_template(
        "admin/numbers.html",
        series=series(site(), actor()),
        masks=data["masks"],
        revision=revision,
        type=type_,
        mask=mask,
        sample=_sample(data, type_, mask) if type_ and mask and may("office.manage") else "",
        refusal=refusal,
        form=request.form,
    )


@blueprint.post("/kelola/nomor")
def change_mask() -> ResponseReturnValue:
    """Change, add or remove the mask of one type."""
    require("office.manage")
    if request.form.get("_act") == "preview":
        return numbers()
    if refusal := save(_changed):
        return numbers(refusal), refusal.status
    return done(translate("Saved. The next number follows this mask."), url_for("pages.numbers"))


@blueprint.get("/kelola/nomor/<type_>/<int(max=9999):year>")
def one_series(type_: str, year: int) -> ResponseReturnValue:
    """Every number of a series and what became of it; `?csv=1` is a file."""
    if request.args.get("csv") == "1":
        found = lines(site(), actor(), type_, year)
        record_export(site(), actor(), WEB, f"{type_}/{year}", len(found))
        return sheet(f"register-{type_}-{year}", HEADINGS, [_row(line) for line in found])
    return _series(type_, year)


@blueprint.post("/kelola/nomor/<type_>/<int(max=9999):year>")
def change_series(type_: str, year: int) -> ResponseReturnValue:
    """Enter a number or several of the paper register, or void some."""
    require("office.manage")
    act, remark = request.form.get("_act", ""), written("reason")
    first = number(written("first"))
    span = Span(type_, year, first, number(written("last")) or first)
    if act == "enter":
        refusal = attempt(lambda: enter_number(site(), actor(), WEB, type_, written("number"), remark))
    elif act == "span":
        refusal = attempt(lambda: enter_span(site(), actor(), WEB, span, remark))
    else:
        refusal = attempt(lambda: void_numbers(site(), actor(), WEB, span, remark))
    if refusal:
        return _series(type_, year, refusal, act), refusal.status
    return done(translate("Entered in the register."), url_for("pages.one_series", type_=type_, year=year))


def _changed(data: Data) -> Data:
    masks = dict(data["masks"])
    if request.form.get("_act") == "remove":
        masks.pop(written("type"), None)
    else:
        masks[written("type")] = {part: written(part) for part in PARTS if written(part)}
    return {**data, "masks": masks}


def _sample(data: Data, type_: str, mask: dict[str, str]) -> str:
    """The next number by this mask, or what is wrong with it."""
    year = this_year(site())
    last = next((each.last for each in series(site(), actor()) if (each.type, each.year) == (type_, year)), 0)
    try:
        return format_number({"mask": "", **mask}, last + 1, SAMPLE, data, year)
    except NumberInvalid as error:
        problem = error.problems[0]
        return translate(problem.msgid, **problem.params)


def _series(type_: str, year: int, refusal: Refusal | None = None, act: str = "") -> str:
    found = next((each for each in series(site(), actor()) if (each.type, each.year) == (type_, year)), None)
    return render_template(
        "admin/series.html",
        series=required(found),
        lines=lines(site(), actor(), type_, year),
        numbered=type_ in current()[0]["masks"],
        refusal=refusal,
        act=act,
        form=request.form,
    )


def _row(line: Line) -> list[str]:
    day = line.issued_at.date().isoformat() if line.issued_at else ""
    return [str(line.n), str(line.last), line.number, line.kind, line.remark, line.title, day]
