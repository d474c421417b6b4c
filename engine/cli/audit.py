"""`alur audit verify`, `acts`, `checkpoint`, `new-key`, `restore-checkpoints`; `alur replay`."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from engine import installation
from engine.access import Actor, operating_system
from engine.checkpoints import Folder, make_checkpoint, restore_folder
from engine.checkpoints.key import key_file, key_id
from engine.cli.base import LANGUAGE, account, acting, actor, alur, as_json, channel, installed, on_site, say, show
from engine.cli.proving import print_proof
from engine.errors import N_, AlurError, Unacceptable
from engine.exported import opened_export
from engine.language import explain
from engine.proof import Proof, Sealed, Source, own_source, prove, read_sealed
from engine.proof.proving import Progress
from engine.proof.report import full
from engine.proof.stating import state
from engine.queries.acts import KINDS, find_acts
from engine.queries.cases import case_history, require_visible
from engine.replay import ACTS, Verification
from engine.site import Site

WORDS = {
    "verified": N_("intact"),
    "stated": N_("intact, by a statement of before"),
    "not_reproducible": N_("not proved"),
    "failed": N_("TAMPERED WITH"),
}

log = logging.getLogger("alur.proof")
a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
a_folder = click.Path(exists=True, file_okay=False, path_type=Path)


@alur.group(help=say("Prove what happened."))
def audit() -> None:
    """Commands for auditors."""


@audit.command("verify", help=say("Execute cases again from their history and compare what is stored."))
@click.argument("case", required=False)
@click.option("--all", "all_", is_flag=True, help=say("Every case (the default without CASE)."))
@click.option("--export", type=a_file, help=say("A backup, or a copy of a SQLite database, instead of what is here."))
@click.option("--checkpoints", type=a_folder, help=say("A folder of checkpoints, instead of the usual one."))
@click.option("--anchor", type=a_file, multiple=True, help=say("A checkpoint that you kept yourself; several may be."))
@click.option("--key", type=a_file, help=say("The public key that you kept yourself."))
@click.option("--processes", type=click.IntRange(1, 64), help=say("How many at once; as many as there are cores."))
@as_json
@click.option("--user", help=say("Act as this user instead of as the operator at the machine."))
def verify_(
    case: str | None,
    all_: bool,
    export: Path | None,
    checkpoints: Path | None,
    anchor: tuple[Path, ...],
    key: Path | None,
    processes: int | None,
    json_: bool,
    user: str | None,
) -> None:
    """Exit 1 when something was tampered with, 2 when something could not be proved."""
    with _or_unproved(), opened_export(export) if export else installed() as site:
        only = None if case is None or all_ else [case]
        if only:
            with site.database.read() as connection:
                require_visible(connection, actor(site, user), only[0])
        source = _source(site, checkpoints, copies=export is not None)
        kept = [path.read_text("utf-8", errors="replace") for path in anchor]
        sealed = read_sealed(source, kept, key.read_text("ascii", errors="replace").split() if key else ())
        proof = _proved(site, sealed, only, processes, quiet=json_)
    if json_:
        show(full(proof), json_, str)
    else:
        print_proof(proof)
    sys.exit(proof.exit_code)


@contextmanager
def _or_unproved() -> Iterator[None]:
    """What cannot be verified is not proved: nothing that goes wrong on the way may end like what was tampered with."""
    try:
        yield
    except AlurError as error:
        click.echo(explain(error, LANGUAGE), err=True)
        sys.exit(2)
    except Exception:
        log.exception("the verification could not be finished")
        sys.exit(2)


def _source(site: Site, folder: Path | None, *, copies: bool) -> Source:
    if folder is not None or not copies:
        return own_source(site, folder)
    with site.database.read() as connection:
        return Source.of_copies(connection)


def _proved(site: Site, sealed: Sealed, only: list[str] | None, processes: int | None, *, quiet: bool) -> Proof:
    if quiet or not sys.stderr.isatty():
        return prove(site, sealed, only, processes=processes)
    with _bar() as progress:
        return prove(site, sealed, only, processes=processes, progress=progress)


@contextmanager
def _bar() -> Iterator[Progress]:
    with click.progressbar(length=1, label=say("Verifying"), file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield progress


@audit.command("checkpoint", help=say("Sign how far every case has come, now; `%(alur)s serve` does so every minute."))
@on_site
def checkpoint_(site: Site) -> None:
    """Print the file."""
    if not key_file(site.settings).is_file():
        raise Unacceptable(reason=N_("the file of the checkpoint key is not there; ALUR_CHECKPOINT_KEY names it"))
    made = make_checkpoint(site)
    folder = Folder.of(site.settings)
    nothing = say("Nothing has changed since the last checkpoint.")
    click.echo(nothing if made is None else str(folder.path / made.filename))


@audit.command("state", help=say("Sign what this version verified, before an upgrade; goes on where it was stopped."))
@as_json
@on_site
def state_(site: Site, json_: bool) -> None:
    """Exit 1 when something was tampered with, 2 when something could not be proved."""
    actor = operating_system(account())
    if json_ or not sys.stderr.isatty():
        found = state(site, actor, channel())
    else:
        with _bar() as progress:
            found = state(site, actor, channel(), progress)
    told = dict(found) if json_ else [status for status in WORDS if found[status]]
    show(told, json_, lambda status: f"{say('%(count)s cases', count=found[status])}: {say(WORDS[status])}")
    sys.exit(1 if found["failed"] else 2 if found["not_reproducible"] else 0)


@audit.command("new-key", help=say("Make another key for checkpoints, after the file of the old one was moved away."))
@on_site
def new_key(site: Site) -> None:
    """Print the id of the key."""
    click.echo(installation.replace_key(site, operating_system(account()), channel()))


@audit.command("keys", help=say("List the public keys of the checkpoints, oldest first."))
@on_site
def keys(site: Site) -> None:
    """Each with its id, by which checkpoints name it."""
    for public in Folder.of(site.settings).public_keys():
        click.echo(f"{key_id(public)}  {public}")


@audit.command("restore-checkpoints", help=say("Fill the folder of checkpoints from the copies in the database."))
@on_site
def restore_checkpoints(site: Site) -> None:
    """Where the folder was lost; what is there stays."""
    click.echo(say("%(count)s checkpoints were written.", count=restore_folder(site)))


@audit.command("acts", help=say("List what was done outside cases, oldest first."))
@as_json
@acting
def acts_(site: Site, actor: Actor, json_: bool) -> None:
    """People, roles, passwords, sign-ins, deployments, office data, the register, backups."""
    found: list[dict[str, Any]] = []
    while page := find_acts(site, actor, after=found[-1]["seq"] if found else 0):
        found += page

    def told(act: dict[str, Any]) -> str:
        reason = f"  ({act['reason']})" if act["reason"] else ""
        return f"{act['seq']}  {act['at']}  {act['actor']}  {say(KINDS[act['kind']])}: {act['subject']}{reason}"

    show(found, json_, told)


def line(case: str, result: Verification) -> str:
    """One verification in words."""
    if case == ACTS:
        case = say("Acts outside cases")
    counted = say("%(entries)s entries, %(documents)s documents", entries=result.entries, documents=result.documents)
    text = f"{case}: {say(WORDS[result.status])} ({counted})"
    if result.first_divergence is None:
        return text
    place = say("entry %(seq)s", seq=result.first_divergence.seq) if result.first_divergence.seq else say("the tables")
    return f"{text}: {place}: {result.first_divergence.explain(LANGUAGE)}"


@alur.command(help=say("Step through a case: what each entry moved."))
@click.argument("case")
@as_json
@acting
def replay(site: Site, actor: Actor, case: str, json_: bool) -> None:
    """Each entry with the elements it entered, completed and left."""
    entries = case_history(site, actor, case, limit=10_000)
    steps = [{"seq": e["seq"], "at": e["at"], "kind": e["kind"], "transitions": e["transitions"]} for e in entries]
    show(steps, json_, lambda step: f"{step['seq']:>4}  {step['kind']:<9} " + _moved(step["transitions"]))


def _moved(transitions: list[dict[str, str]]) -> str:
    return " ".join(f"{SIGNS[t['event']]}{t['activity_id']}" for t in transitions if t["event"] != "taken")


SIGNS = {"entered": "→", "completed": "✓", "cancelled": "✗"}
