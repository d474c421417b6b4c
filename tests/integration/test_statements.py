"""What a version verified and signed before an upgrade stays intact when the next one comes to something else."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from engine import acts, contents, installation
from engine.backup import back_up, restore
from engine.checkpoints import Folder, make_checkpoint
from engine.checkpoints.key import SigningKey, load_key
from engine.commands.cases import retry_case
from engine.commands.comments import add_comment
from engine.errors import StateUnreadable, Unacceptable
from engine.models import acts as act_rows
from engine.models import contents as stored
from engine.models import instances
from engine.proof import Proof, own_source, prove, read_sealed
from engine.proof.stating import state
from engine.queries.user_tasks import UserTask
from engine.replay import Verification, verify
from engine.replay import statements as statements_module
from engine.replay.statements import read_statements, signed
from engine.runtime import ENGINE_VERSION, Case, Step
from engine.site import Site
from engine.versions import CARRIED, INSTALLATION
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conftest import Prepared, copied
from tests.forger import forge, last_entry
from tests.walking import WEB, person

NEXT = "99/lain"
Upgrade = Callable[[], None]


@pytest.fixture
def case(site: Site) -> str:
    """A case that is under way, in an installation with a key."""
    installation.set_up_key(site, OPERATOR, CHANNEL)
    case = walking.start(site)
    for _ in range(2):
        walking.complete(site, walking.waiting(site, case)[0])
    return case


@pytest.fixture
def upgrade(site: Site, monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """The next version comes, whose engine makes another state of a case's first task."""
    really = Case.complete

    def otherwise(self: Case, path: str, data: dict[str, Any], perform: Any, at: datetime | None = None) -> Step:
        more = {"lain": True} if path == "catat_rapat.1" else {}
        return really(self, path, {**data, **more}, perform, at)

    def upgraded() -> None:
        monkeypatch.setattr(Case, "complete", otherwise)
        monkeypatch.setitem(CARRIED, "engine", NEXT)
        site.cases.__init__(0)  # type: ignore[misc]  # it is another process
        installation.upgrade(site)

    return upgraded


def proven(site: Site) -> Proof:
    make_checkpoint(site)
    return prove(site, read_sealed(own_source(site)))


def verified(site: Site, case: str) -> Verification:
    return verify(site, OPERATOR, case)


def reason(site: Site, case: str) -> tuple[int | None, str]:
    found = verified(site, case).first_divergence
    assert found is not None and found.explain("id") != found.explain("en")
    return found.seq, found.reason


def change_statements(site: Site, change: Callable[[str], str | None]) -> None:
    """Put other texts, or none, in the place of those that the acts name, and make the acts name them."""
    with site.database.write() as connection:
        rows = connection.execute(select(act_rows).where(act_rows.c.kind == "stated")).all()
        connection.execute(delete(act_rows).where(act_rows.c.seq >= rows[0].seq))
        for row in rows:
            told = json.loads(row.entry)["after"]
            text = change(contents.read(connection, told["sha256"]).decode())
            if text is not None:
                told["sha256"] = contents.store(connection, text.encode())
                acts.record(connection, site.clock(), row.actor, CHANNEL, "stated", INSTALLATION, after=told)


def test_what_was_stated_is_intact_by_the_statement(site: Site, case: str, upgrade: Upgrade) -> None:
    assert state(site, OPERATOR, CHANNEL) == {"verified": 1}
    upgrade()
    proof = proven(site)
    assert (proof.verdict, [*proof.stated.values()], proof.partly, proof.not_compared) == ("intact", [1], 0, 0)
    assert (verified(site, case).status, verified(site, case).stated) == ("stated", *proof.stated)


def test_without_a_statement_it_is_not_proved(site: Site, case: str, upgrade: Upgrade) -> None:
    upgrade()
    proof = proven(site)
    assert (proof.verdict, proof.stated, proof.partly, proof.wrong) == ("unproved", {}, 1, [])


def test_what_comes_out_the_same_needs_no_statement(site: Site, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CARRIED, "engine", NEXT)
    assert verified(site, case) == Verification("verified", 3, 2)


def test_an_outcome_that_differs_is_stated_too(site: Site, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    assert verified(site, case).status == "failed"
    monkeypatch.undo()
    state(site, OPERATOR, CHANNEL)
    monkeypatch.setitem(CARRIED, "renderer", "99")
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    assert verified(site, case).status == "stated"


def test_what_an_older_version_left_after_its_statement_is_not_proved(
    site: Site, case: str, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(site, OPERATOR, CHANNEL)
    walking.complete(site, walking.waiting(site, case)[0])
    upgrade()
    assert verified(site, case).status == "stated", "it comes out the same"
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    found = verified(site, case)
    assert (found.status, found.not_compared, found.stated) == ("not_reproducible", 1, None)


@pytest.mark.parametrize("stated", [True, False])
def test_a_case_that_goes_on_is_executed_from_where_the_statement_ends(
    site: Site, case: str, upgrade: Upgrade, stated: bool
) -> None:
    if stated:
        state(site, OPERATOR, CHANNEL)
    upgrade()
    walking.walk(site, case)
    assert walking.look(site, case).instance.status == "completed"
    assert proven(site).verdict == ("intact" if stated else "unproved")
    forge(site, case, last_entry(site, case)["seq"], lambda entry: entry["transitions"].pop())
    assert verified(site, case).status == ("failed" if stated else "not_reproducible")


def test_a_case_that_had_ended_is_executed_from_its_end(site: Site, case: str, upgrade: Upgrade) -> None:
    """What comes then moves nothing."""
    walking.walk(site, case)
    state(site, OPERATOR, CHANNEL)
    upgrade()
    add_comment(site, person(site, "staf"), WEB, case, "Sudah diarsipkan.")
    assert (verified(site, case).status, proven(site).verdict) == ("stated", "intact")
    forge(site, case, last_entry(site, case)["seq"], lambda entry: entry.update(state_digest="0" * 64))
    assert verified(site, case).status == "failed"


def test_statements_reach_over_several_upgrades(
    site: Site, case: str, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    walking.complete(site, walking.waiting(site, case)[0])
    assert state(site, OPERATOR, CHANNEL) == {"stated": 1}
    first = verified(site, case)
    assert first.status == "stated", "by the first one still: no version vouches for what it executes itself"
    monkeypatch.setitem(CARRIED, "renderer", "99")
    second = verified(site, case)
    assert second.status == "stated" and str(second.stated) > str(first.stated)


def test_a_damaged_state_is_made_anew_from_where_the_statement_ends(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    walking.complete(site, walking.waiting(site, case)[0])
    with site.database.write() as connection:
        connection.execute(update(instances).values(state="rusak"))
    site.cases.__init__(0)  # type: ignore[misc]
    retry_case(site, person(site, "admin"), WEB, case, "Rusak.")
    assert verified(site, case).status == "stated"
    walking.walk(site, case)
    change_statements(site, lambda text: None)
    with site.database.write() as connection:
        connection.execute(update(instances).values(state="rusak", status="running", ended_at=None))
    site.cases.__init__(0)  # type: ignore[misc]
    with pytest.raises(StateUnreadable):
        retry_case(site, person(site, "admin"), WEB, case, "Rusak.")


def test_a_backup_of_before_the_upgrade_takes_its_statements_along(
    site: Site, case: str, upgrade: Upgrade, tmp_path: Path
) -> None:
    state(site, OPERATOR, CHANNEL)
    told: list[str] = []
    assert back_up(site, OPERATOR, CHANNEL, tmp_path / "a.sqlite3", lambda _, result: told.append(result.status))
    upgrade()
    assert restore(site, OPERATOR, CHANNEL, tmp_path / "a.sqlite3", lambda _, result: told.append(result.status))
    assert told == ["verified", "verified", "stated", "verified"], "the case, then the acts"
    installation.require_set_up(site)
    walking.complete(site, walking.waiting(site, case)[0])
    assert verified(site, case).status == "stated"
    last = last_entry(site, case)["seq"]
    forge(site, case, last, lambda entry: entry.update(engine=ENGINE_VERSION))
    assert reason(site, case) == (last, "the installation had a newer version by then"), "the restored one, too"


def test_a_case_that_had_ended_stands_where_its_history_says(site: Site, case: str, upgrade: Upgrade) -> None:
    """Where it does not, the state that is kept of it was changed, and nothing goes on from there."""
    walking.walk(site, case)
    state(site, OPERATOR, CHANNEL)
    upgrade()
    with site.database.write() as connection:
        kept = connection.execute(select(instances.c.state)).scalar_one().replace('"data":{', '"data":{"lain":1,')
        connection.execute(update(instances).values(state=kept))
    assert (verified(site, case).status, proven(site).verdict) == ("not_reproducible", "unproved")


# What a forger does who may write everything but has not the key.


def test_a_history_that_was_changed_since_gains_nothing(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    forge(site, case, 2, lambda entry: entry.update(reason="lain"))
    assert reason(site, case) == (3, "the entry is another one than the statement of %(at)s names")
    upgrade()
    assert reason(site, case) == (3, "the entry is another one than the statement of %(at)s names")
    assert proven(site).verdict == "tampered"


def test_what_comes_after_the_statement_is_of_no_older_version(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    walking.complete(site, walking.waiting(site, case)[0])
    last = last_entry(site, case)["seq"]

    def excused(entry: dict[str, Any]) -> None:
        entry["transitions"].pop()
        entry["engine"] = ENGINE_VERSION

    forge(site, case, last, excused)
    assert reason(site, case) == (last, "the installation had a newer version by then")


def test_a_number_that_falls_is_found_where_no_act_tells_of_the_upgrade(
    site: Site, case: str, upgrade: Upgrade
) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    with site.database.write() as connection:
        connection.execute(delete(act_rows).where(act_rows.c.kind == "upgraded"))
    for _ in range(2):
        walking.complete(site, walking.waiting(site, case)[0])
    last = last_entry(site, case)["seq"]
    forge(site, case, last, lambda entry: entry.update(engine=ENGINE_VERSION))
    assert reason(site, case) == (last, "an older version follows a newer one")


def another_key(text: str) -> str:
    """The same, signed by somebody who calls himself by his own key."""
    key = SigningKey(Ed25519PrivateKey.generate())
    said = json.loads(text.split("\n")[0])
    return signed(key, said["at"], said["cases"])


def stolen_name(text: str) -> str:
    """The same, signed by somebody who calls himself by ours."""
    line = text.split("\n")[0]
    return f"{line}\n{SigningKey(Ed25519PrivateKey.generate()).sign(line)}\n"


FORGED: dict[str, tuple[Callable[[str], str | None], str]] = {
    "signed with another key": (another_key, "the statement is signed with an unknown key"),
    "signed in our name": (stolen_name, "the signature of the statement is wrong"),
    "about something else": (
        lambda text: text.replace("verified", "stated"),
        "the signature of the statement is wrong",
    ),
    "no statement": (lambda text: "bukan", "the statement cannot be read: %(cause)s"),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_statement_that_nobody_signed_with_the_key_is_found_and_helps_nothing(
    site: Site, case: str, upgrade: Upgrade, how: str
) -> None:
    forged, said = FORGED[how]
    state(site, OPERATOR, CHANNEL)
    upgrade()
    change_statements(site, forged)
    assert verified(site, case).status == "not_reproducible"
    proof = proven(site)
    assert proof.verdict == "tampered"
    assert said in [each.difference.reason for each in proof.wrong if each.where == "acts"]


def test_another_signed_text_is_no_statement(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    key = load_key(site.settings)
    assert key is not None

    def of_another_kind(text: str) -> str:
        line = text.split("\n")[0].replace(statements_module.FORMAT, "alur-checkpoint-1")
        return f"{line}\n{key.sign(line)}\n"

    upgrade()
    change_statements(site, of_another_kind)
    assert verified(site, case).status == "not_reproducible"


def test_statements_that_were_removed_leave_nothing_proved(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    sealed = read_sealed(own_source(site))
    change_statements(site, lambda text: None)
    assert verified(site, case).status == "not_reproducible"
    assert prove(site, sealed).verdict == "tampered", "a checkpoint has sealed the act"


def test_a_text_that_was_removed_or_changed_is_found(site: Site, case: str, upgrade: Upgrade) -> None:
    state(site, OPERATOR, CHANNEL)
    upgrade()
    with site.database.write() as connection:
        text = connection.execute(select(act_rows.c.entry).where(act_rows.c.kind == "stated")).scalar_one()
        name = json.loads(text)["after"]["sha256"]
        connection.execute(update(stored).where(stored.c.sha256 == name).values(bytes=b"lain"))
    assert "the statement is missing or was changed" in [each.difference.reason for each in proven(site).wrong]
    with site.database.write() as connection:
        connection.execute(delete(stored).where(stored.c.sha256 == name))
    assert "the statement is missing or was changed" in [each.difference.reason for each in proven(site).wrong]
    assert verified(site, case).status == "not_reproducible"


def test_no_version_vouches_for_what_it_finds_changed_or_not_proved(site: Site, case: str, upgrade: Upgrade) -> None:
    with site.database.write() as connection:
        connection.exec_driver_sql("update user_tasks set name = 'lain'")
    assert state(site, OPERATOR, CHANNEL) == {"failed": 1}
    forge(site, case, 1, lambda entry: None)
    assert state(site, OPERATOR, CHANNEL) == {"verified": 1}, "it was mended"
    change_statements(site, lambda text: None)
    upgrade()
    assert state(site, OPERATOR, CHANNEL) == {"not_reproducible": 1}
    assert verified(site, case).status == "not_reproducible"


# How statements are made.


def test_what_was_signed_is_not_verified_again(site: Site, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped on its way, it goes on where it was."""
    cases = [case, *(walking.start(site, f"Rapat {n}") for n in range(3))]
    monkeypatch.setattr("engine.proof.stating.BATCH", 2)
    told: list[int] = []

    def stopped(done: int, total: int) -> None:
        told.append(total)
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        state(site, OPERATOR, CHANNEL, stopped)
    assert state(site, OPERATOR, CHANNEL, lambda done, total: told.append(total)) == {"verified": len(cases)}
    assert told == [4, 4, 2]
    walking.complete(site, walking.waiting(site, case)[0])
    state(site, OPERATOR, CHANNEL, lambda done, total: told.append(total))
    assert told[-1] == 1 and state(site, OPERATOR, CHANNEL) == {"verified": len(cases)}
    with site.database.read() as connection:
        found, wrong = read_statements(
            connection, (site.settings.var / "checkpoints/public-key.txt").read_text().split()
        )
        acts_ = connection.execute(select(act_rows.c.seq).where(act_rows.c.kind == "stated")).all()
    assert ([len(found[each]) for each in cases], wrong, len(acts_)) == ([2, 1, 1, 1], [], 3)


def test_a_case_under_way_is_stated_with_where_it_stands_and_one_that_ended_without(site: Site, case: str) -> None:
    ended = walking.start(site)
    walking.walk(site, ended)
    state(site, OPERATOR, CHANNEL)
    with site.database.read() as connection:
        found, _ = read_statements(connection, Folder.of(site.settings).public_keys())
        kept = connection.execute(select(instances.c.state).where(instances.c.id == case)).scalar()
    assert (found[case][0].state, found[ended][0].state) == (kept, None)


def test_without_the_key_nothing_is_stated(site: Site) -> None:
    with pytest.raises(Unacceptable):
        state(site, OPERATOR, CHANNEL)


STEPS = st.lists(st.sampled_from(["complete", "complete", "start", "upgrade", "carelessly"]), max_size=12)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_an_honest_installation_is_intact_if_statements_were_made_and_never_called_changed(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    with (
        copied(prepared, tmp_path_factory.mktemp("office") / "var") as site,
        pytest.MonkeyPatch.context() as patched,
    ):
        installation.set_up_key(site, OPERATOR, CHANNEL)
        walking.start(site)
        for number, step in enumerate(steps):
            open_tasks = inbox(site)
            if step == "complete" and open_tasks:
                walking.complete(site, open_tasks[number % len(open_tasks)])
            elif step == "start":
                walking.start(site)
            elif step in ("upgrade", "carelessly"):
                if step == "upgrade":
                    state(site, OPERATOR, CHANNEL)
                patched.setitem(CARRIED, "engine", f"{10 + number}/lain")
                patched.setattr(Case, "complete", seeing(number, Case.complete))
                site.cases.__init__(0)  # type: ignore[misc]
                installation.upgrade(site)
        verdict = proven(site).verdict
    assert verdict == "intact" or (verdict == "unproved" and "carelessly" in steps)


def inbox(site: Site) -> list[UserTask]:
    with site.database.read() as connection:
        cases = connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars().all()
    return [task for each in cases for task in walking.waiting(site, each)]


def seeing(number: int, really: Any) -> Any:
    """An engine that makes another state of every second task than the one before it did."""

    def complete(self: Case, path: str, data: dict[str, Any], *rest: Any) -> Any:
        return really(self, path, {**data, f"lain{number}": True} if (len(path) + number) % 2 else data, *rest)

    return complete
