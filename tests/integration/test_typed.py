"""What was typed when a session had ended waits for its secret: once, for an hour, and never much of it."""

from dataclasses import replace
from datetime import timedelta

from engine.commands import typed
from engine.commands.typed import keep_typed, take_typed
from engine.site import Site

FIELDS = [("tempat", "Aula <dua>"), ("peserta", "A"), ("peserta", "B")]


def test_it_is_fetched_once_with_its_secret(site: Site) -> None:
    secret = keep_typed(site, "/tugas/x", FIELDS)
    assert secret is not None
    assert take_typed(site, secret + "x") is None
    kept = take_typed(site, secret)
    assert kept is not None
    assert (kept.path, list(kept.fields)) == ("/tugas/x", FIELDS)
    assert take_typed(site, secret) is None


def test_after_an_hour_it_is_gone(site: Site) -> None:
    secret = keep_typed(site, "/tugas/x", FIELDS)
    assert secret is not None
    later = replace(site, clock=lambda: site.clock() + timedelta(minutes=61))
    assert take_typed(later, secret) is None


def test_there_is_room_for_little(site: Site) -> None:
    assert keep_typed(site, "/tugas/x", [("tempat", "a" * typed.LONGEST)]) is None
    assert all(keep_typed(site, "/tugas/x", FIELDS) for _ in range(typed.MOST))
    assert keep_typed(site, "/tugas/x", FIELDS) is None
