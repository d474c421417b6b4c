"""A case is found by what people remember of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.queries.cases import find_cases
from engine.queries.documents import case_documents
from engine.queries.search import Search, Step
from engine.queries.statistics import statistics
from engine.queries.user_tasks import UserTask
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.walking import person


def found(site: Site, name: str = "auditor", **search: object) -> list[str]:
    return [case.id for case in find_cases(site, person(site, name), Search(**search))]  # type: ignore[arg-type]


@pytest.fixture
def cases(site: Site) -> list[str]:
    """One that the KPA's Nota Dinas came out of, and one that has just been started."""
    first = walking.start(site, "Sosialisasi di SMA 1_Pinrang")
    walking.walk(site, first, until="teruskan_nota_dinas")
    return [first, walking.start(site, "Bimtek 100% Digital")]


def test_by_words_of_its_name_taken_literally(site: Site, cases: list[str]) -> None:
    assert found(site, text="sosialisasi di sma") == found(site, text="SMA sosial") == cases[:1]
    assert found(site, text="asi") == []
    assert found(site, text="100%") == cases[1:]
    assert found(site, text="SMA_1") == []
    assert found(site, text=cases[0]) == cases[:1]
    assert found(site, text="tidak ada") == []


def test_by_the_number_of_one_of_its_letters(site: Site, cases: list[str]) -> None:
    letter = case_documents(site, OPERATOR, cases[0])[-1].number
    assert letter is not None
    assert found(site, number=letter) == found(site, text=letter) == cases[:1]
    assert found(site, text=letter.lower()[:-5]) == found(site, text=f"{letter} sosialisasi") == cases[:1]
    assert found(site, number=letter[2:], text="sosialisasi") == cases[:1]
    assert found(site, number="sosialisasi") == []
    assert found(site, number="99/XX") == []


def test_by_who_started_it_or_acted_in_it(site: Site, cases: list[str]) -> None:
    assert found(site, person="kpa") == found(site, person="aminah") == cases[:1]
    assert found(site, person="alamsyah") == cases[::-1]
    assert found(site, person="Hasnah") == []
    assert found(site, person="kp") == []


def test_by_the_days_of_the_office_on_which_it_was_started(site: Site, cases: list[str]) -> None:
    at = walking.look(site, cases[0]).instance.started_at
    today = (at + timedelta(hours=8)).date()  # WITA
    assert found(site, since=today, until=today) == cases[::-1]
    assert found(site, until=today - timedelta(days=1)) == []
    assert found(site, since=today + timedelta(days=1)) == []


def test_a_day_of_the_office_begins_at_its_own_midnight() -> None:
    since, until = Search(since=date(2026, 3, 2), until=date(2026, 3, 2)).conditions("Asia/Makassar", datetime.now(UTC))
    midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert since.right.value == midnight  # type: ignore[attr-defined]
    assert until.right.value == midnight + timedelta(days=1)  # type: ignore[attr-defined]


def test_all_that_is_asked_must_hold(site: Site, cases: list[str]) -> None:
    assert found(site, text="", person="alamsyah", status="running", key="sop-16-2022") == cases[::-1]
    assert found(site, text="bimtek", person="kpa") == []
    assert found(site, status="completed") == found(site, key="lain") == []


def test_nobody_finds_what_they_may_not_see(site: Site, cases: list[str]) -> None:
    assert found(site, "orangluar", text="sosialisasi") == []
    assert found(site, "kpa", text="di") == cases[:1]


def test_by_what_one_of_its_steps_was_like(site: Site) -> None:
    back = walking.start(site, "Kembali")
    walking.walk(site, back, until="putuskan_rencana")
    walking.complete(site, walking.waiting(site, back)[0], returning=True)
    straight = walking.start(site, "Lurus")
    walking.walk(site, straight, until="putuskan_rencana")
    assert found(site, "auditor", step=Step("putuskan_rencana", waiting=True)) == [straight]
    assert found(site, "auditor", step=Step("catat_rapat", returned=True)) == [back]
    assert found(site, "auditor", step=Step(lane="KPU Kab", returned=True, waiting=True)) == [back]
    assert found(site, "auditor", step=Step(lane="Staf")) == []
    assert found(site, "auditor", step=Step("catat_rapat"), version=1) == [straight, back]
    assert found(site, "auditor", version=2) == []


def test_a_late_step_is_found_while_it_waits_and_after_it_was_done(site: Site) -> None:
    late = Step("catat_rapat", late=True)
    case = walking.start(site)
    assert found(site, "auditor", step=late) == []
    weeks_on = site.clock() + timedelta(days=21)
    later = replace(site, clock=lambda: weeks_on)
    assert found(later, "auditor", step=late) == [case]
    walking.complete(later, walking.waiting(later, case)[0])
    assert found(site, "auditor", step=late) == [case]


def test_what_the_figures_count_is_what_the_search_finds(site: Site) -> None:
    for number, returns in enumerate((True, False, True)):
        case = walking.start(site, f"Rapat {number}")
        walking.walk(site, case, until="susun_laporan", returns=first_time(returns))
    cases = statistics(site, person(site, "auditor"), Search()).cases
    assert cases.returned == len(found(site, "auditor", step=Step(returned=True))) == 2
    assert cases.late == len(found(site, "auditor", step=Step(late=True))) == 0


def first_time(returns: bool) -> Callable[[UserTask], bool]:
    """Send the plan back once."""
    return lambda task: returns and task.path == "periksa_rencana.1"
