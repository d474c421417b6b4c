"""Due work: what cannot be done, of whatever kind and however much of it, keeps no other from being done."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from engine import notices, outbox, worker
from engine.checkpoints import Folder, make_checkpoint
from engine.checkpoints.key import create_key
from engine.commands.cases import retry_case, start_process
from engine.commands.deployments import deploy
from engine.commands.events import fire_timers
from engine.commands.post import deliver_post
from engine.commands.schedules import begin_due
from engine.errors import StateUnreadable
from engine.history import read
from engine.identity import new_id
from engine.models import instances, mails, post, schedules, user_tasks, users
from engine.queries.notices import my_notices
from engine.queries.user_tasks import user_task
from engine.replay import verify
from engine.site import Kept, Site
from engine.worker import Worker
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import WEB, person

MANY = 150
NOW = datetime(2999, 1, 7, 1, 0, tzinfo=UTC)
NO_MOMENT = "2000-13-32"
WAITS = """
    start s; user u; boundary b on=u timer=PT1H beside; task Ingatkan; end f; end e
    boundary m on=u message=surat beside; task Catat; end g; s > u > e; b > Ingatkan > f; m > Catat > g
"""
HOURLY = "start s cycle=R/PT1H; user u; end e; s > u > e"


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
    for key, said in {"p": WAITS, "hourly": HOURLY}.items():
        content = model(said).replace(b'id="p"', f'id="{key}"'.encode()).replace(b'"l_p"', f'"l_{key}"'.encode())
        deploy(moved, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()})
    yield moved


def started(site: Site, number: int = 1) -> list[str]:
    return [start_process(site, person(site, "staf"), WEB, "p")[0] for _ in range(number)]


def another(site: Site) -> Site:
    """The installation as a process sees it that has just been started."""
    return replace(site, cases=Kept(1), resting={})


def damage(site: Site, cases: list[str], state: str) -> None:
    with site.database.write() as connection:
        connection.execute(update(instances).where(instances.c.id.in_(cases)).values(state=state))


def state(site: Site, case: str) -> str:
    with site.database.read() as connection:
        return str(connection.execute(select(instances.c.state).where(instances.c.id == case)).scalar())


def kinds(site: Site, case: str) -> list[str]:
    with site.database.read() as connection:
        return [stored.entry["kind"] for stored in read(connection, case)]


@pytest.mark.parametrize("found", ["{", "[]", "null", '{"case":{},"data":{}}', "an element that is not in the model"])
def test_a_state_that_cannot_be_read_is_an_incident_that_is_mended_from_the_history(
    office: Site, hands: Hands, found: str
) -> None:
    (case,) = started(office)
    damage(office, [case], found if "element" not in found else state(office, case).replace('"u.1"', '"x.1"'))
    hands.at += timedelta(hours=2)
    assert fire_timers(office := another(office)) == 0
    assert fire_timers(another(office)) == 0
    look = walking.look(office, case)
    assert look.instance.status == "incident"
    assert [incident["code"] for incident in look.incidents] == ["state_unreadable"]
    told = my_notices(office, person(office, "admin"), unread=True)
    assert [(notice.kind, notice.name) for notice in told] == [("incident", "p")]
    retry_case(office, person(office, "admin"), WEB, case, "diperbaiki")
    assert walking.look(office, case).instance.status == "running"
    assert fire_timers(another(office)) == 1
    assert kinds(office, case) == ["start", "restore", "timer"]
    assert verify(office, OPERATOR, case).verified


def test_whoever_opens_a_task_of_such_a_case_is_told(office: Site) -> None:
    (case,) = started(office)
    task = walking.open_task(office, case, "u")
    damage(office, [case], "{")
    with pytest.raises(StateUnreadable):
        user_task(office, person(office, "staf"), task.id)


def test_a_case_whose_history_is_damaged_too_stays_as_it_is(office: Site) -> None:
    (case,) = started(office)
    damage(office, [case], "{")
    with office.database.write() as connection:
        connection.execute(text("UPDATE history SET entry = '{}' WHERE instance_id = :case"), {"case": case})
    with pytest.raises(StateUnreadable):
        retry_case(another(office), person(office, "admin"), WEB, case, "diperbaiki")
    assert walking.look(office, case).instance.status == "incident"


def test_many_cases_that_cannot_be_read_keep_no_timer_and_no_message_from_another(office: Site, hands: Hands) -> None:
    bad = started(office, MANY)
    damage(office, bad, "{")
    hands.at += timedelta(minutes=1)
    (good,) = started(office)
    row = {"instance_id": good, "seq": 1, "kind": "message", "name": "surat", "depth": 0, "at": hands.at}
    row |= {"correlation": None, "receiver": None}
    with office.database.write() as connection:
        waiting = [{**row, "id": new_id(), "place": n, "payload": "{", "status": "new"} for n in range(MANY)]
        connection.execute(insert(post), waiting)
        addressed = [
            {**row, "id": new_id(), "place": n, "status": "addressed", "receiver": bad[n]} for n in range(MANY)
        ]
        connection.execute(insert(post), [{**each, "payload": "null"} for each in addressed])
        last = {**row, "id": new_id(), "place": MANY, "payload": "null", "status": "addressed", "receiver": good}
        connection.execute(insert(post), last)
    hands.at += timedelta(hours=2)
    office = another(office)
    assert fire_timers(office) == 1
    assert deliver_post(office) == 1
    assert kinds(office, good) == ["start", "timer", "message"]
    assert {walking.look(office, case).instance.status for case in bad} == {"incident"}


def test_what_was_refused_rests_twice_as_long_each_time(office: Site, hands: Hands) -> None:
    (case,) = started(office)
    damage(office, [case], "{")
    hands.at += timedelta(hours=2)
    office = another(office)
    for pause in (1, 2, 4):
        assert (fire_timers(office), fire_timers(office)) == (0, 0)
        ((key, (refused, until)),) = office.resting.items()
        assert until - time.monotonic() == pytest.approx(pause, abs=0.5)
        office.resting[key] = (refused, time.monotonic())


def test_many_schedules_that_cannot_begin_keep_no_other_from_it(office: Site, hands: Hands) -> None:
    hands.at += timedelta(hours=1, minutes=1)
    with office.database.write() as connection:
        row = {"activity_id": "s", "version": 1, "left": None, "due_at": NOW}
        connection.execute(insert(schedules), [{**row, "key": f"tidak-ada-{n}"} for n in range(MANY)])
        connection.execute(text("UPDATE schedules SET due_at = :at WHERE key = 'tidak-ada-0'"), {"at": NO_MOMENT})
    assert begin_due(office) == 1
    with office.database.read() as connection:
        assert connection.execute(select(instances.c.definition_key)).scalars().all() == ["hourly"]


def test_one_kind_of_work_that_fails_keeps_no_other_from_being_done(
    office: Site, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Site) -> int:
        raise ValueError("rusak")

    create_key(office.settings)
    monkeypatch.setattr(worker, "fire_timers", fails)
    hands.at += timedelta(hours=1, minutes=1)
    Worker(office).turn()
    with office.database.read() as connection:
        assert connection.execute(select(instances.c.definition_key)).scalars().all() == ["hourly"]
    assert Folder.of(office.settings).numbers() == [1]


def test_many_deadlines_that_cannot_be_told_keep_no_other_from_it(office: Site, hands: Hands) -> None:
    case = walking.start(office)
    with office.database.write() as connection:
        task = dict(connection.execute(select(user_tasks).where(user_tasks.c.instance_id == case)).one()._mapping)
        connection.execute(insert(user_tasks), [{**task, "path": f"{task['path']}{n}"} for n in range(MANY)])
        damaged = text("UPDATE user_tasks SET due_at = :at WHERE path != :path")
        connection.execute(damaged, {"at": NO_MOMENT, "path": task["path"]})
    hands.at = task["due_at"] + timedelta(days=1)
    assert notices.announce_overdue(office) == 1
    assert [notice.kind for notice in my_notices(office, person(office, "anggota"))][0] == "overdue"


@pytest.mark.parametrize("column", ["created_at", "try_at"])
def test_many_mails_that_cannot_be_read_keep_no_other_from_being_sent(office: Site, column: str) -> None:
    with office.database.write() as connection:
        connection.execute(update(users).values(email=users.c.name + "@kpu.example"))
        row = {"user": "staf", "created_at": NOW, "try_at": NOW - timedelta(days=1), "attempts": 0}
        connection.execute(insert(mails), [{**row, "id": f"rusak{n}"} for n in range(MANY)])
        connection.execute(text(f"UPDATE mails SET {column} = :at"), {"at": NO_MOMENT})
        connection.execute(insert(mails), {**row, "id": "baik", "try_at": NOW})
    claimed = []
    while mail := outbox.claim(office):
        claimed.append(mail.id)
    assert "baik" in claimed
    assert outbox.claim(office) is None


def test_a_case_whose_row_is_damaged_keeps_no_other_from_being_sealed(office: Site) -> None:
    create_key(office.settings)
    bad, good = started(office, 2)
    with office.database.write() as connection:
        connection.execute(update(instances).where(instances.c.id == bad).values(head="rusak"))
    sealed = make_checkpoint(office)
    assert sealed is not None and [case for case, *_ in sealed.cases] == [good]
    assert make_checkpoint(office) is None
