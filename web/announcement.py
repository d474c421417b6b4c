"""What `alur serve` prints once it answers: where it is, and what colleagues open."""

from collections.abc import Iterator, Mapping

from engine import network
from engine.cli.base import say
from engine.settings import Settings
from web import qr


def announcement(settings: Settings, links: Mapping[str, str], picture: bool) -> Iterator[str]:
    """The lines to print: the demo's sign-in links by name, or the colleagues' addresses, with a QR `picture`."""
    everywhere = settings.host in network.EVERYWHERE
    here = network.locator("127.0.0.1" if everywhere else settings.host, settings.port)
    yield say("Alur is at %(address)s  (Ctrl-C ends it)", address=here)
    for name, link in links.items():
        yield f"  {name:<10} {here}/masuk/{link}"
    found = network.addresses(settings)
    if found:
        yield say("Colleagues open:")
        yield from (f"  {address}" for address in found)
        if picture:
            yield qr.terminal(found[0])
    elif everywhere:
        yield say("This PC is on no network: colleagues cannot reach it.")
