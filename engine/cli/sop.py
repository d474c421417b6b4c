"""`alur sop layout`."""

from pathlib import Path

import click

from engine.cli.base import alur, say
from engine.layout import lay_out


@alur.group(help=say("SOPs as files."))
def sop() -> None:
    """Commands that need no installation."""


@sop.command(help=say("Give a BPMN file without coordinates a diagram: roles side by side, from top to bottom."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help=say("Where to write it; else it is printed.")
)
def layout(file: Path, out: Path | None) -> None:
    """A file that has a whole diagram is left as it is."""
    content = lay_out(file.read_bytes())
    if out:
        out.write_bytes(content)
    else:
        click.echo(content, nl=False)
