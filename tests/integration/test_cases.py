"""Starting cases, and an operator's acts on them."""

import pytest

from engine import office
from engine.commands.cases import cancel_case, resume_case, retry_case, start_process, suspend_case
from engine.commands.user_tasks import Completion
from engine.errors import CaseEnded, Conflict, Forbidden, NoIncident, NotFound, Unacceptable
from engine.models import office as office_table
from engine.queries.cases import find_cases
from engine.queries.documents import case_documents
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.walking import SOP, WEB, person


def test_only_the_start_events_lane_starts(site: Site) -> None:
    with pytest.raises(Forbidden):
        start_process(site, person(site, "staf"), WEB, SOP)
    with pytest.raises(Forbidden):
        start_process(site, person(site, "admin"), WEB, SOP)
    with pytest.raises(NotFound):
        start_process(site, person(site, "orangluar"), WEB, SOP)


def test_a_version_that_is_not_there_is_not_found(site: Site) -> None:
    with pytest.raises(NotFound):
        start_process(site, person(site, "kpukab"), WEB, SOP, version=99)


def test_staff_see_the_cases_that_wait_for_them_or_that_they_took_part_in(site: Site) -> None:
    case = walking.start(site)

    def seen_by(name: str) -> bool:
        return case in [found.id for found in find_cases(site, person(site, name))]

    assert [name for name in ("kpukab", "kpa", "auditor", "orangluar") if seen_by(name)] == ["kpukab", "auditor"]
    walking.walk(site, case, until="tindak_lanjut_alokasi")
    assert seen_by("kpa") and not seen_by("kasubag")
    walking.walk(site, case, until="teruskan_nota_dinas")
    assert seen_by("kpa") and seen_by("kasubag")


def test_who_started_a_case_may_cancel_it_with_a_reason(site: Site) -> None:
    case = walking.start(site)
    with pytest.raises(Unacceptable):
        cancel_case(site, person(site, "kpukab"), WEB, case, " ")
    with pytest.raises(Forbidden):
        cancel_case(site, person(site, "auditor"), WEB, case, "coba")
    cancel_case(site, person(site, "kpukab"), WEB, case, "kegiatan ditunda")
    cancelled = walking.look(site, case)
    assert cancelled.instance.status == "cancelled"
    assert [task.status for task in cancelled.user_tasks] == ["cancelled"]
    with pytest.raises(CaseEnded):
        cancel_case(site, person(site, "admin"), WEB, case, "lagi")
    assert verify(site, OPERATOR, case).verified


def test_a_suspended_case_goes_on_where_it_was(site: Site) -> None:
    case = walking.start(site)
    suspend_case(site, person(site, "admin"), WEB, case, "audit")
    assert walking.look(site, case).instance.status == "suspended"
    resume_case(site, person(site, "admin"), WEB, case, "selesai audit")
    assert walking.look(site, case).instance.status == "running"
    with pytest.raises(Conflict):
        resume_case(site, person(site, "admin"), WEB, case, "lagi")
    walking.walk(site, case, until="tindak_lanjut_alokasi")


def break_letterhead(site: Site, mended: bool = False) -> None:
    """Without its letterhead the office cannot issue anything."""
    with site.database.write() as connection:
        data = office.current(connection)
        if mended:
            connection.execute(office_table.delete().where(office_table.c.revision > 1))
        else:
            office.change(connection, {k: v for k, v in data.items() if k != "kop"}, "admin", site.clock())


@pytest.fixture
def failed(site: Site) -> tuple[str, Completion]:
    """A case whose Berita Acara could not be issued, and the answer to who decided."""
    case = walking.start(site)
    walking.walk(site, case, until="putuskan_rencana")
    break_letterhead(site)
    return case, walking.complete(site, walking.open_task(site, case, "putuskan_rencana"))


def test_a_submission_stands_when_a_later_step_fails(site: Site, failed: tuple[str, Completion]) -> None:
    case, completion = failed
    assert completion.status == "incident"
    detail = walking.look(site, case)
    assert detail.instance.status == "incident"
    assert [incident["activity_id"] for incident in detail.incidents] == ["terbitkan_berita_acara"]
    assert "kop" in str(detail.incidents[0]["params"])
    assert detail.data["penetapan"]["keputusan"] == "setuju"
    assert case_documents(site, OPERATOR, case) == []


def test_after_the_mend_it_is_tried_again_and_goes_on(site: Site, failed: tuple[str, Completion]) -> None:
    case, _ = failed
    break_letterhead(site, mended=True)
    with pytest.raises(Forbidden):
        retry_case(site, person(site, "kpukab"), WEB, case, "templat diperbaiki")
    retry_case(site, person(site, "admin"), WEB, case, "kop surat diperbaiki")
    detail = walking.look(site, case)
    assert (detail.instance.status, detail.incidents) == ("running", ())
    assert [d.number for d in case_documents(site, OPERATOR, case) if d.type == "berita_acara_pleno"] == [
        "1/PP.06-BA/7315/KPU-Kab/" + str(site.clock().year)
    ]
    with pytest.raises(NoIncident):
        retry_case(site, person(site, "admin"), WEB, case, "lagi")
    assert verify(site, OPERATOR, case).verified


def test_a_failed_step_verifies_as_it_failed(site: Site, failed: tuple[str, Completion]) -> None:
    assert verify(site, OPERATOR, failed[0]).verified
