"""People from a spreadsheet: looked at first, then all are added."""

from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.roster import Roster, import_roster, read_roster
from engine.errors import Invalid
from forms.validation import FieldError
from web.context import WEB, actor, require, site, translate
from web.pages.admin.common import slips
from web.pages.blueprint import blueprint


@blueprint.get("/kelola/orang-csv")
def roster() -> ResponseReturnValue:
    """What the file must look like."""
    require("people.manage")
    return render_template("admin/roster.html", roster=None, text="", lines={})


@blueprint.post("/kelola/orang-csv")
def import_people() -> ResponseReturnValue:
    """First the preview of a file, or its errors line by line; then, with what was seen, everybody is added."""
    file = request.files.get("file")
    content = file.read() if file else request.form.get("text", "").encode()
    if request.form.get("_act") != "import":
        found = read_roster(site(), actor(), content)
        return _page(found, content), 422 if found.errors else 200
    try:
        people = import_roster(site(), actor(), WEB, content)
    except Invalid:  # somebody was added in between
        return _page(read_roster(site(), actor(), content), content), 422
    return slips(people)


def _page(found: Roster, content: bytes) -> str:
    text = content.decode("utf-8-sig", errors="replace") if not found.errors else ""
    return render_template("admin/roster.html", roster=found, text=text, lines=_by_line(found.errors))


def _by_line(errors: Iterable[FieldError]) -> dict[int, list[tuple[str, str]]]:
    """Line → (column, sentence) of each error."""
    lines: dict[int, list[tuple[str, str]]] = {}
    for error in errors:
        _, line, *column = error.pointer.split("/")
        sentence = translate(error.message, **error.params)
        lines.setdefault(int(line), []).append((column[0] if column else "", sentence))
    return lines
