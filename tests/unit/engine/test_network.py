"""The addresses that colleagues open."""

import pytest
from ifaddr import IP, Adapter

from engine import network
from engine.settings import Settings


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC with a cable, a virtual network of its own, and a card without a network."""
    cards = [
        Adapter("lo", "lo", [IP("127.0.0.1", 8, "lo"), IP(("::1", 0, 0), 128, "lo")]),
        Adapter("virtual", "virtual", [IP("172.17.0.1", 16, "virtual")]),
        Adapter("cable", "cable", [IP("192.168.1.20", 24, "cable"), IP(("fd00::20", 0, 0), 64, "cable")]),
        Adapter("cable", "cable", [IP(("fe80::1", 0, 3), 64, "cable")]),
        Adapter("idle", "idle", [IP("169.254.7.7", 16, "idle")]),
    ]
    monkeypatch.setattr("ifaddr.get_adapters", lambda: cards)
    monkeypatch.setattr(network, "_main", lambda: network.ip_address("192.168.1.20"))


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), []),
        (Settings(host="localhost"), []),
        (Settings(host="192.168.1.20", port=8080), ["http://192.168.1.20:8080"]),
        (Settings(host="0.0.0.0"), ["http://192.168.1.20:8000", "http://172.17.0.1:8000"]),
        (
            Settings(host="::"),
            ["http://192.168.1.20:8000", "http://172.17.0.1:8000", "http://[fd00::20]:8000"],
        ),
        (Settings(host="0.0.0.0", hosts=(".lan", "alur.kantor.lan")), ["http://alur.kantor.lan:8000"]),
        (Settings(host="::", hosts=("[fd00::20]",)), ["http://[fd00::20]:8000"]),
        (Settings(base_url="https://alur.kantor.lan/"), ["https://alur.kantor.lan"]),
    ],
)
def test_the_likeliest_address_comes_first(settings: Settings, expected: list[str]) -> None:
    assert network.addresses(settings) == expected


def test_this_machine_is_asked_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    class Offline(network.socket.socket):
        def connect(self, address: object) -> None:
            raise OSError("Network is unreachable")

    found = network.reachable("::")
    assert not [each for each in found if network.ip_address(each).is_loopback]
    monkeypatch.setattr("socket.socket", Offline)
    assert sorted(network.reachable("::")) == sorted(found)
