"""Catatan tindakan: what was done outside cases, by whom and why, and the proof of it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.canonical import canonical
from engine.commands.exports import record_export
from engine.queries.acts import KINDS, find_acts, verify_acts
from engine.queries.people import full_names
from web.context import WEB, actor, language, site
from web.downloads import sheet
from web.pages.blueprint import blueprint
from web.pages.paging import PAGE

HEADINGS = ("urut", "waktu", "pelaku", "saluran", "akun", "tindakan", "perihal", "alasan", "sebelum", "sesudah", "hash")
TECHNICAL = ("token", "tokens", "password", "sha256", "id", "held")


@blueprint.get("/kelola/tindakan")
def acts() -> ResponseReturnValue:
    """The newest first; `?jenis=`, `?q=`; `?periksa=1` proves the chain and the tables; `?csv=1` is a file."""
    kind, text = request.args.get("jenis", ""), request.args.get("q", "").strip()
    kind = kind if kind in KINDS else ""
    before = request.args.get("sebelum", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 2**31 - 1
    if request.args.get("csv") == "1":
        found = find_acts(site(), actor(), kind=kind, text=text, limit=100_000)
        record_export(site(), actor(), WEB, "acts", len(found))
        return sheet("catatan-tindakan", HEADINGS, [_row(act) for act in found])
    found = find_acts(site(), actor(), kind=kind, text=text, before=start, limit=PAGE + 1)
    shown = [{**act, "changes": changes(act)} for act in found[:PAGE]]
    return render_template(
        "admin/acts.html",
        acts=shown,
        more=shown[-1]["seq"] if len(found) > PAGE else None,
        kinds=KINDS,
        kind=kind,
        text=text,
        names=full_names(site(), [act["actor"] for act in shown]),
        proof=verify_acts(site(), actor()) if request.args.get("periksa") == "1" else None,
        language=language(),
    )


def changes(act: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) of what an act changed; what only a program could read is left to the file."""
    before, after = act["before"] or {}, act["after"] or {}
    names = [name for name in {**before, **after} if name not in TECHNICAL and before.get(name) != after.get(name)]
    return [(name, _text(before.get(name)), _text(after.get(name))) for name in names]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else canonical(value)


def _row(act: Mapping[str, Any]) -> list[str]:
    plain = [act[name] for name in ("seq", "at", "actor", "channel", "account", "kind", "subject", "reason")]
    return [_text(value) for value in (*plain, act["before"], act["after"], act["hash"])]
