"""What people do with their tasks."""

import pytest

from engine.commands.cases import suspend_case
from engine.commands.user_tasks import claim_user_task, complete_user_task, release_user_task, save_draft
from engine.errors import (
    CaseSuspended,
    DraftChanged,
    InvalidForm,
    KeyReused,
    NotFound,
    TaskClaimed,
    TaskDone,
    TaskNotClaimed,
    WrongLane,
    WrongPosition,
)
from engine.inputs import Checklist
from engine.queries.cases import case_history
from engine.queries.user_tasks import user_task
from engine.replay import verify
from engine.replay.claims import check_inputs
from engine.site import Site
from engine.verification import Different
from tests import walking
from tests.cast import OPERATOR
from tests.walking import WEB, person


@pytest.fixture
def begun(site: Site) -> str:
    return walking.start(site)


def test_a_claim_is_held_until_it_is_released(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    held = user_task(site, OPERATOR, task.id).task
    assert (held.status, held.claimed_by) == ("claimed", "kpukab")
    release_user_task(site, person(site, "kpukab"), WEB, task.id)
    assert user_task(site, OPERATOR, task.id).task.status == "ready"


def test_claiming_again_changes_nothing(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    for _ in range(2):
        claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    assert walking.look(site, begun).instance.seq == 2


def test_who_comes_second_is_told_who_holds_the_task_since_when(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    with pytest.raises(TaskClaimed) as refused:
        claim_user_task(site, person(site, "anggota"), WEB, task.id)
    held = user_task(site, OPERATOR, task.id).task
    assert refused.value.params == {"holder": "kpukab", "since": held.claimed_at}


def test_nobody_releases_what_they_do_not_hold(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    with pytest.raises(TaskNotClaimed):
        release_user_task(site, person(site, "kpukab"), WEB, task.id)


def test_another_lane_that_sees_the_case_may_not_do_its_task(site: Site, begun: str) -> None:
    walking.walk(site, begun, until="teruskan_nota_dinas")
    task = walking.open_task(site, begun, "teruskan_nota_dinas")
    with pytest.raises(WrongLane):
        complete_user_task(site, person(site, "kpa"), WEB, task.id, {})


def test_the_position_is_needed_besides_the_lane(site: Site, begun: str) -> None:
    walking.walk(site, begun, until="putuskan_rencana")
    task = walking.open_task(site, begun, "putuskan_rencana")
    with pytest.raises(WrongPosition):
        complete_user_task(site, person(site, "anggota"), WEB, task.id, walking.example(site, task))


def test_an_outsider_does_not_even_see_the_task(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    with pytest.raises(NotFound):
        complete_user_task(site, person(site, "orangluar"), WEB, task.id, {})


def test_a_second_submission_is_told_by_whom_and_when(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    walking.complete(site, task)
    with pytest.raises(TaskDone) as refused:
        walking.complete(site, task)
    assert refused.value.params["by"] == "kpukab"


def test_an_empty_submission_gets_every_error_and_changes_nothing(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    with pytest.raises(InvalidForm) as refused:
        complete_user_task(site, person(site, "kpukab"), WEB, task.id, {})
    assert len(refused.value.errors) > 3
    assert walking.look(site, begun).instance.seq == 1


def test_somebody_elses_upload_is_no_attachment(site: Site, begun: str) -> None:
    from engine import tour

    walking.walk(site, begun, until="kirim_undangan")
    task = walking.open_task(site, begun, "kirim_undangan")
    foreign = tour.upload(site, person(site, "kpa"))
    data = {**walking.example(site, task), "pindaian": [foreign]}
    with pytest.raises(InvalidForm) as refused:
        complete_user_task(site, person(site, "staf"), WEB, task.id, data)
    assert [error.code for error in refused.value.errors] == ["unknown_attachment"]


def test_the_same_key_gives_the_first_answer_once(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    data = walking.example(site, task)
    first, again = (complete_user_task(site, person(site, "kpukab"), WEB, task.id, data, key="k1") for _ in range(2))
    assert first == again
    assert walking.look(site, begun).instance.seq == 2


def test_a_key_is_not_for_two_requests(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    walking.complete(site, task, key="k1")
    following = walking.open_task(site, begun, "putuskan_rencana")
    with pytest.raises(KeyReused):
        walking.complete(site, following, key="k1")


def test_a_draft_is_its_writers_own_and_ends_with_the_submission(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    save_draft(site, person(site, "kpukab"), task.id, {"kegiatan": "setengah"})
    assert user_task(site, person(site, "kpukab"), task.id).draft == {"kegiatan": "setengah"}
    assert user_task(site, person(site, "anggota"), task.id).draft is None
    walking.complete(site, task)
    assert user_task(site, person(site, "kpukab"), task.id).draft is None


def test_nothing_moves_in_a_suspended_case(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    suspend_case(site, person(site, "admin"), WEB, begun, "menunggu keputusan")
    for act in (walking.complete, lambda s, t: claim_user_task(s, person(s, "kpukab"), WEB, t.id)):
        with pytest.raises(CaseSuspended):
            act(site, task)


def test_a_draft_that_was_changed_elsewhere_is_not_overwritten_unknowingly(site: Site, begun: str) -> None:
    task, chair = walking.open_task(site, begun, "catat_rapat"), person(site, "kpukab")
    first = save_draft(site, chair, task.id, {"tempat": "Aula"}, over="")
    second = save_draft(site, chair, task.id, {"tempat": "Ruang rapat"}, over=first)
    with pytest.raises(DraftChanged):
        save_draft(site, chair, task.id, {"tempat": "Lapangan"}, over=first)
    assert user_task(site, chair, task.id).draft == {"tempat": "Ruang rapat"}
    assert save_draft(site, chair, task.id, {"tempat": "Ruang rapat"}, over=first) == second
    assert save_draft(site, chair, task.id, {"tempat": "Lapangan"}, over=second) not in (first, second)


def test_a_draft_that_says_nothing_of_ticks_leaves_them(site: Site, begun: str) -> None:
    task, chair = walking.open_task(site, begun, "catat_rapat"), person(site, "kpukab")
    save_draft(site, chair, task.id, {}, Checklist(("Surat Edaran",)))
    save_draft(site, chair, task.id, {"tempat": "Aula"})
    assert user_task(site, chair, task.id).checklist == Checklist(("Surat Edaran",))


def test_a_colleagues_draft_stays_when_somebody_else_sends_the_task(site: Site, begun: str) -> None:
    task = walking.open_task(site, begun, "catat_rapat")
    save_draft(site, person(site, "anggota"), task.id, {"tempat": "Aula"})
    walking.complete(site, task)
    assert user_task(site, person(site, "anggota"), task.id).draft == {"tempat": "Aula"}


def test_what_was_there_and_why_it_went_on_without_the_rest_is_in_the_history(site: Site, begun: str) -> None:
    walking.walk(site, begun, "putuskan_rencana")
    task = walking.open_task(site, begun, "putuskan_rencana")
    with pytest.raises(InvalidForm) as refused:
        walking.complete(site, task, ticks=Checklist(("Surat Edaran",)))
    assert [each.code for each in refused.value.errors] == ["incomplete"]  # type: ignore[attr-defined]
    walking.complete(site, task, ticks=Checklist(("Surat Edaran",), "DIPA belum terbit"))
    assert case_history(site, OPERATOR, begun)[-1]["kelengkapan"] == {
        "checked": ["Surat Edaran"],
        "lacking": ["DIPA KPU Kab. Pinrang", "Peraturan KPU"],
        "reason": "DIPA belum terbit",
    }
    assert verify(site, OPERATOR, begun).verified


def test_a_program_that_says_nothing_of_the_inputs_is_taken_as_before(site: Site, begun: str) -> None:
    walking.walk(site, begun, "putuskan_rencana")
    walking.complete(site, walking.open_task(site, begun, "putuskan_rencana"))
    assert "kelengkapan" not in case_history(site, OPERATOR, begun)[-1]


@pytest.mark.parametrize(
    "forged",
    [
        {"checked": [], "lacking": ["DIPA KPU Kab. Pinrang", "Surat Edaran", "Peraturan KPU"], "reason": None},
        {"checked": ["Surat Edaran"], "lacking": [], "reason": None},
        {"checked": ["Kopi"], "lacking": [], "reason": "menyusul"},
    ],
)
def test_a_forged_checklist_is_found(site: Site, begun: str, forged: dict[str, object]) -> None:
    walking.walk(site, begun, "putuskan_rencana")
    task = walking.open_task(site, begun, "putuskan_rencana")
    walking.complete(site, task, ticks=Checklist((), "menyusul"))
    bundle, entry = user_task(site, OPERATOR, task.id).bundle, case_history(site, OPERATOR, begun)[-1]
    check_inputs(bundle, entry)
    with pytest.raises(Different):
        check_inputs(bundle, {**entry, "kelengkapan": forged})
