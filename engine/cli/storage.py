"""`alur init`, `alur backup`, `alur restore`."""

import sys
from functools import partial
from pathlib import Path

import click

from engine import backup as backups
from engine import installation
from engine.access import operating_system
from engine.backup import Replaced
from engine.checkpoints.key import key_file
from engine.cli.audit import line
from engine.cli.base import account, alur, channel, on_site, opened, say
from engine.errors import N_
from engine.proof.sealed import KEY_MISSING
from engine.site import Site
from engine.verification import Verification

file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
backup_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@alur.command(help=say("Create the database, or bring it up to date."))
def init() -> None:
    """Safe to repeat."""
    with opened() as site:
        installation.upgrade(site)
        key = installation.set_up_key(site, operating_system(account()), channel())
        place = key_file(site.settings)
    click.echo(say("The database is up to date."))
    if key is not None:
        click.echo(say("A key that signs checkpoints was made: %(key)s, in %(place)s.", key=key, place=place))


@alur.command(help=say("Copy everything into one file while people work, and verify the copy."))
@file
@on_site
def backup(site: Site, file: Path) -> None:
    """Exit 1 when a case in the copy is not intact."""
    intact = backups.back_up(site, operating_system(account()), channel(), file, _report)
    click.echo(say("The backup is intact.") if intact else say("The backup is complete, but not all of it is intact."))
    _tell_of_key(site)
    sys.exit(0 if intact else 1)


@alur.command(help=say("Verify a backup and put it in the place of everything that is here."))
@backup_file
@click.option("--reason", help=say("Why; it is recorded."))
@click.option("--yes", is_flag=True, help=say("Do not ask; for scripts."))
def restore(file: Path, reason: str | None, yes: bool) -> None:
    """Exit 1 and leave everything as it is when the backup is not intact, or when the answer is no."""
    with opened() as site:
        agree = partial(_agree, yes)
        intact = backups.restore(site, operating_system(account()), channel(), file, _report, reason, agree)
    click.echo(say("The backup was restored.") if intact else say("This backup is not intact. Nothing was changed."))
    if intact:
        _tell_of_key(site)
    sys.exit(0 if intact else 1)


def _agree(yes: bool, replaced: Replaced) -> None:
    if replaced.lost is None:
        click.echo(say("What is here is damaged: what was done after the backup cannot be counted."))
    else:
        counted = dict(zip(("cases", "entries", "acts"), replaced.lost, strict=True))
        lost = N_(
            "The backup ends on %(at)s. Lost, because only here: "
            "%(cases)s cases, %(entries)s entries, %(acts)s acts outside cases."
        )
        click.echo(say(lost, at=replaced.until or "-", **counted))
    click.echo(say("What is here now will be kept in %(file)s.", file=replaced.file))
    if not yes:
        click.confirm(say("Restore the backup?"), abort=True)


def _tell_of_key(site: Site) -> None:
    if not key_file(site.settings).is_file():
        click.echo(say(KEY_MISSING))


def _report(case: str, result: Verification) -> None:
    click.echo(line(case, result))
