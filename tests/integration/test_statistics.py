"""How the office does: counted and measured from cases whose every moment is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.commands.user_tasks import claim_user_task
from engine.errors import Forbidden
from engine.queries.search import Search
from engine.queries.statistics import Spread, statistics
from engine.site import Site
from tests import walking
from tests.walking import SOP, WEB, person

MONDAY = datetime(2027, 3, 22, 0, 0, tzinfo=UTC)  # 08.00 at the office, which opens half an hour earlier
ASKED = Search(key=SOP)
NOTHING = timedelta(0)


class Office:
    """A site whose clock stands where it is put."""

    def __init__(self, site: Site) -> None:
        self.now = MONDAY
        self.site = replace(site, clock=lambda: self.now)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def walk(self, *activities: str, title: str = "Rapat", returning: str = "") -> str:
        """A case whose tasks are each taken after an hour and sent after half an hour more."""
        case = walking.start(self.site, title)
        for activity in activities:
            (task,) = walking.waiting(self.site, case)
            assert task.activity_id == activity
            self.later(hours=1)
            claim_user_task(self.site, person(self.site, "kpukab"), WEB, task.id)
            self.later(minutes=30)
            walking.complete(self.site, task, returning=activity == returning)
        return case


@pytest.fixture
def office(site: Site) -> Office:
    return Office(site)


def test_waiting_ends_when_a_task_is_taken_and_working_when_it_is_sent(office: Office) -> None:
    office.walk("catat_rapat", "putuskan_rencana")
    found = statistics(office.site, person(office.site, "auditor"), ASKED)
    work = found.activities["catat_rapat"]
    assert (work.opened, work.done, work.open, work.returned) == (1, 1, 0, 0)
    assert work.waiting == Spread(timedelta(hours=1), timedelta(hours=1))
    assert work.working == Spread(timedelta(minutes=30), timedelta(minutes=30))
    assert work.norm == timedelta(hours=7.5), "the SOP gives the meeting one day"
    lane = found.lanes["KPU Kab"]
    assert (lane.done, lane.waiting.middle) == (2, timedelta(hours=1))
    assert found.lanes["KPA"].open == 1


def test_nights_and_days_off_are_no_waiting(office: Office) -> None:
    case = walking.start(office.site)
    office.later(days=1)
    walking.complete(office.site, walking.waiting(office.site, case)[0])
    work = statistics(office.site, person(office.site, "auditor"), ASKED).activities["catat_rapat"]
    assert work.waiting.middle == timedelta(hours=7.5) and work.working.middle is None


def test_what_is_over_its_deadline_is_late_finished_or_not(office: Office) -> None:
    slow = walking.start(office.site)
    office.later(days=2)
    walking.complete(office.site, walking.waiting(office.site, slow)[0])
    walking.start(office.site)
    found = statistics(office.site, person(office.site, "auditor"), ASKED)
    work = found.activities["catat_rapat"]
    assert (work.timed, work.late, work.lateness) == (2, 1, 0.5) and found.cases.late == 1
    office.later(days=9)
    assert statistics(office.site, person(office.site, "auditor"), ASKED).activities["catat_rapat"].late == 2


def test_a_step_that_the_case_came_back_to_is_counted(office: Office) -> None:
    office.walk("catat_rapat", "putuskan_rencana", "catat_rapat", returning="putuskan_rencana")
    found = statistics(office.site, person(office.site, "auditor"), ASKED)
    assert found.activities["catat_rapat"].returned == 1 and found.activities["putuskan_rencana"].returned == 1
    assert found.cases.returned == 1 and dict(found.cases.statuses) == {"running": 1}


def test_a_finished_case_took_its_working_time(office: Office) -> None:
    walking.walk(office.site, walking.start(office.site))
    office.later(days=30)
    walking.start(office.site)
    found = statistics(office.site, person(office.site, "auditor"), ASKED)
    assert dict(found.cases.statuses) == {"completed": 1, "running": 1}
    assert found.cases.duration.middle is not None and found.cases.duration.middle < timedelta(hours=1)
    assert not any(work.returned for work in found.activities.values()), "branches side by side are no returns"


def test_only_what_was_asked_for_is_counted(office: Office) -> None:
    walking.start(office.site)
    auditor = person(office.site, "auditor")

    def started(search: Search) -> int:
        return statistics(office.site, auditor, search).cases.started

    assert started(Search(key=SOP, since=date(2027, 3, 22), until=date(2027, 3, 22))) == 1
    assert started(Search(key=SOP, until=date(2027, 3, 21))) == started(Search(key="another")) == 0
    assert started(Search(key=SOP, version=1)) == 1 and started(Search(key=SOP, version=2)) == 0


def test_it_is_not_for_everybody(office: Office) -> None:
    with pytest.raises(Forbidden):
        statistics(office.site, person(office.site, "staf"), ASKED)
