"""Notices: who is told what, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import notices, office
from engine.commands.cases import cancel_case, resume_case, retry_case, suspend_case
from engine.commands.notices import read_all_notices, read_notice
from engine.commands.people import NewUser, add_user
from engine.commands.substitutes import NewSubstitution, add_substitute
from engine.commands.user_tasks import claim_user_task, complete_user_task, delegate_user_task
from engine.errors import NotFound
from engine.queries.notices import KINDS, Notice, my_notices, unread_counts
from engine.site import Site
from tests import walking
from tests.walking import OPERATOR, WEB, person


def told(site: Site, name: str, unread: bool = True) -> list[tuple[str, str]]:
    return [(notice.kind, notice.activity_id) for notice in shown(site, name, unread)]


def shown(site: Site, name: str, unread: bool = True) -> list[Notice]:
    return my_notices(site, person(site, name), unread=unread)


def after(site: Site, days: float) -> Site:
    moment = site.clock() + timedelta(days=days)
    return replace(site, clock=lambda: moment)


def test_those_who_may_do_a_new_task_are_told_and_who_opened_it_is_not(site: Site) -> None:
    case = walking.start(site)
    assert told(site, "anggota") == [("new_task", "catat_rapat")]
    assert told(site, "kpukab") == [], "who started the case has the task before their eyes"
    assert told(site, "staf") == told(site, "admin") == []
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    assert told(site, "kpa") == [("new_task", "tindak_lanjut_alokasi")]


def test_a_task_that_needs_a_position_is_told_to_its_holder_alone(site: Site) -> None:
    case = walking.start(site)
    walking.complete(site, walking.waiting(site, case)[0])
    assert "putuskan_rencana" not in [activity for _, activity in told(site, "anggota", unread=False)]


def test_a_task_that_comes_back_says_so(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    walking.complete(site, walking.waiting(site, case)[0], returning=True)
    assert told(site, "anggota")[0] == ("returned", "catat_rapat")


def test_what_is_over_asks_for_nothing(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    assert told(site, "anggota") == []
    assert [notice.over for notice in shown(site, "anggota", unread=False)] == [True]
    notices.settle(site)
    assert [notice.read_at is not None for notice in shown(site, "anggota", unread=False)] == [True]


def test_reading_is_for_oneself(site: Site) -> None:
    for title in "abc":
        walking.start(site, title)
    anggota = person(site, "anggota")
    assert unread_counts(site, anggota) == {**dict.fromkeys(KINDS, 0), "new_task": 3}
    first, *_ = shown(site, "anggota")
    with pytest.raises(NotFound):
        read_notice(site, person(site, "kpukab"), first.id)
    read_notice(site, anggota, first.id)
    read_notice(site, anggota, first.id)
    assert unread_counts(site, anggota)["new_task"] == 2
    read_all_notices(site, anggota)
    assert told(site, "anggota") == []


def late(site: Site, until: str = "tindak_lanjut_alokasi") -> tuple[Site, str]:
    """A site where it is a fortnight later, and a case that has been at that task since."""
    case = walking.start(site)
    walking.walk(site, case, until)
    return after(site, 14), case


def test_a_deadline_that_passed_is_told_once_also_when_nothing_ran_meanwhile(site: Site) -> None:
    later, _ = late(site)
    assert notices.announce_overdue(site) == 0
    for _ in range(3):
        notices.announce_overdue(later)
    assert told(site, "kpa") == [("overdue", "tindak_lanjut_alokasi"), ("new_task", "tindak_lanjut_alokasi")]


def test_an_overdue_task_is_told_to_its_holder(site: Site) -> None:
    later, case = late(site, "catat_rapat")
    task = walking.open_task(site, case, "catat_rapat")
    claim_user_task(site, person(site, "anggota"), WEB, task.id)
    notices.announce_overdue(later)
    assert ("overdue", "catat_rapat") in told(site, "anggota")
    assert ("overdue", "catat_rapat") not in told(site, "kpukab")


def test_a_suspended_case_is_not_overdue_until_it_goes_on(site: Site) -> None:
    later, case = late(site)
    suspend_case(later, person(site, "admin"), WEB, case, "Menunggu anggaran")
    assert notices.announce_overdue(later) == 0
    resume_case(later, person(site, "admin"), WEB, case, "Anggaran ada")
    assert notices.announce_overdue(later) == 1


def test_a_cancelled_case_is_not_overdue(site: Site) -> None:
    later, case = late(site)
    cancel_case(later, OPERATOR, WEB, case, "Batal")
    assert notices.announce_overdue(later) == 0


def test_whoever_stands_in_is_told_too_and_whom_separation_keeps_from_a_task_is_not(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="susun_laporan")
    add_user(site, OPERATOR, WEB, NewUser("kasubagdua", "Suriani", lanes=["Kasubag"], positions=["Kasubag"]))
    add_substitute(site, person(site, "admin"), WEB, NewSubstitution("staf", "kasubag", "plh", "SPT 12/2026"))
    report = walking.open_task(site, case, "susun_laporan")
    complete_user_task(site, person(site, "kasubag"), WEB, report.id, walking.example(site, report))
    assert told(site, "kasubagdua") == [("new_task", "periksa_laporan")]
    assert ("new_task", "periksa_laporan") not in told(site, "kasubag", unread=False)
    add_substitute(site, person(site, "admin"), WEB, NewSubstitution("kasubagdua", "ppk", "plh", "SPT 13/2026"))
    notices.announce_overdue(after(site, 30))
    assert "periksa_laporan" not in [activity for _, activity in told(site, "kasubag")]


def test_to_whom_a_task_is_delegated_is_told(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    task = walking.open_task(site, case, "tindak_lanjut_alokasi")
    delegate_user_task(site, person(site, "kpa"), WEB, task.id, "kasubag", "Mohon diproses")
    assert told(site, "kasubag") == [("delegated", "tindak_lanjut_alokasi")]


def test_admins_are_told_of_a_step_that_failed_until_it_goes_on(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    with site.database.write() as connection:
        whole = office.current(connection)
        office.change(
            connection, {key: value for key, value in whole.items() if key != "kop"}, "os:tests", site.clock()
        )
    walking.complete(site, walking.waiting(site, case)[0])
    assert told(site, "admin") == [("incident", "terbitkan_berita_acara")]
    assert shown(site, "admin")[0].user_task_id is None
    with site.database.write() as connection:
        office.change(connection, whole, "os:tests", site.clock())
    retry_case(site, person(site, "admin"), WEB, case, "Kop surat dilengkapi")
    assert told(site, "admin") == []


def test_what_has_long_been_over_is_forgotten_and_what_waits_is_not(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    walking.start(site)
    notices.forget(after(site, 179))
    assert len(shown(site, "anggota", unread=False)) == 2
    notices.forget(after(site, 181))
    assert [notice.over for notice in shown(site, "anggota", unread=False)] == [False]
