"""Separation of duties: who wrote the report does not check it, in whoever's name; and a step that nobody can do."""

import pytest
from sqlalchemy import update

from engine.access import Capacity
from engine.commands.people import NewUser, add_user
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task, save_draft
from engine.errors import Separated
from engine.models import memberships, users
from engine.queries.cases import case_history
from engine.queries.people import eligible
from engine.queries.substitutes import delegates
from engine.queries.user_tasks import UserTask, user_task
from engine.replay import verify
from engine.site import Site
from engine.tour import example
from tests import walking
from tests.cast import OPERATOR
from tests.walking import WEB, person


def send(site: Site, name: str, task: UserTask) -> None:
    who = person(site, name)
    complete_user_task(site, who, WEB, task.id, example(site, who, user_task(site, OPERATOR, task.id)))


def appoint(site: Site, absent: str, substitute: str) -> None:
    add_substitute(site, person(site, "admin"), WEB, NewSubstitution(absent, substitute, "plh", "SPT 12/2026"))


def hire_second_kasubag(site: Site) -> None:
    add_user(site, OPERATOR, WEB, NewUser("kasubagdua", "Suriani", lanes=["Kasubag"], positions=["Kasubag"]))


def reason(site: Site, task: UserTask) -> str | None:
    """Why nobody can do the task, as the task and its case tell it."""
    found = user_task(site, OPERATOR, task.id).unstaffed
    assert walking.look(site, task.process_instance_id).unstaffed.get(task.id) == found
    return found and found.code


@pytest.fixture
def report(site: Site) -> UserTask:
    """The report that Staf is to write."""
    case = walking.start(site)
    walking.walk(site, case, until="susun_laporan")
    return walking.open_task(site, case, "susun_laporan")


@pytest.fixture
def check(site: Site, report: UserTask) -> UserTask:
    """The check of a report that Kasubag wrote as Plh. of Staf."""
    appoint(site, "staf", "kasubag")
    send(site, "kasubag", report)
    return walking.open_task(site, report.process_instance_id, "periksa_laporan")


def test_who_wrote_it_in_whoevers_name_neither_takes_nor_keeps_nor_sends_the_check(site: Site, check: UserTask) -> None:
    with pytest.raises(Separated) as refused:
        send(site, "kasubag", check)
    assert refused.value.params == {"who": "kasubag", "activity": "Evaluasi Kegiatan dan Pembuatan Laporan"}
    with pytest.raises(Separated):
        claim_user_task(site, person(site, "kasubag"), WEB, check.id)
    with pytest.raises(Separated):
        save_draft(site, person(site, "kasubag"), check.id, {})
    assert eligible(site, check) == []


def test_in_whose_name_it_was_written_does_not_check_it_either(site: Site, check: UserTask) -> None:
    appoint(site, "kasubag", "staf")
    with pytest.raises(Separated):
        send(site, "staf", check)


def test_nor_does_anybody_in_the_name_of_who_wrote_it(site: Site, check: UserTask) -> None:
    appoint(site, "kasubag", "ppk")
    with pytest.raises(Separated):
        send(site, "ppk", check)


def test_somebody_else_may(site: Site, check: UserTask) -> None:
    hire_second_kasubag(site)
    send(site, "kasubagdua", check)
    entry = case_history(site, OPERATOR, check.process_instance_id)[-1]
    assert (entry["actor"], entry["on_behalf_of"], entry["allowed"]) == ("kasubagdua", None, ["kasubagdua"])
    assert verify(site, OPERATOR, check.process_instance_id).verified


def test_nor_is_it_delegated_to_who_wrote_it(site: Site, report: UserTask) -> None:
    send(site, "staf", report)
    check = walking.open_task(site, report.process_instance_id, "periksa_laporan")
    with pytest.raises(Separated):
        delegate_user_task(site, person(site, "kasubag"), WEB, check.id, "staf", "tolong periksa")
    offered = delegates(site, person(site, "kasubag"), check.id)
    assert "ppk" in offered and "staf" not in offered


def test_the_latest_writing_counts(site: Site, check: UserTask) -> None:
    hire_second_kasubag(site)
    who = person(site, "kasubagdua")
    complete_user_task(site, who, WEB, check.id, walking.example(site, check, returning=True))
    send(site, "staf", walking.open_task(site, check.process_instance_id, "susun_laporan"))
    again = walking.open_task(site, check.process_instance_id, "periksa_laporan")
    send(site, "kasubag", again)
    assert verify(site, OPERATOR, check.process_instance_id).verified


def test_a_step_that_separation_leaves_to_nobody_is_warned_of(site: Site, check: UserTask) -> None:
    assert reason(site, check) == "separated"
    hire_second_kasubag(site)
    assert reason(site, check) is None


def test_a_step_whose_people_are_all_absent_is_warned_of(site: Site, report: UserTask) -> None:
    assert reason(site, report) is None
    appoint(site, "staf", "ppk")
    assert reason(site, report) is None
    appoint(site, "ppk", "kpa")
    assert reason(site, report) == "absent"


def test_a_step_for_a_role_without_people_is_warned_of(site: Site, report: UserTask) -> None:
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "staf").values(active=False))
    assert reason(site, report) == "vacant"
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    decision = walking.open_task(site, case, "putuskan_rencana")
    with site.database.write() as connection:
        ketua = memberships.c.kind == "position", memberships.c.value == "Ketua"
        connection.execute(update(memberships).where(*ketua).values(valid_to=site.clock()))
    assert reason(site, decision) == "vacant_position"


def test_whoever_left_acts_no_more_but_their_substitute_does(site: Site, report: UserTask) -> None:
    appoint(site, "staf", "ppk")
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "staf").values(active=False))
    assert eligible(site, report) == ["Hasnah Latief"]
    send(site, "ppk", report)


def test_verification_finds_a_separation_that_was_not_kept(
    site: Site, check: UserTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.queries.user_tasks.barred", lambda *_: {})
    send(site, "kasubag", check)
    difference = verify(site, OPERATOR, check.process_instance_id).first_divergence
    assert difference is not None
    assert difference.reason == "separation of duties from %(activity)s was not kept"


def test_verification_finds_a_delegation_that_nobody_gave(
    site: Site, report: UserTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = Capacity("delegation", "staf", "Staf")
    monkeypatch.setattr("engine.queries.user_tasks.visible", lambda _: True)
    monkeypatch.setattr("engine.commands.user_tasks.require_task", lambda *_: invented)
    send(site, "ppk", report)
    difference = verify(site, OPERATOR, report.process_instance_id).first_divergence
    assert difference is not None
    assert difference.reason == "nobody delegated this task to %(actor)s"
