"""Forged entries with every hash and every table made to fit: found by the pinned definition and by execution alone."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import acts
from engine.replay import Verification, verify
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.forger import forge, forge_act_alone, forge_alone, last_act, last_entry

Change = Callable[[dict[str, Any]], object]
THERE = "re-execution comes to other %(what)s"


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
