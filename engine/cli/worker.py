"""`alur worker`."""

import signal
from threading import Event

import click

from engine.checkpoints import seal
from engine.cli.base import alur, on_site, say
from engine.site import Site
from engine.worker import Worker


@alur.command(help=say("Watch deadlines and send e-mail until Ctrl-C; any number may run at once."))
@on_site
def worker(site: Site) -> None:
    """What `alur serve` also does, unless it runs with --no-worker."""
    stop = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    click.echo(say("The worker is at work  (Ctrl-C ends it)"))
    Worker(site).run(stop)
    seal(site)
