"""`alur office show`, `alur office set`."""

import json
from pathlib import Path

import click

from engine import office as data
from engine.access import Actor
from engine.cli.base import acting, alur, channel, on_site, read_object, say
from engine.commands.office import change_office
from engine.site import Site


@alur.group(help=say("The office's data: letterhead, number masks, working time."))
def office() -> None:
    """Commands on the office's data."""


@office.command("show", help=say("Print the office's data as JSON."))
@on_site
def show_(site: Site) -> None:
    """As `alur office set` takes it."""
    with site.database.read() as connection:
        click.echo(json.dumps(data.current(connection), ensure_ascii=False, indent=2))


@office.command("set", help=say("Let FILE be the office's data from now on; documents already issued stay."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help=say("Why; it is kept in the history."))
@acting
def set_(site: Site, actor: Actor, file: Path, reason: str) -> None:
    """All of it, checked; exit 1 when something needs to be mended."""
    change_office(site, actor, channel(), read_object(file.read_bytes()), reason)
