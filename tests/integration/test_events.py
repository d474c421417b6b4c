"""Timers, messages and signals reach the cases that wait for them, once, and leave a proof."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.commands.cases import cancel_case, resume_case, start_process, suspend_case
from engine.commands.deployments import deploy
from engine.commands.events import broadcast_signal, deliver_message, fire_timers
from engine.commands.user_tasks import complete_user_task
from engine.errors import Forbidden
from engine.history import read
from engine.models import waits
from engine.office import change, current
from engine.replay import verify
from engine.runtime import NotExpected
from engine.site import Site
from engine.worker import Worker
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import WEB, person

ADMIN = "admin"
REMINDED = """
    start s; user u; boundary b on=u cycle=R2/P1D beside; task Ingatkan; end f;
    catch m message=balasan correlation=nomor; catch t signal=buka; end e; s > u > m > t > e; b > Ingatkan > f
"""
NOW = datetime(2999, 1, 7, 1, 0, tzinfo=UTC)


class Hands:
    """A clock that goes only when it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def office(site: Site, hands: Hands) -> Iterator[Site]:
    moved = replace(site, clock=hands)
    deploy(moved, OPERATOR, CHANNEL, {"m.bpmn": model(REMINDED), "f.json": FORM.encode()})
    yield moved


def started(site: Site, nomor: str = "12") -> str:
    return start_process(site, person(site, "staf"), WEB, "p", data={"nomor": nomor})[0]


def kinds(site: Site, case: str) -> list[str]:
    with site.database.read() as connection:
        return [stored.entry["kind"] for stored in read(connection, case)]


def test_a_timer_fires_when_it_is_due_and_once(office: Site, hands: Hands) -> None:
    case = started(office)
    hands.at += timedelta(hours=23)
    assert fire_timers(office) == 0
    hands.at += timedelta(hours=2)
    assert (fire_timers(office), fire_timers(office)) == (1, 0)
    assert kinds(office, case) == ["start", "timer"]
    assert verify(office, OPERATOR, case).verified


def test_of_the_times_that_came_while_nothing_ran_one_is_made_up_for(office: Site, hands: Hands) -> None:
    case = started(office)
    hands.at += timedelta(days=9, hours=1)
    assert (fire_timers(office), fire_timers(office)) == (1, 0)
    assert armed(office, case) == NOW + timedelta(days=10)
    hands.at += timedelta(days=9)
    assert (fire_timers(office), fire_timers(office)) == (1, 0)
    assert kinds(office, case) == ["start", "timer", "timer"]
    assert verify(office, OPERATOR, case).verified


def test_a_cycle_that_began_long_ago_catches_up_at_once(office: Site, hands: Hands) -> None:
    deploy(office, OPERATOR, CHANNEL, reminding("R/2020-01-01T00:00:00+08:00/PT10S"))
    case = started(office)
    hands.at += timedelta(seconds=3)
    assert (fire_timers(office), fire_timers(office)) == (1, 0)
    assert armed(office, case) == NOW + timedelta(seconds=10)
    assert verify(office, OPERATOR, case).verified


def test_the_end_of_a_month_is_that_of_the_office_whatever_zone_it_has_later(office: Site, hands: Hands) -> None:
    deploy(office, OPERATOR, CHANNEL, reminding("R/2998-12-31T07:00:00+08:00/P1M"))
    case = started(office)
    days = []
    for _ in range(4):
        assert fire_timers(office) == 1
        due = armed(office, case)
        days.append(due.astimezone(ZoneInfo("Asia/Makassar")).isoformat()[:16])
        hands.at = due
    assert days == ["2999-01-31T07:00", "2999-02-28T07:00", "2999-03-31T07:00", "2999-04-30T07:00"]
    with office.database.write() as connection:
        change(connection, {**current(connection), "zona": "Asia/Jayapura"}, "admin", office.clock())
    assert verify(office, OPERATOR, case).verified


def reminding(cycle: str) -> dict[str, bytes]:
    return {"m.bpmn": model(REMINDED.replace("R2/P1D", cycle)), "f.json": FORM.encode()}


def armed(site: Site, case: str) -> datetime:
    """When the reminder comes next."""
    with site.database.read() as connection:
        return connection.execute(select(waits.c.due_at).where(waits.c.instance_id == case)).scalar_one()


def test_the_worker_fires_timers(office: Site, hands: Hands) -> None:
    case = started(office)
    hands.at += timedelta(days=1)
    Worker(office).turn()
    assert kinds(office, case) == ["start", "timer"]


def test_a_suspended_case_waits_and_catches_up(office: Site, hands: Hands) -> None:
    case = started(office)
    suspend_case(office, person(office, ADMIN), WEB, case, "menunggu")
    hands.at += timedelta(days=1, minutes=1)
    assert fire_timers(office) == 0
    resume_case(office, person(office, ADMIN), WEB, case, "lanjut")
    assert fire_timers(office) == 1
    assert verify(office, OPERATOR, case).verified


def test_nothing_fires_in_a_case_that_has_ended(office: Site, hands: Hands) -> None:
    case = started(office)
    cancel_case(office, person(office, ADMIN), WEB, case, "batal")
    hands.at += timedelta(days=1)
    assert fire_timers(office) == 0
    assert verify(office, OPERATOR, case).verified


def written(site: Site, case: str) -> None:
    task = walking.open_task(site, case, "u")
    complete_user_task(site, person(site, "staf"), WEB, task.id, {"k": "ya"})


def test_a_message_reaches_the_case_of_its_correlation(office: Site, hands: Hands) -> None:
    first, second = started(office, "12"), started(office, "13")
    for case in (first, second):
        written(office, case)
    admin = person(office, ADMIN)
    assert deliver_message(office, admin, WEB, "balasan", "13", {"isi": "ya"})[0] == second
    with pytest.raises(NotExpected):
        deliver_message(office, admin, WEB, "balasan", "13")
    with pytest.raises(NotExpected):
        deliver_message(office, admin, WEB, "balasan")
    with pytest.raises(Forbidden):
        deliver_message(office, person(office, "staf"), WEB, "balasan", "12")
    assert deliver_message(office, admin, WEB, "balasan", "12")[0] == first
    assert broadcast_signal(office, admin, WEB, "buka") == sorted([first, second])
    assert broadcast_signal(office, admin, WEB, "buka") == []
    for case in (first, second):
        assert walking.look(office, case).instance.status == "completed"
        assert verify(office, OPERATOR, case).verified


def test_what_the_calendar_answered_stands_in_the_history(office: Site, hands: Hands) -> None:
    text = (
        "start s; script a 'batas = workdays(today(), 3)'; user u; script b 'sisa = workdays(today(), batas)'; end e; "
    )
    deploy(office, OPERATOR, CHANNEL, {"m.bpmn": model(f"{text}s > a > u > b > e"), "f.json": FORM.encode()})
    case = started(office)
    hands.at += timedelta(days=1)
    written(office, case)
    with office.database.read() as connection:
        first, second = (stored.entry["results"] for stored in read(connection, case))
    assert first[0] == {"asked": ["today"], "answer": "2999-01-07"}
    assert first[1] == {"asked": ["workdays", "2999-01-07", 3], "answer": "2999-01-10"}
    assert [each["answer"] for each in second] == ["2999-01-08", 2]
    with office.database.write() as connection:
        data = current(connection)
        holidays = {**data["working_time"], "holidays": ["2999-01-08", "2999-01-09"]}
        change(connection, {**data, "working_time": holidays}, "admin", office.clock())
    assert verify(office, OPERATOR, case).verified
