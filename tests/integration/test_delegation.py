"""One task is given to one more person, who acts in the name of whose it is."""

import pytest

from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task
from engine.errors import DelegatedOnce, NotFound, TaskClaimed, Unacceptable
from engine.queries.cases import case_history
from engine.queries.documents import case_documents
from engine.queries.substitutes import delegates
from engine.queries.user_tasks import UserTask, inbox, user_task
from engine.replay import verify
from engine.site import Site
from engine.tour import example
from tests import walking
from tests.cast import OPERATOR
from tests.walking import WEB, person

NOTE = "Mohon ditandatangani, saya dinas luar."


@pytest.fixture
def task(site: Site) -> UserTask:
    """The KPA's task, which Kasubag neither sees nor may do."""
    case = walking.start(site)
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    return walking.open_task(site, case, "tindak_lanjut_alokasi")


def give(site: Site, task: UserTask, to: str | None = "kasubag", by: str = "kpa", note: str = NOTE) -> None:
    delegate_user_task(site, person(site, by), WEB, task.id, to, note)


def send(site: Site, name: str, task: UserTask) -> None:
    who = person(site, name)
    complete_user_task(site, who, WEB, task.id, example(site, who, user_task(site, OPERATOR, task.id)))


def test_whom_it_is_delegated_to_does_it_in_the_name_of_whose_it_is(site: Site, task: UserTask) -> None:
    with pytest.raises(NotFound):
        send(site, "kasubag", task)
    give(site, task)
    (given,) = inbox(site, person(site, "kasubag"), mine=True)
    assert (given.id, given.delegated_by, given.delegation_note) == (task.id, "kpa", NOTE)
    send(site, "kasubag", task)
    entry = case_history(site, OPERATOR, task.process_instance_id)[-1]
    assert (entry["actor"], entry["on_behalf_of"], entry["allowed"]) == ("kasubag", "kpa", ["kasubag", "kpa"])
    (signer,) = next(
        d for d in case_documents(site, OPERATOR, task.process_instance_id) if d.type == "nota_dinas"
    ).signed_by
    assert (signer["garis_kewenangan"], signer["jabatan"], signer["nama"]) == ("a.n.", "Sekretaris", "Muhammad Yusuf")
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_the_history_holds_who_gave_it_to_whom_and_why(site: Site, task: UserTask) -> None:
    give(site, task)
    entry = case_history(site, OPERATOR, task.process_instance_id)[-1]
    assert (entry["kind"], entry["actor"], entry["delegated_to"], entry["reason"]) == (
        "delegate",
        "kpa",
        "kasubag",
        NOTE,
    )


def test_whose_it_is_can_still_do_it(site: Site, task: UserTask) -> None:
    give(site, task)
    send(site, "kpa", task)
    assert case_history(site, OPERATOR, task.process_instance_id)[-1]["on_behalf_of"] is None


def test_a_delegation_can_be_taken_back_and_given_to_another(site: Site, task: UserTask) -> None:
    give(site, task)
    give(site, task, to="staf")
    with pytest.raises(NotFound):
        send(site, "kasubag", task)
    give(site, task, to=None)
    with pytest.raises(NotFound):
        send(site, "staf", task)
    assert user_task(site, OPERATOR, task.id).task.delegated_by is None
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_a_delegated_task_is_not_delegated_on(site: Site, task: UserTask) -> None:
    give(site, task)
    with pytest.raises(DelegatedOnce):
        give(site, task, to="staf", by="kasubag")
    assert delegates(site, person(site, "kasubag"), task.id) == {}


def test_a_held_task_is_delegated_by_its_holder_alone(site: Site) -> None:
    case = walking.start(site)
    task = walking.open_task(site, case, "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    with pytest.raises(TaskClaimed):
        give(site, task, to="staf", by="anggota")
    give(site, task, to="staf", by="kpukab")
    assert user_task(site, OPERATOR, task.id).task.status == "ready"


@pytest.mark.parametrize("to", ["kpa", "auditor", "orangluar", "tidak-ada"])
def test_it_goes_to_somebody_else_who_works_in_a_lane(site: Site, task: UserTask, to: str) -> None:
    with pytest.raises(Unacceptable):
        give(site, task, to=to)
    assert to not in delegates(site, person(site, "kpa"), task.id)


def test_a_note_is_needed(site: Site, task: UserTask) -> None:
    with pytest.raises(Unacceptable):
        give(site, task, note=" ")


def test_people_are_offered_by_their_names(site: Site, task: UserTask) -> None:
    offered = delegates(site, person(site, "kpa"), task.id)
    assert list(offered) == ["kpukab", "staf", "ppk", "kasubag", "anggota"]
    assert offered["staf"] == "Andi Rahmat"
