"""Where colleagues reach this server: found by asking this machine about itself, without sending a packet."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from engine.settings import Settings

EVERYWHERE = ("0.0.0.0", "::")
# Reserved for documentation: asking which way a packet there would leave tells the machine's main address.
AWAY = ("203.0.113.1", 9)

Address = IPv4Address | IPv6Address


def addresses(settings: Settings) -> list[str]:
    """What colleagues open, the likeliest first; none when only this machine can reach the server."""
    if settings.base_url:
        return [settings.address]
    if settings.loopback:
        return []
    named = [host for host in settings.hosts if not host.startswith(".")]
    hosts = named or (reachable(settings.host) if settings.host in EVERYWHERE else [settings.host])
    return [locator(host, settings.port) for host in hosts]


def address(settings: Settings) -> str:
    """What links in e-mail begin with: the address that colleagues open, else this machine's own."""
    return next(iter(addresses(settings)), settings.address)


def reachable(host: str) -> list[str]:
    """This machine's addresses on its networks, for a server that listens on all of them: IPv4 first."""
    from ifaddr import get_adapters  # slow to import, and most servers never ask

    ips = [each.ip for card in get_adapters() for each in card.ips]
    found = {ip_address(ip[0] if isinstance(ip, tuple) else ip) for ip in ips}
    main = _main()
    usable = [each for each in found if _usable(each) and (each.version == 4 or host == "::")]
    return [str(each) for each in sorted(usable, key=lambda each: (each.version, each != main, int(each)))]


def locator(host: str, port: int) -> str:
    """The address of a server in a browser; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}" if ":" in host and not host.startswith("[") else f"http://{host}:{port}"


def _usable(address: Address) -> bool:
    return not (address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified)


def _main() -> Address | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as away:  # connecting it only chooses the way
        try:
            away.connect(AWAY)
        except OSError:
            return None
        return ip_address(away.getsockname()[0])
