"""`alur document check`."""

import sys
from pathlib import Path

import click

from engine.access import Actor
from engine.cli.base import LANGUAGE, acting, alur, as_json, say, show
from engine.language import moment
from engine.recognition import Known, Recognition, recognise, recognise_code
from engine.site import Site


@alur.group(help=say("Issued documents."))
def document() -> None:
    """Commands on documents."""


@document.command("check", help=say("Say whether a file, or the code printed at a document's foot, is one of ours."))
@click.argument("file_or_code")
@as_json
@acting
def check(site: Site, actor: Actor, file_or_code: str, json_: bool) -> None:
    """Exit 1 for what is not ours or was changed."""
    path = Path(file_or_code)
    found = recognise(site, actor, path.read_bytes()) if path.is_file() else recognise_code(site, actor, file_or_code)
    show(found, json_, _told)
    sys.exit(0 if found.outcome in ("unchanged", "same_text", "signed_copy", "issued") else 1)


def _told(found: Recognition) -> str:
    lines = [say(found.sentence), *map(_known, found.known)]
    for change in found.changes:
        name = say(change.label) if change.label else say("Paragraph")
        lines.append(f"  {name}: {change.before or '–'} → {change.after or '–'}")
    if found.differences and not found.changes:
        lines.append(say("  %(count)s places differ.", count=found.differences))
    return "\n".join(lines)


def _known(known: Known) -> str:
    at = moment(known.issued_at, LANGUAGE)
    number = known.number or say("without a number")
    said = [f"  {known.title}, {number}", say("version %(n)s", n=known.version), say("issued on %(at)s", at=at)]
    if known.status == "void":
        said.append(say("REPLACED by a later version"))
    if known.document:
        said.append(say("step “%(step)s” of case %(case)s", step=known.step, case=known.document.instance_id))
    return ", ".join(said)
