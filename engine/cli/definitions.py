"""`alur validate`, `alur deploy`, `alur definitions`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from engine import installation
from engine.access import Actor
from engine.checker import check
from engine.cli.base import acting, alur, as_json, channel, on_site, say, show, told
from engine.commands.deployments import gathered
from engine.issuing import REGISTRY
from engine.models import definitions as table
from engine.queries.definitions import Deployed, listed
from engine.queries.staffing import vacancies
from engine.site import Site

paths = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@alur.command(help=say("Check BPMN files without deploying them."))
@paths
@as_json
def validate(paths: tuple[Path, ...], json_: bool) -> None:
    """Print every finding; exit 1 when one of them is an error."""
    findings = check(gathered(paths, installation.LIBRARY), REGISTRY)
    show(findings, json_, told)
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)
    if not json_:
        click.echo(say("Fit to be deployed."))


@alur.command(help=say("Deploy BPMN files, or folders of them, with the forms and templates they name."))
@paths
@click.option("--note", help=say("What is new in it."))
@click.option(
    "--same", is_flag=True, help=say("Whatever has the id of an SOP is a new version of it, whatever its name.")
)
@as_json
@acting
def deploy(site: Site, actor: Actor, paths: tuple[Path, ...], note: str | None, same: bool, json_: bool) -> None:
    """Deploy; all or nothing."""
    deployment = installation.deploy_paths(site, actor, channel(), paths, note, same)
    for warning in deployment.warnings:
        click.echo(told(warning), err=True)
    for post in dict.fromkeys(post for made in deployment.definitions for post in _vacant(site, made)):
        click.echo(say("Nobody has the role %(role)s; its tasks would wait.", role=post), err=True)
    show(list(deployment.definitions), json_, lambda d: f"{d.key}  v{d.version}  {d.digest[:12]}  {d.name}")


@alur.command(help=say("List what is deployed."))
@as_json
@on_site
def definitions(site: Site, json_: bool) -> None:
    """Every version of every SOP."""
    with site.database.read() as connection:
        rows = [listed(row) for row in connection.execute(table.select().order_by(table.c.key, table.c.version))]
    show(rows, json_, _version)


def _vacant(site: Site, made: Deployed) -> Iterator[str]:
    for post in vacancies(site, site.bundle_of(made.digest).definition):
        yield f"{post.lane} ({post.position})" if post.position else post.lane


def _version(row: Deployed) -> str:
    line = f"{row.key}  v{row.version}  {row.digest[:12]}  {row.name}"
    remarks = (row.note and "» " + row.note, row.withdrawn and say("withdrawn: %(reason)s", reason=row.withdrawn))
    return "\n    ".join(filter(None, (line, *remarks)))
