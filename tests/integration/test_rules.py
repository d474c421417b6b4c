"""Entries say which rules decided them; what older ones decided is taken as it stands, what today's did is compared."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from engine import history, installation
from engine.canonical import canonical
from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.events import fire_timers
from engine.models import history as table
from engine.models import instances
from engine.replay import verify, verify_all
from engine.rules import RULES, rules_of
from engine.runtime import timers
from engine.settings import Settings
from engine.site import Site
from engine.times import Due, Reckon, next_due
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.golden.opening import opened
from tests.walking import WEB, person

REMINDED = "start s; user u; boundary b on=u cycle=R9/P1D beside; task T; end f; end e; s > u > e; b > T > f"
REMINDERS = 2
BEGUN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


def a_day_later(due: Due, passed: datetime, reckon: Reckon) -> Due | None:
    """Another reading of the same cycle than the one that the case ran by."""
    reckoned = next_due(due, passed, reckon)
    return reckoned and replace(reckoned, at=reckoned.at + timedelta(days=1))


@pytest.fixture
def reminded(site: Site) -> str:
    """A case whose reminder came twice, a day after the other."""
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": model(REMINDED), "f.json": FORM.encode()})
    moment = [BEGUN]
    moved = replace(site, clock=lambda: moment[0])
    case = start_process(moved, person(site, "staf"), WEB, "p")[0]
    for _ in range(2):
        moment[0] += timedelta(days=1, minutes=1)
        assert fire_timers(moved) == 1
    return case


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Site]:
    """What release 0.1.0 left, whose entries say nothing of rules; monthly reminders came in one of its cases."""
    with opened("0.1.0", tmp_path / "older", None):
        site = Site.open(Settings(var=tmp_path / "older"))
        installation.upgrade(site)
        yield site
        site.database.close()


def entries(site: Site, case: str) -> list[dict[str, object]]:
    with site.database.read() as connection:
        return [stored.entry for stored in history.read(connection, case)]


def decided_by(site: Site, case: str, *rules: int | None) -> None:
    """Write the case's entries as other rules would have left them, every hash computed anew."""
    head = history.GENESIS
    with site.database.write() as connection:
        for entry, number in zip(entries(site, case), rules, strict=True):
            told = {name: value for name, value in entry.items() if name not in ("hash", "rules")}
            text = canonical({**told, "prev_hash": head, **({} if number is None else {"rules": number})})
            head = history.digest(text)
            here = (table.c.instance_id == case, table.c.seq == entry["seq"])
            connection.execute(update(table).where(*here).values(entry=text, hash=head))
        connection.execute(update(instances).where(instances.c.id == case).values(head=head))


def test_every_entry_says_by_which_rules_it_was_decided(site: Site) -> None:
    case = walking.start(site)
    walking.complete(site, walking.waiting(site, case)[0])
    assert {rules_of(entry) for entry in entries(site, case)} == {RULES}


def test_an_entry_that_says_nothing_was_decided_by_the_first_rules() -> None:
    assert rules_of({}) == 0


def not_compared(site: Site) -> int:
    results = [result for _, result in verify_all(site)]
    assert {result.status for result in results} == {"verified"}
    return sum(result.not_compared for result in results)


def test_what_an_older_rule_reckoned_is_taken_as_it_stands_and_counted(
    older: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not_compared(older) == 0, "what comes out the same by today's rules is compared"
    monkeypatch.setattr(timers, "next_due", a_day_later)
    assert not_compared(older) == REMINDERS


def test_what_today_s_rule_did_not_reckon_is_a_difference(
    site: Site, reminded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "next_due", a_day_later)
    assert verify(site, OPERATOR, reminded).status == "failed"


def test_an_entry_cannot_hide_behind_an_older_rule_than_the_one_before_it(site: Site, reminded: str) -> None:
    decided_by(site, reminded, RULES, None, RULES)
    result = verify(site, OPERATOR, reminded)
    assert result.first_divergence is not None
    assert (result.first_divergence.seq, result.first_divergence.reason) == (
        2,
        "an older rule decided after a newer one",
    )
