"""Forged entries with every hash and every table made to fit: found by the pinned definition and by execution alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import acts, office, performance
from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.user_tasks import claim_user_task
from engine.queries.user_tasks import UserTask
from engine.replay import Verification, verify
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.forger import forge, forge_act_alone, forge_alone, last_act, last_entry

Change = Callable[[dict[str, Any]], object]
THERE = "re-execution comes to other %(what)s"
NOWHERE = "the case does not wait for %(activity)s there"


def verified(site: Site, case: str) -> Verification:
    return verify(site, OPERATOR, case)


def reason(result: Verification) -> tuple[int | None, str, object]:
    found = result.first_divergence
    assert result.status == "failed" and found is not None
    assert found.explain("id") != found.explain("en")
    return found.seq, found.reason, found.params.get("what")


@pytest.fixture
def checked(site: Site) -> str:
    """A case whose last entry opened the check of the report, which is separate from writing it."""
    case = walking.start(site)
    walking.walk(site, case, until="periksa_laporan")
    return case


@pytest.fixture
def documented(site: Site) -> str:
    """A case whose last entry recorded what the world answered: it issued a document."""
    case = walking.start(site)
    while not last_entry(site, case)["results"]:
        walking.complete(site, walking.waiting(site, case)[0])
    return case


def test_who_changes_nothing_is_no_forger(site: Site, checked: str) -> None:
    forge(site, checked, 1, lambda entry: None)
    assert verified(site, checked).verified


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lane", "Staf"),
        ("position", "Staf"),
        ("name", "Lain"),
        ("separate_from", []),
        ("separate_from", ["arsipkan"]),
    ],
)
def test_whose_an_opened_task_is_and_what_it_is_called_is_the_definitions(
    site: Site, checked: str, field: str, value: object
) -> None:
    last = last_entry(site, checked)["seq"]
    forge(site, checked, last, lambda entry: entry["opened"][0].update({field: value}))
    assert reason(verified(site, checked)) == (last, THERE, "opened")


@pytest.mark.parametrize(("field", "value"), [("lane", "PPK"), ("activity_name", "Lain"), ("status", "cancelled")])
def test_what_an_entry_says_of_its_step_and_of_the_case_is_compared(
    site: Site, checked: str, field: str, value: str
) -> None:
    last = last_entry(site, checked)["seq"]
    forge(site, checked, last, lambda entry: entry.update({field: value}))
    assert reason(verified(site, checked)) == (last, THERE, field)


def as_step_of(task: UserTask) -> Change:
    """Let an entry say that it was about another task than it was."""
    said = {"activity_id": task.activity_id, "activity_name": task.name, "lane": task.lane}
    return lambda entry: entry.update(said, path=task.path, user_task_id=task.id)


def test_nobody_acts_on_a_task_that_is_over(site: Site, checked: str) -> None:
    task = walking.waiting(site, checked)[0]
    claim_user_task(site, walking.person(site, BY_LANE[task.lane]), walking.WEB, task.id)
    over = next(each for each in walking.look(site, checked).user_tasks if each.status == "completed")
    last = last_entry(site, checked)["seq"]
    forge(site, checked, last, as_step_of(over))
    assert reason(verified(site, checked))[:2] == (last, NOWHERE)


def test_whoever_did_a_step_cannot_have_done_another_to_evade_separation_of_duties(site: Site, checked: str) -> None:
    last, tasks = last_entry(site, checked), walking.look(site, checked).user_tasks
    other = next(each for each in tasks if each.activity_id != last["activity_id"] and each.status == "completed")
    said = {"activity_id": other.activity_id, "activity_name": other.name, "lane": other.lane}
    forge(site, checked, last["seq"], lambda entry: entry.update(said))
    assert reason(verified(site, checked))[:2] == (last["seq"], NOWHERE)


def test_the_task_that_others_know_an_act_by_is_the_one_that_it_was_about(site: Site, checked: str) -> None:
    last = last_entry(site, checked)["seq"]
    forge(site, checked, last, lambda entry: entry.update(user_task_id=f"{checked}-lain.1"))
    assert reason(verified(site, checked)) == (last, THERE, "user_task_id")


ANSWERED = {
    "the day": ("start s; script a 'hari = today()'; user u; end e; s > a > u > e", "2026-01-01"),
    "when a reminder comes": (
        "start s; user u; boundary b on=u cycle=R9/P1D beside; task T; end f; end e; s > u > e; b > T > f",
        "2099-01-01T00:00:00+00:00",
    ),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_what_the_calendar_cannot_have_answered_is_found(
    site: Site, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """However consistently the rest of the case follows from it."""
    drawn, answer = ANSWERED[what]
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": model(drawn), "f.json": FORM.encode()})
    honest = start_process(site, walking.person(site, "staf"), walking.WEB, "p")[0]
    monkeypatch.setattr(performance, "answered", lambda *_: answer)
    case = start_process(site, walking.person(site, "staf"), walking.WEB, "p")[0]
    assert last_entry(site, case)["results"], "it asks"
    assert verified(site, honest).verified
    assert reason(verified(site, case))[:2] == (1, "it cannot be executed again: %(cause)s")


def test_an_office_that_moves_to_another_zone_leaves_what_was_answered_before(site: Site) -> None:
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": model(ANSWERED["the day"][0]), "f.json": FORM.encode()})
    evening = replace(site, clock=lambda: datetime(2999, 1, 6, 16, 30, tzinfo=UTC))  # the next day in Makassar alone
    case = start_process(evening, walking.person(site, "staf"), walking.WEB, "p")[0]
    with site.database.write() as connection:
        office.change(connection, {**office.current(connection), "zona": "Asia/Jakarta"}, "admin", site.clock())
    assert verified(site, case).verified


ADDED: dict[str, Change] = {
    "an answer of the calendar": lambda entry: entry["results"].append({"asked": ["today"], "answer": "2026-11-24"}),
    "the last one again": lambda entry: entry["results"].append(entry["results"][-1]),
}


@pytest.mark.parametrize("what", ADDED)
def test_a_recorded_result_that_nothing_uses_is_found(site: Site, documented: str, what: str) -> None:
    last = last_entry(site, documented)["seq"]
    forge(site, documented, last, ADDED[what])
    assert reason(verified(site, documented))[:2] == (last, "the entry records answers that nothing asks for")


def test_one_for_an_entry_that_runs_nothing_is_found_too(site: Site, documented: str) -> None:
    forge(site, documented, 1, lambda entry: entry["results"].append({"asked": ["today"], "answer": "2026-11-24"}))
    assert reason(verified(site, documented))[0] == 1


def test_a_recorded_result_that_is_gone_is_found(site: Site, documented: str) -> None:
    last = last_entry(site, documented)["seq"]
    forge(site, documented, last, lambda entry: entry["results"].pop())
    assert reason(verified(site, documented))[:2] == (last, "it cannot be executed again: %(cause)s")


@pytest.mark.parametrize("field", ["account", "channel", "reason"])
def test_what_leads_to_nothing_shows_in_the_documents_printed_since(site: Site, documented: str, field: str) -> None:
    """Execution does not see such a value; each document prints the hash of the history before it."""
    forge(site, documented, 1, lambda entry: entry.update({field: "lain"}))
    seq, said, _ = reason(verified(site, documented))
    assert (seq, said.startswith("%(activity)s prints another")) == (last_entry(site, documented)["seq"], True)


@pytest.mark.parametrize("field", ["account", "channel", "reason"])
def test_an_entry_in_the_middle_with_its_own_hash_alone_breaks_the_chain(site: Site, checked: str, field: str) -> None:
    """Neither execution nor a table nor the checkpoints see such a value: the next entry alone does."""
    middle = last_entry(site, checked)["seq"] - 1
    forge_alone(site, checked, middle, lambda entry: entry.update({field: "lain"}))
    assert reason(verified(site, checked))[:2] == (middle + 1, "the chain is broken")


def test_an_act_in_the_middle_with_its_own_hash_alone_breaks_the_chain(site: Site) -> None:
    middle = last_act(site) - 1
    forge_act_alone(site, middle, lambda act: act.update(reason="lain"))
    with site.database.read() as connection, pytest.raises(acts.Different) as found:
        list(acts.chain(connection))
    assert (found.value.difference.seq, found.value.difference.reason) == (middle + 1, "the chain is broken")
