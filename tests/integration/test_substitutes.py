"""Who stands in for whom: set up by whom, holding when, and how far it reaches."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document as Word

from engine.commands.cases import start_process
from engine.commands.substitutes import NewSubstitution, add_substitute, end_substitute
from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task, release_user_task
from engine.errors import (
    Forbidden,
    NotFound,
    SubstitutionOver,
    TaskClaimed,
    Unacceptable,
    WrongLane,
    WrongPosition,
)
from engine.queries.cases import case_history, find_cases
from engine.queries.documents import case_documents, document_content
from engine.queries.substitutes import substitutions
from engine.queries.user_tasks import UserTask, inbox, user_task
from engine.replay import verify
from engine.site import Site
from engine.substitutes import Substitution
from engine.tour import example
from tests import walking
from tests.cast import OPERATOR
from tests.walking import SOP, WEB, person

Appoint = Callable[..., Substitution]


@pytest.fixture
def appoint(site: Site) -> Appoint:
    """`appoint("kpukab", "ppk")`: PPK is Plh. of the Ketua from now on, as the administrator entered it."""

    def added(absent: str, substitute: str, kind: str = "plh", by: str = "admin", **period: str) -> Substitution:
        new = NewSubstitution(absent, substitute, kind, "SPT 12/2026", **period)
        return add_substitute(site, person(site, by), WEB, new)

    return added


def ready(site: Site, activity_id: str) -> UserTask:
    """A case that waits at this step."""
    case = walking.start(site)
    walking.walk(site, case, until=activity_id)
    return walking.open_task(site, case, activity_id)


def send(site: Site, name: str, task: UserTask) -> None:
    who = person(site, name)
    complete_user_task(site, who, WEB, task.id, example(site, who, user_task(site, OPERATOR, task.id)))


def last_entry(site: Site, task: UserTask) -> dict[str, object]:
    return dict(case_history(site, OPERATOR, task.process_instance_id)[-1])


def test_a_substitute_acts_within_the_absent_persons_lanes_and_positions(site: Site, appoint: Appoint) -> None:
    task = ready(site, "putuskan_rencana")
    with pytest.raises(NotFound):
        send(site, "ppk", task)
    appointed = appoint("kpukab", "ppk")
    send(site, "ppk", task)
    entry = last_entry(site, task)
    assert (entry["actor"], entry["on_behalf_of"]) == ("ppk", "kpukab")
    assert entry["authority"] == {"kind": "plh", "substitution": appointed.id}
    assert entry["allowed"] == ["kpukab", "ppk"]
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_documents_name_the_office_of_the_absent_and_who_acts(site: Site, appoint: Appoint) -> None:
    task = ready(site, "putuskan_rencana")
    appoint("kpukab", "kpa", "plt")
    send(site, "kpa", task)
    minutes = next(
        d for d in case_documents(site, OPERATOR, task.process_instance_id) if d.type == "berita_acara_pleno"
    )
    (signer,) = minutes.signed_by
    assert {name: signer[name] for name in ("garis_kewenangan", "jabatan", "nama", "nip")} == {
        "garis_kewenangan": "Plt.",
        "jabatan": "Ketua",
        "nama": "Sitti Aminah",
        "nip": "197504172001122001",
    }
    content = document_content(site, OPERATOR, minutes.id)[1]
    text = "\n".join(paragraph.text for paragraph in Word(BytesIO(content)).paragraphs)
    assert "Sitti Aminah (Plt. Ketua)" in text


def test_a_substitute_may_start_cases_and_sees_what_waits(site: Site, appoint: Appoint) -> None:
    with pytest.raises(Forbidden):
        start_process(site, person(site, "ppk"), WEB, SOP)
    appoint("anggota", "ppk")
    case, _ = start_process(site, person(site, "ppk"), WEB, SOP)
    (entry,) = case_history(site, OPERATOR, case)
    assert entry["on_behalf_of"] == "anggota"
    (task,) = inbox(site, person(site, "ppk"), own_lanes=True)
    assert (task.activity_id, task.acting and task.acting.on_behalf_of) == ("catat_rapat", "anggota")


def test_who_can_act_in_their_own_right_does(site: Site, appoint: Appoint) -> None:
    task = ready(site, "catat_rapat")
    appoint("kpukab", "anggota")
    send(site, "anggota", task)
    assert last_entry(site, task)["on_behalf_of"] is None


def test_lane_and_position_must_be_of_one_person(site: Site, appoint: Appoint) -> None:
    """An Anggota of the KPU standing in for somebody who is Ketua of another lane is not Ketua of the KPU."""
    task = ready(site, "putuskan_rencana")
    appoint("kpa", "anggota")
    with pytest.raises(WrongPosition):
        send(site, "anggota", task)


def test_a_substitute_of_a_substitute_is_not_followed(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    appoint("kpa", "kasubag")
    appoint("kasubag", "ppk")
    with pytest.raises(NotFound):
        send(site, "ppk", task)
    assert person(site, "ppk").reach == {"PPK", "Kasubag"}


def test_roles_do_not_come_along(site: Site, appoint: Appoint) -> None:
    appoint("admin", "ppk", by="admin")
    assert person(site, "ppk").roles == frozenset()
    with pytest.raises(Forbidden):
        appoint("kpa", "staf", by="ppk")


@pytest.mark.parametrize(
    ("by", "absent", "substitute"),
    [
        ("ppk", "kpa", "ppk"),
        ("ppk", "kpa", "staf"),
        ("admin", "kpa", "admin"),
        ("kpa", "kpa", "kpa"),
        ("auditor", "kpa", "staf"),
    ],
)
def test_nobody_gives_themself_or_others_what_is_not_theirs(
    appoint: Appoint, by: str, absent: str, substitute: str
) -> None:
    with pytest.raises(Forbidden):
        appoint(absent, substitute, by=by)


def test_the_absent_person_chooses_their_own_substitute_and_ends_it(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    appointed = appoint("kpa", "kasubag", by="kpa")
    with pytest.raises(NotFound):
        end_substitute(site, person(site, "staf"), WEB, appointed.id)
    with pytest.raises(Forbidden):
        end_substitute(site, person(site, "kasubag"), WEB, appointed.id)
    before = person(site, "kasubag")
    end_substitute(site, person(site, "kpa"), WEB, appointed.id)
    with pytest.raises(SubstitutionOver):
        end_substitute(site, person(site, "admin"), WEB, appointed.id)
    with pytest.raises(NotFound):  # also for somebody who was looked up while it held
        complete_user_task(site, before, WEB, task.id, walking.example(site, task))
    (kept,) = substitutions(site, OPERATOR)
    assert (kept.id, kept.ended_by, kept.status(site.clock())) == (appointed.id, "kpa", "over")


def test_it_holds_from_its_first_day_through_its_last(site: Site, appoint: Appoint) -> None:
    today = site.clock()
    first, last = ((today + timedelta(days=n)).date().isoformat() for n in (2, 3))
    appointed = appoint("kpa", "kasubag", valid_from=first, valid_to=last)
    assert appointed.valid_to is not None
    assert (appointed.valid_to - appointed.valid_from, appointed.valid_from.utcoffset()) == (
        timedelta(days=2),
        timedelta(hours=8),
    )

    def holds(at: object) -> bool:
        return bool(person(replace(site, clock=lambda: at), "kasubag").stand_ins)  # type: ignore[arg-type, return-value]

    moment = timedelta(microseconds=1)
    beginning, end = appointed.valid_from, appointed.valid_to
    assert [holds(at) for at in (today, beginning - moment, beginning, end - moment, end)] == [
        False,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "wakil"},
        {"valid_from": "besok"},
        {"valid_from": "2026-11-24T08:00:00"},
        {"valid_to": "2001-01-01"},
        {"valid_from": "9999-12-31", "valid_to": "9999-01-01"},
        {"valid_to": "9999-12-31"},
        {"substitute": "tidak-ada"},
        {"absent": "tidak-ada"},
        {"reason": " "},
    ],
)
def test_a_senseless_substitution_is_refused(site: Site, wrong: dict[str, str]) -> None:
    new = replace(NewSubstitution("kpa", "kasubag", "plh", "SPT 12/2026"), **wrong)
    with pytest.raises(Unacceptable):
        add_substitute(site, person(site, "admin"), WEB, new)
    assert substitutions(site, OPERATOR) == []


def test_people_see_their_own_substitutes_and_auditors_all(site: Site, appoint: Appoint) -> None:
    appointed = appoint("kpa", "kasubag")
    seen = {name for name in ("kpa", "kasubag", "staf", "auditor", "admin") if substitutions(site, person(site, name))}
    assert seen == {"kpa", "kasubag", "auditor", "admin"}
    assert substitutions(site, OPERATOR, absent="kpa", substitute="kasubag") == [appointed]
    assert substitutions(site, OPERATOR, before=appointed.id) == []


def test_what_the_absent_person_had_taken_goes_on(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    claim_user_task(site, person(site, "kpa"), WEB, task.id)
    appoint("kpa", "kasubag")
    assert [t.id for t in inbox(site, person(site, "kasubag"), mine=True)] == [task.id]
    send(site, "kasubag", task)
    assert last_entry(site, task)["on_behalf_of"] == "kpa"


def test_a_task_held_in_the_same_lane_goes_on_in_the_holders_name(site: Site, appoint: Appoint) -> None:
    task = ready(site, "catat_rapat")
    claim_user_task(site, person(site, "kpukab"), WEB, task.id)
    with pytest.raises(TaskClaimed):
        send(site, "anggota", task)
    appoint("kpukab", "anggota")
    release_user_task(site, person(site, "anggota"), WEB, task.id)
    assert last_entry(site, task)["on_behalf_of"] == "kpukab"


def test_what_somebody_holds_who_may_no_longer_act_is_free(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    appointed = appoint("kpa", "kasubag")
    claim_user_task(site, person(site, "kasubag"), WEB, task.id)
    with pytest.raises(TaskClaimed):
        send(site, "kpa", task)
    end_substitute(site, person(site, "kpa"), WEB, appointed.id)
    send(site, "kpa", task)
    assert verify(site, OPERATOR, task.process_instance_id).verified


def test_both_see_the_case_afterwards(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    appointed = appoint("kpa", "staf")
    send(site, "staf", task)
    end_substitute(site, person(site, "kpa"), WEB, appointed.id)
    for name in ("staf", "kpa"):
        assert [case.id for case in find_cases(site, person(site, name))] == [task.process_instance_id]


def test_a_substitute_may_delegate_in_the_name_of_the_absent(site: Site, appoint: Appoint) -> None:
    task = ready(site, "tindak_lanjut_alokasi")
    appoint("kpa", "kasubag")
    delegate_user_task(site, person(site, "kasubag"), WEB, task.id, "staf", "tolong siapkan")
    given = user_task(site, person(site, "staf"), task.id).task
    assert given.acting is not None
    assert (given.acting.authority, given.acting.on_behalf_of, given.acting.position) == ("a.n.", "kpa", "Sekretaris")


def test_somebody_elses_lane_stays_closed(site: Site, appoint: Appoint) -> None:
    task = ready(site, "teruskan_nota_dinas")
    appoint("ppk", "kpa")
    with pytest.raises(WrongLane):
        send(site, "kpa", task)
