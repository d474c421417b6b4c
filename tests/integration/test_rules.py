"""Entries say which rules decided them; what older ones decided is taken as it stands, what today's did is compared."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from engine import history, installation
from engine.commands import deployments
from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.events import fire_timers
from engine.commands.user_tasks import claim_user_task
from engine.errors import DatabaseNew, DatabaseOld, NotRunnable
from engine.models import acts, instances
from engine.queries.acts import find_acts
from engine.replay import verify, verify_all
from engine.rules import RULES, rules_of
from engine.runtime import ENGINE_VERSION, timers
from engine.settings import Settings
from engine.site import Site
from engine.times import Due, Reckon, next_due
from engine.versions import CARRIED, today, versions_of
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.forger import Change, forge, last_entry
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


def written_by(site: Site, case: str, *versions: dict[str, object]) -> None:
    """Write the versions into the case's entries, each its own, or with one all the same; every hash is made anew."""
    told = iter(versions if len(versions) > 1 else versions * len(entries(site, case)))
    forge(site, case, None, lambda entry: entry.update(next(told)))


def never_upgraded(site: Site) -> None:
    """An installation that knows nothing of its versions, as 0.1.0 left it."""
    with site.database.write() as connection:
        connection.execute(delete(acts).where(acts.c.kind == "upgraded"))


def reason(site: Site, case: str) -> tuple[int | None, str]:
    found = verify(site, OPERATOR, case).first_divergence
    assert found is not None
    return found.seq, found.reason


def test_every_entry_says_by_which_versions_it_came_about(site: Site) -> None:
    case = walking.start(site)
    walking.complete(site, walking.waiting(site, case)[0])
    assert {versions_of(entry) for entry in entries(site, case)} == {today()}


def test_an_entry_that_says_nothing_was_decided_by_the_first_rules() -> None:
    assert rules_of({}) == 0


def test_what_an_older_rule_reckoned_is_taken_as_it_stands_and_counted(
    older: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {result.status for _, result in verify_all(older)} == {"verified"}, "what comes out the same is compared"
    monkeypatch.setattr(timers, "next_due", a_day_later)
    found = [result for _, result in verify_all(older) if not result.verified]
    assert [(each.status, each.not_compared) for each in found] == [("not_reproducible", REMINDERS)]


def test_what_today_s_rule_did_not_reckon_is_a_difference(
    site: Site, reminded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "next_due", a_day_later)
    assert verify(site, OPERATOR, reminded).status == "failed"


OLDER: list[dict[str, object]] = [{"rules": RULES - 1}, {"engine": "1/lain"}, {"renderer": "1"}]
BOTH = pytest.mark.parametrize("older_number", OLDER, ids=lambda told: next(iter(told)))


@BOTH
def test_an_entry_cannot_hide_behind_an_older_version_than_the_one_before_it(
    site: Site, reminded: str, older_number: dict[str, object]
) -> None:
    never_upgraded(site)
    written_by(site, reminded, {}, older_number, {})
    assert reason(site, reminded) == (2, "an older version follows a newer one")


@BOTH
def test_no_entry_is_of_an_older_version_than_the_installation_had(
    site: Site, reminded: str, older_number: dict[str, object]
) -> None:
    """Else whoever moves a timer of a case that is not sealed yet writes an older number into all of it."""
    written_by(site, reminded, older_number)
    assert reason(site, reminded) == (1, "the installation had a newer version by then")


@BOTH
def test_what_an_older_version_left_is_executed_all_the_same(
    site: Site, reminded: str, older_number: dict[str, object]
) -> None:
    never_upgraded(site)
    written_by(site, reminded, {**older_number, "rules": RULES})
    assert verify(site, OPERATOR, reminded).verified


def test_an_upgrade_is_an_act_and_leaves_what_was_before_it_older(
    site: Site, reminded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the clock of the PC went meanwhile."""
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    with pytest.raises(DatabaseOld):
        installation.require_set_up(site)
    installation.upgrade(replace(site, clock=lambda: BEGUN))
    installation.upgrade(site)
    installation.require_set_up(site)
    act = find_acts(site, OPERATOR, before=10**6, limit=2)
    assert [each["kind"] for each in act] == ["upgraded", "deployed"]
    assert act[0]["after"] == CARRIED and str(act[0]["before"]["engine"]) == ENGINE_VERSION.partition("/")[0]
    assert verify(site, OPERATOR, reminded).verified
    monkeypatch.undo()
    with pytest.raises(DatabaseNew):
        installation.require_set_up(site)


CHANGED: dict[str, Change] = {
    "a transition": lambda entry: entry["transitions"].pop(),
    "a path": lambda entry: entry["opened"][0].update(path="lain.1"),
    "a document": lambda entry: entry["documents"][0].update(filename="lain.docx"),
    "an answer": lambda entry: entry["results"].append({"asked": ["today"], "answer": "2026-11-24"}),
}


@pytest.mark.parametrize("what", CHANGED)
def test_an_outcome_that_an_older_version_came_to_is_not_compared(
    site: Site, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = walking.start(site)
    while not last_entry(site, case)["documents"]:
        walking.complete(site, walking.waiting(site, case)[0])
    last = last_entry(site, case)["seq"]
    forge(site, case, last, CHANGED[what])
    assert reason(site, case)[0] == last
    monkeypatch.setitem(CARRIED, "renderer", "99")
    result = verify(site, OPERATOR, case)
    assert (result.status, result.not_compared) == ("not_reproducible", 1), result


def test_where_an_older_version_came_to_another_state_the_rest_cannot_be_executed(
    site: Site, reminded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge(site, reminded, 2, lambda entry: entry.update(state_digest="0" * 64))
    assert reason(site, reminded) == (2, "re-execution comes to other %(what)s")
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    claim_user_task(site, person(site, "staf"), WEB, walking.waiting(site, reminded)[0].id)
    assert verify(site, OPERATOR, reminded).status == "not_reproducible"


LAWS: dict[str, Change] = {
    "another definition": lambda entry: entry.update(definition_digest="0" * 64),
    "another case": lambda entry: entry["results"][0]["world"].update(case="lain"),
    "another signatory": lambda entry: entry["documents"][0]["signed_by"].append({"langkah": "lain"}),
}


@pytest.mark.parametrize("what", LAWS)
def test_what_holds_whatever_the_versions_is_compared_in_older_entries_too(
    site: Site, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = walking.start(site)
    while not last_entry(site, case)["documents"]:
        walking.complete(site, walking.waiting(site, case)[0])
    monkeypatch.setitem(CARRIED, "renderer", "99")
    assert verify(site, OPERATOR, case).verified
    forge(site, case, last_entry(site, case)["seq"], LAWS[what])
    assert verify(site, OPERATOR, case).status == "failed"


def test_the_state_kept_of_an_older_case_is_compared_too(
    site: Site, reminded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version may have written the same otherwise, in another order; it cannot have kept another state."""
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    for change, status in ((" ", "verified"), ('"lain":1,', "not_reproducible"), ("", "not_reproducible")):
        with site.database.write() as connection:
            before = connection.execute(select(instances.c.state).where(instances.c.id == reminded)).scalar_one()
            kept = before.replace('"ordinals":{', '"ordinals":{' + change) if change else "bukan JSON"
            connection.execute(update(instances).where(instances.c.id == reminded).values(state=kept))
        assert verify(site, OPERATOR, reminded).status == status, change


def test_an_upgrade_that_could_not_run_an_open_case_names_its_version_and_changes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older checker had let through: a sub-process whose beginning nobody knows."""
    monkeypatch.setattr(deployments, "check", lambda *_: [])
    content = model("start s; sub P { xor r; user u; r > u > r }; end e; s > P > e")
    (lost,) = deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()}).definitions
    walking.start(site)
    with site.database.write() as connection:
        connection.execute(update(instances).values(definition_digest=lost.digest, ended_at=None))
        connection.execute(delete(acts).where(acts.c.kind == "upgraded"))
    with pytest.raises(NotRunnable, match=r"p \(p, v1\)"):
        installation.upgrade(site)
    assert find_acts(site, OPERATOR, kind="upgraded") == []
    with site.database.write() as connection:
        connection.execute(update(instances).values(ended_at=site.clock()))
    installation.upgrade(site)
