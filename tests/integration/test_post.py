"""What a case sends reaches other cases, once: those that wait for it, or a new one that begins with it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from engine import history
from engine.commands.cases import start_process
from engine.commands.deployments import deploy, withdraw
from engine.commands.events import broadcast_signal, deliver_message
from engine.commands.post import deliver_post
from engine.commands.schedules import begin_due
from engine.commands.user_tasks import complete_user_task
from engine.models import history as history_table
from engine.models import instances, post, schedules
from engine.replay import verify
from engine.runtime import NotExpected
from engine.site import Site
from engine.worker import Worker
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import WEB, person

ASKS = """
    start s; user u; throw t message=surat correlation=nomor; catch c message=balasan; user v; end e
    s > u > t > c > v > e
"""
ANSWERS = "start s; catch c message=surat correlation=nomor; user u; throw t message=balasan; end e; s > c > u > t > e"
BEGINS = "start s message=surat; user u; end e message=balasan; s > u > e"
WAITS_FIRST = "receive r message=surat :instantiate=true; user u; end e; r > u > e"
CALLS = "start s; throw t signal=kumpul; user u; end e; s > t > u > e"
GATHERS = "start s signal=kumpul; user u; end e; s > u > e"
LISTENS = "start s; catch c signal=kumpul; user u; end e; s > c > u > e"
MONTHLY = "start s cycle=R/P1M; start h; user u; end e; s > u; h > u; u > e"
PING = "start s message=ping; end e message=ping; s > e"


def put(site: Site, **models: str) -> None:
    for key, text in models.items():
        content = model(text).replace(b'id="p"', f'id="{key}"'.encode()).replace(b'"l_p"', f'"l_{key}"'.encode())
        deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()})


def begin(site: Site, key: str, nomor: str = "1") -> str:
    return start_process(site, person(site, "staf"), WEB, key, data={"nomor": nomor})[0]


def do(site: Site, case: str, activity: str = "u") -> None:
    complete_user_task(site, person(site, "staf"), WEB, walking.open_task(site, case, activity).id, {"k": "ya"})


def at(site: Site, case: str) -> list[str]:
    return [task.activity_id for task in walking.waiting(site, case)]


def cases(site: Site, key: str) -> list[str]:
    with site.database.read() as connection:
        query = select(instances.c.id).where(instances.c.definition_key == key).order_by(instances.c.id)
        return list(connection.execute(query).scalars())


def proven(site: Site) -> None:
    for key in ("asks", "answers", "begins", "first", "calls", "gathers", "listens", "monthly"):
        for case in cases(site, key):
            assert verify(site, OPERATOR, case).verified, key


def test_a_message_reaches_the_other_case_of_its_correlation_and_the_answer_comes_back(site: Site) -> None:
    put(site, asks=ASKS, answers=ANSWERS)
    asking, others, meant = begin(site, "asks", "7"), begin(site, "answers", "6"), begin(site, "answers", "7")
    do(site, asking)
    assert (deliver_post(site), deliver_post(site)) == (1, 0)
    assert (at(site, others), at(site, meant), at(site, asking)) == ([], ["u"], [])
    do(site, meant)
    Worker(site).turn()
    assert at(site, asking) == ["v"]
    proven(site)


def test_a_message_waits_for_who_comes_to_wait_for_it(site: Site) -> None:
    put(site, asks=ASKS, answers=ANSWERS)
    do(site, begin(site, "asks"))
    assert deliver_post(site) == 0
    late, later = begin(site, "answers"), begin(site, "answers")
    assert deliver_post(site) == 1
    assert (at(site, late), at(site, later)) == (["u"], [])
    proven(site)


def test_a_message_begins_a_case_where_none_waits_for_it(site: Site) -> None:
    put(site, asks=ASKS, begins=BEGINS)
    asking = begin(site, "asks")
    do(site, asking)
    assert deliver_post(site) == 1
    (begun,) = cases(site, "begins")
    do(site, begun)
    assert deliver_post(site) == 1
    assert at(site, asking) == ["v"]
    proven(site)


def test_what_waits_first_begins_a_case_and_gets_the_message(site: Site) -> None:
    put(site, asks=ASKS.replace(" correlation=nomor", ""), first=WAITS_FIRST)
    do(site, begin(site, "asks"))
    assert deliver_post(site) == 2
    (begun,) = cases(site, "first")
    assert at(site, begun) == ["u"]
    proven(site)


def test_a_withdrawn_version_begins_nothing(site: Site) -> None:
    put(site, asks=ASKS, begins=BEGINS)
    withdraw(site, OPERATOR, CHANNEL, "begins", 1, "diganti")
    do(site, begin(site, "asks"))
    assert deliver_post(site) == 0
    assert cases(site, "begins") == []


def test_a_signal_reaches_all_that_wait_and_begins_others_once(site: Site) -> None:
    put(site, calls=CALLS, gathers=GATHERS, listens=LISTENS)
    waiting = [begin(site, "listens"), begin(site, "listens")]
    begin(site, "calls")
    assert (deliver_post(site), deliver_post(site)) == (3, 0)
    assert [at(site, case) for case in (*waiting, *cases(site, "gathers"))] == [["u"], ["u"], ["u"]]
    late = begin(site, "listens")
    assert (deliver_post(site), at(site, late)) == (0, [])
    proven(site)


def test_what_comes_from_outside_begins_cases_too(site: Site) -> None:
    put(site, begins=BEGINS, gathers=GATHERS)
    admin = person(site, "admin")
    begun, _ = deliver_message(site, admin, WEB, "surat", None, {"isi": 1})
    assert [begun] == cases(site, "begins")
    assert broadcast_signal(site, admin, WEB, "kumpul") == cases(site, "gathers")
    with pytest.raises(NotExpected):
        deliver_message(site, admin, WEB, "lain")
    proven(site)


def test_cases_that_begin_each_other_without_end_stop(site: Site) -> None:
    put(site, ping=PING)
    begin(site, "ping")
    deliver_post(site)
    assert 40 < len(cases(site, "ping")) < 60
    with site.database.read() as connection:
        assert [row.status for row in connection.execute(select(post))] == ["failed"]


def test_a_message_that_was_not_sent_is_found_out(site: Site) -> None:
    put(site, asks=ASKS, answers=ANSWERS)
    do(site, begin(site, "asks"))
    meant = begin(site, "answers")
    deliver_post(site)
    with site.database.write() as connection:
        sender = cases(site, "asks")[0]
        entry = history.find(connection, sender, 2)
        assert entry is not None
        forged = json.loads(entry.text)
        forged["sent"] = []
        sealed = history.seal(forged)
        where = (history_table.c.instance_id == sender, history_table.c.seq == 2)
        connection.execute(update(history_table).where(*where).values(entry=sealed.text, hash=sealed.hash))
    assert not verify(site, OPERATOR, meant).verified


def test_an_sop_starts_cases_by_itself_once_for_what_was_missed(site: Site) -> None:
    moment = [datetime(2999, 1, 7, 1, 0, tzinfo=UTC)]
    office = replace(site, clock=lambda: moment[0])
    put(office, monthly=MONTHLY)
    assert begin_due(office) == 0
    moment[0] += timedelta(days=32)
    assert (begin_due(office), begin_due(office)) == (1, 0)
    moment[0] += timedelta(days=95)
    assert (begin_due(office), begin_due(office)) == (1, 0)
    withdraw(office, OPERATOR, CHANNEL, "monthly", 1, "diganti")
    moment[0] += timedelta(days=32)
    assert begin_due(office) == 0
    assert [at(office, case) for case in cases(office, "monthly")] == [["u"], ["u"]]
    proven(office)


def test_an_sop_that_starts_at_the_end_of_each_month_does_so_in_the_offices_calendar(site: Site) -> None:
    moment = [datetime(2999, 1, 15, 1, 0, tzinfo=UTC)]
    office = replace(site, clock=lambda: moment[0])
    put(office, monthly=MONTHLY.replace("R/P1M", "R/2990-01-31T07:00:00+08:00/P1M"))
    assert (begin_due(office), begin_due(office)) == (1, 0), "of all that was missed"
    days = []
    for _ in range(3):
        moment[0] = next_start(office)
        days.append(moment[0].astimezone(ZoneInfo("Asia/Makassar")).isoformat()[:16])
        assert begin_due(office) == 1
    assert days == ["2999-01-31T07:00", "2999-02-28T07:00", "2999-03-31T07:00"]


def test_an_sop_whose_day_had_drifted_comes_back_to_it(site: Site) -> None:
    moment = [datetime(2999, 1, 31, 1, 0, tzinfo=UTC)]
    office = replace(site, clock=lambda: moment[0])
    put(office, monthly=MONTHLY)
    moment[0] = datetime(2999, 3, 28, 1, 0, tzinfo=UTC)
    with office.database.write() as connection:
        connection.execute(update(schedules).values(due_at=moment[0]))
    assert begin_due(office) == 1
    assert next_start(office) == datetime(2999, 3, 31, 1, 0, tzinfo=UTC)


def next_start(site: Site) -> datetime:
    with site.database.read() as connection:
        return connection.execute(select(schedules.c.due_at)).scalar_one()
