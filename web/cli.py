"""The whole `alur` command: the engine's commands, and `serve`, which needs the web."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import click

from engine import installation
from engine.access import Actor, operating_system
from engine.cli import alur
from engine.cli.base import LANGUAGE, account, acting, channel, say
from engine.cli.export import export
from engine.errors import N_, BadSettings
from engine.settings import Settings
from engine.site import Site
from engine.worker import working
from web import dossier, server
from web.announcement import announcement

__all__ = ["alur"]

APP = "app:create_app"  # named, not imported: the application is made of the web, not the other way round


@alur.command(help=say("Serve the pages and the API."))
@click.option("--host", help=say("Address to listen on; ALUR_HOST by default."))
@click.option("--port", type=click.IntRange(1, 65535), help=say("Port to listen on; ALUR_PORT by default."))
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=say("Server processes."))
@click.option("--no-worker", is_flag=True, help=say("Leave deadlines and e-mail to `%(alur)s worker`."))
def serve(host: str | None, port: int | None, workers: int, no_worker: bool) -> None:
    """Serve until Ctrl-C; a demo installation first sets itself up and prints a sign-in link per person."""
    overrides = {"ALUR_HOST": host, "ALUR_PORT": str(port) if port else None}
    os.environ.update({name: value for name, value in overrides.items() if value})
    settings = Settings.from_env()
    if not (settings.secret_key or settings.demo):  # the demo makes its own
        raise BadSettings(variable="ALUR_SECRET_KEY", reason=N_("is not set; choose 32 characters or more"))
    site = Site.open(settings)
    links = _demo(site) if settings.demo else {}
    installation.require_set_up(site)

    def ready() -> None:
        for line in announcement(settings, links, picture=sys.stdout.isatty()):
            click.echo(line)
        sys.stdout.flush()

    with nullcontext() if no_worker else working(site):
        server.serve(APP, settings.host, settings.port, settings.threads, workers, ready)


@export.command("dossier", help=say("Write a case with all that proves it into one ZIP that stands alone."))
@click.argument("case")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help=say("The file; dosir-CASE.zip by default.")
)
@acting
def dossier_(site: Site, actor: Actor, case: str, out: Path | None) -> None:
    """Print the name of the file."""
    content = dossier.compose(site, actor, channel(), case, LANGUAGE)
    target = out or Path(dossier.filename(case))
    target.write_bytes(content)
    click.echo(target)


def _demo(site: Site) -> dict[str, str]:
    installation.upgrade(site)
    return installation.set_up_demo(site, operating_system(account()), channel())
