"""`alur sop layout|render`."""

from pathlib import Path

import click

from engine.cli.base import alur, say
from engine.commands.deployments import gathered
from engine.definitions import read_definitions
from engine.installation import LIBRARY
from engine.layout import lay_out
from engine.paper import word_form


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


@sop.command(help=say("Write the official form of an SOP (PermenPAN-RB 35/2012) as a Word file, from its model."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help=say("The folder to write it into."),
)
def render(file: Path, out: Path) -> None:
    """One Word file for each SOP of the model, named by its key."""
    for definition in read_definitions(gathered([file], LIBRARY)):
        target = out / f"{definition.key}.docx"
        target.write_bytes(word_form(definition))
        click.echo(str(target))
