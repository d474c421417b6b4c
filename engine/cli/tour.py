"""`alur tour`."""

import sys
import tempfile
from pathlib import Path

import click

from engine import tour as tours
from engine.cli.audit import line
from engine.cli.base import LANGUAGE, alur, say
from engine.cli.proving import place
from engine.language import translate
from engine.queries.definitions import Deployed
from engine.replay import verify_all
from engine.site import Site


@alur.command(help=say("Run a whole case of every SOP with example data, verify it, and find forged copies of it."))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("tour"), show_default=True)
def tour(out: Path) -> None:
    """Works in an installation of its own; the documents stay in the folder `--out`."""
    with tempfile.TemporaryDirectory(prefix="alur-tour-") as folder:
        site = tours.prepare(Path(folder))
        try:
            honest = [_case(site, sop, out / sop.key) for sop in tours.sops(site)]
            found = _forgery(site, Path(folder))
        finally:
            site.database.close()
    sys.exit(0 if all(honest) and found else 1)


def _case(site: Site, sop: Deployed, folder: Path) -> bool:
    click.secho(f"{sop.name} (v{sop.version})", bold=True)
    case = tours.start(site, sop)
    for number, stop in enumerate(tours.walk(site, case), 1):
        documents = f"  + {len(stop.documents)} " + say("documents") if stop.documents else ""
        click.echo(f"{number:>3}. {stop.lane:<10} {stop.who:<26} {stop.task}{documents}")
    saved = tours.save_documents(site, case, folder)
    click.echo(say("%(count)s documents in %(folder)s", count=len(saved), folder=str(folder)))
    results = [result for name, result in verify_all(site) if name == case]
    for result in results:
        click.secho(line(case, result), fg="green" if result.verified else "red")
    return all(result.verified for result in results)


def _forgery(site: Site, folder: Path) -> bool:
    click.secho(say("Forged copies:"), bold=True)
    found = True
    for name, proof in tours.forge(site, folder):
        shown = (*proof.wrong[:1], *proof.findings[-1:])
        told = [f"{place(each)}: {each.difference.explain(LANGUAGE)}" for each in shown]
        where = "\n      ".join(dict.fromkeys(told)) or say("NOT FOUND")
        click.secho(f"  {translate(name, LANGUAGE)} → {where}", fg="green" if told else "red")
        found = found and bool(told)
    return found
