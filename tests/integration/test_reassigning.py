"""An administrator gives a held task to somebody else who may do it, or back to its role."""

import pytest
from sqlalchemy import update

from engine import history
from engine.commands.cases import suspend_case
from engine.commands.reassignments import reassign_user_task
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task, save_draft
from engine.errors import (
    AlurError,
    CannotReceive,
    CaseSuspended,
    Forbidden,
    NotFound,
    TaskClaimed,
    TaskDone,
    TaskFree,
    Unacceptable,
)
from engine.models import history as rows
from engine.models import instances
from engine.queries.cases import case_history
from engine.queries.notices import my_notices
from engine.queries.people import candidates
from engine.queries.user_tasks import UserTask, user_task
from engine.replay import verify
from engine.site import Site
from engine.tour import example
from tests import walking
from tests.cast import CHANNEL, NAMES, OPERATOR
from tests.walking import WEB, person

REASON = "Ketua sakit sampai pekan depan"


@pytest.fixture
def task(site: Site) -> UserTask:
    """The first task, which either of the lane KPU Kab may do; the Ketua holds it."""
    found = walking.open_task(site, walking.start(site), "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, found.id)
    return found


def give(site: Site, task: UserTask, to: str | None, by: str = "admin", reason: str = REASON) -> None:
    reassign_user_task(site, person(site, by), WEB, task.id, to, reason)


def now(site: Site, task: UserTask) -> UserTask:
    return user_task(site, OPERATOR, task.id).task


def send(site: Site, name: str, task: UserTask) -> None:
    who = person(site, name)
    complete_user_task(site, who, WEB, task.id, example(site, who, user_task(site, who, task.id)))


def told(site: Site, name: str) -> list[str]:
    return [notice.kind for notice in my_notices(site, person(site, name), unread=True)]


def test_who_gets_a_task_holds_it_and_the_history_says_from_whom_and_why(site: Site, task: UserTask) -> None:
    give(site, task, "anggota")
    assert (now(site, task).status, now(site, task).claimed_by) == ("claimed", "anggota")
    entry = case_history(site, OPERATOR, task.process_instance_id)[-1]
    assert (entry["kind"], entry["actor"], entry["reason"]) == ("reassign", "admin", REASON)
    assert (entry["taken_from"], entry["reassigned_to"], entry["allowed"]) == (
        "kpukab",
        "anggota",
        ["anggota", "kpukab"],
    )
    with pytest.raises(TaskClaimed):
        claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    send(site, "anggota", task)
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_given_back_to_its_role_it_is_free_for_everybody_of_the_role(site: Site, task: UserTask) -> None:
    give(site, task, None)
    assert (now(site, task).status, now(site, task).claimed_by) == ("ready", None)
    claim_user_task(site, person(site, "anggota"), WEB, task.id)
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_a_delegation_is_over_with_it(site: Site, task: UserTask) -> None:
    delegate_user_task(site, person(site, "kpukab"), WEB, task.id, "staf", "tolong catat")
    give(site, task, None)
    assert now(site, task).holder is None
    with pytest.raises(AlurError):
        complete_user_task(site, person(site, "staf"), WEB, task.id, {})
    give(site, task, "kpukab")
    delegate_user_task(site, person(site, "kpukab"), WEB, task.id, "staf", "tolong catat")
    claim_user_task(site, person(site, "staf"), WEB, task.id)
    give(site, task, "anggota")
    assert case_history(site, OPERATOR, task.process_instance_id)[-1]["taken_from"] == "staf"
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_only_administrators_do_it_and_an_outsider_sees_nothing(site: Site, task: UserTask) -> None:
    for name in set(NAMES) - {"admin"}:
        sees = name in ("kpukab", "anggota", "auditor")
        with pytest.raises(Forbidden if sees else NotFound):
            give(site, task, "anggota", by=name)
    assert now(site, task).claimed_by == "kpukab"


def test_it_goes_to_exactly_those_who_may_do_it(site: Site, task: UserTask) -> None:
    """What the page offers is what the command takes."""
    add_substitute(site, OPERATOR, CHANNEL, NewSubstitution("kpukab", "ppk", "plh", "SPT 12/2026"))
    offered = candidates(site, now(site, task).post)
    assert set(offered) == {"kpukab", "anggota", "ppk"}
    for name in (*NAMES, "tidak-ada"):
        if name == now(site, task).claimed_by:
            continue
        if name in offered:
            give(site, task, name)
        else:
            with pytest.raises(CannotReceive):
                give(site, task, name)
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_separation_of_duties_keeps_a_task_from_who_did_the_other_step(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="periksa_laporan")
    task = walking.open_task(site, case, "periksa_laporan")
    assert task.barred
    for name in task.barred:
        with pytest.raises(CannotReceive):
            give(site, task, name)


@pytest.mark.parametrize(("to", "refusal"), [("kpukab", TaskClaimed), ("orangluar", CannotReceive)])
def test_what_changes_nothing_or_goes_to_nobody_is_refused(
    site: Site, task: UserTask, to: str, refusal: type[AlurError]
) -> None:
    with pytest.raises(refusal):
        give(site, task, to)
    assert now(site, task).revision == 2


def test_what_nobody_holds_cannot_be_given_back(site: Site, task: UserTask) -> None:
    give(site, task, None)
    with pytest.raises(TaskFree):
        give(site, task, None)


def test_a_reason_is_needed(site: Site, task: UserTask) -> None:
    with pytest.raises(Unacceptable):
        give(site, task, "anggota", reason=" ")


def test_what_is_done_or_rests_stays_as_it_is(site: Site, task: UserTask) -> None:
    suspend_case(site, OPERATOR, WEB, task.process_instance_id, "menunggu")
    with pytest.raises(CaseSuspended):
        give(site, task, "anggota")


def test_a_task_that_is_done_is_not_given_to_anybody(site: Site, task: UserTask) -> None:
    walking.complete(site, now(site, task))
    with pytest.raises(TaskDone):
        give(site, task, "anggota")


def test_who_loses_it_and_who_gets_it_are_told(site: Site, task: UserTask) -> None:
    give(site, task, "anggota")
    assert (told(site, "kpukab"), told(site, "anggota")[0]) == (["taken_away"], "reassigned")
    assert told(site, "admin") == told(site, "staf") == []
    give(site, task, None)
    assert (told(site, "anggota")[0], told(site, "kpukab")[0]) == ("taken_away", "reassigned")


def test_what_the_holder_typed_stays_theirs(site: Site, task: UserTask) -> None:
    save_draft(site, person(site, "kpukab"), task.id, {"tempat": "Aula"})
    give(site, task, "anggota")
    assert user_task(site, person(site, "kpukab"), task.id).draft == {"tempat": "Aula"}
    send(site, "anggota", task)
    assert user_task(site, person(site, "kpukab"), task.id).draft == {"tempat": "Aula"}


FORGED = {"taken_from": "anggota", "reassigned_to": "staf"}


@pytest.mark.parametrize("member", FORGED)
def test_a_history_that_names_another_is_found(site: Site, task: UserTask, member: str) -> None:
    """Also when whoever forges the last entry makes its hash and the tables fit."""
    give(site, task, "anggota")
    last = case_history(site, OPERATOR, task.process_instance_id)[-1]
    sealed = history.seal({**{name: value for name, value in last.items() if name != "hash"}, member: FORGED[member]})
    with site.database.write() as connection:
        stored = rows.c.instance_id == task.process_instance_id, rows.c.seq == last["seq"]
        connection.execute(update(rows).where(*stored).values(entry=sealed.text, hash=sealed.hash))
        connection.execute(update(instances).values(head=sealed.hash))
    found = verify(site, OPERATOR, task.process_instance_id).first_divergence
    assert found
    assert found.seq == last["seq"]
