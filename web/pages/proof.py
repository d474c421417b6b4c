"""Pembuktian: everything verified at the press of a button, and the checkpoints that auditors take along."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.checkpoints.checkpoint import Checkpoint
from engine.checkpoints.key import key_id
from engine.commands.exports import record_export
from engine.errors import Unacceptable
from engine.proof.asked import Asked, ask, asked
from engine.proof.kept import checkpoint_text, compare, newest_checkpoints, public_keys
from engine.proof.report import explained
from engine.queries.people import full_names
from web.context import WEB, actor, explain, language, require, site
from web.downloads import download
from web.pages.blueprint import blueprint

SHOWN = 30  # checkpoints, and findings
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing a checkpoint that somebody kept; `problems` in words."""

    checkpoint: Checkpoint | None
    problems: list[str]


@blueprint.get("/pembuktian")
def proof(compared: Compared | None = None) -> str:
    """The last result, what is under way, and the checkpoints."""
    require("acts.view")
    running, last = asked(site(), actor())
    count, checkpoints = newest_checkpoints(site(), actor(), SHOWN)
    return render_template(
        "proof_of_all.html",
        running=running,
        last=last,
        found=_found(last),
        names=full_names(site(), [each.asked_by for each in (running, last) if each]),
        count=count,
        checkpoints=checkpoints,
        keys=[key_id(key) for key in public_keys(site(), actor())],
        compared=compared,
    )


@blueprint.post("/pembuktian")
def prove_all() -> ResponseReturnValue:
    """Have everything verified, or compare a checkpoint that was kept."""
    require("acts.view")
    file = request.files.get("kept")
    if file is None:
        ask(site(), actor())
        return redirect(url_for("pages.proof"))
    compared = _compared(file.read(LARGEST).decode(errors="replace"))
    return proof(compared), 200 if compared.checkpoint else 422


@blueprint.get("/pembuktian/checkpoint/<int:number>")
def take_checkpoint(number: int) -> ResponseReturnValue:
    """The file, to keep elsewhere; it is recorded who took it."""
    text = checkpoint_text(site(), actor(), number)
    record_export(site(), actor(), WEB, f"checkpoint {number}", 1)
    return download(text.encode(), f"checkpoint-{number:08d}.txt", "text/plain; charset=utf-8")


@blueprint.get("/pembuktian/kunci-publik")
def take_public_keys() -> ResponseReturnValue:
    """The file of public keys, to keep elsewhere."""
    keys = public_keys(site(), actor())
    record_export(site(), actor(), WEB, "public-key", len(keys))
    return download("".join(f"{key}\n" for key in keys).encode(), "public-key.txt", "text/plain; charset=utf-8")


def _found(last: Asked | None) -> list[dict[str, Any]]:
    """What is wrong in words, then what was lost."""
    result = (last.result if last else None) or {}
    told = [*result.get("findings", []), *result.get("lost", [])][:SHOWN]
    return [{**each, "told": explained(each, language())} for each in told]


def _compared(kept: str) -> Compared:
    try:
        checkpoint, findings = compare(site(), actor(), kept)
    except Unacceptable as error:
        return Compared(None, [explain(error)])
    return Compared(checkpoint, [each.difference.explain(language()) for each in findings])
