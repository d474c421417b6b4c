"""A preview shows what sending would issue, and leaves nothing behind."""

import io
from typing import Any

import docx
import pytest
from sqlalchemy import func, select

from docgen.html import to_html
from engine.commands.cases import suspend_case
from engine.commands.user_tasks import complete_user_task
from engine.errors import CaseSuspended, NotFound, TaskDone, WrongLane
from engine.models import metadata
from engine.preview import draft, preview
from engine.queries.documents import case_documents, document_content
from engine.queries.user_tasks import UserTask
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, OPERATOR
from web.context import WEB


def at(site: Site, activity_id: str) -> tuple[str, UserTask]:
    """A case that waits at an activity."""
    case = walking.start(site)
    walking.walk(site, case, until=activity_id)
    return case, walking.open_task(site, case, activity_id)


def previewed(site: Site, task: UserTask, data: dict[str, Any]) -> Any:
    return preview(site, walking.person(site, BY_LANE[task.lane]), task.id, data)


def text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    header = document.sections[0].first_page_header
    return "\n".join(p.text for p in (*header.paragraphs, *document.paragraphs)) + to_html(content)


def rows(site: Site) -> dict[str, int]:
    with site.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_the_preview_shows_what_is_typed_as_a_draft_without_a_number(site: Site) -> None:
    _, task = at(site, "tindak_lanjut_alokasi")
    found = previewed(site, task, {**walking.example(site, task), "hal": "Hal yang sedang diketik"})
    assert [each.activity_id for each in found.drafts] == ["terbitkan_nota_dinas"]
    assert not found.later
    shown = text(found.drafts[0].content)
    assert "Hal yang sedang diketik" in shown
    assert "DRAF" in shown
    assert "NOMOR \n" in shown
    assert "Sitti Aminah" in shown


def test_the_preview_differs_from_what_is_issued_only_in_number_and_mark(site: Site) -> None:
    case, task = at(site, "tindak_lanjut_alokasi")
    data = walking.example(site, task)
    shown = to_html(previewed(site, task, data).drafts[0].content)
    complete_user_task(site, walking.person(site, BY_LANE[task.lane]), WEB, task.id, data)
    issued = case_documents(site, OPERATOR, case)[-1]
    html = to_html(document_content(site, OPERATOR, issued.id)[1])
    mark, rest = shown.split("</p>", 1)
    assert "DRAF" in mark
    assert issued.number
    assert rest == html.replace(f"NOMOR {issued.number}", "NOMOR ")


def test_nothing_is_written_and_the_case_goes_on_as_if_nobody_had_looked(site: Site) -> None:
    case, task = at(site, "tindak_lanjut_alokasi")
    before = rows(site)
    previewed(site, task, walking.example(site, task))
    assert rows(site) == before
    walking.complete(site, task)
    assert verify(site, OPERATOR, case).verified


def test_an_empty_form_can_be_previewed(site: Site) -> None:
    _, task = at(site, "tindak_lanjut_alokasi")
    found = previewed(site, task, {})
    assert [each.failure for each in found.drafts] == [None]


def test_what_cannot_be_read_is_left_out_of_the_document(site: Site) -> None:
    _, task = at(site, "tindak_lanjut_alokasi")
    data = walking.example(site, task)
    data["alokasi"][0]["harga"] = "dua ribu"
    found = previewed(site, task, {**data, "hal": 7})
    assert found.drafts[0].failure is None
    assert data["alokasi"][0]["uraian"] in text(found.drafts[0].content)


def test_who_decides_sees_the_documents_before_deciding(site: Site) -> None:
    _, task = at(site, "putuskan_rencana")
    found = previewed(site, task, {})
    assert [each.type for each in found.drafts] == ["berita_acara_pleno", "risalah_notula"]
    assert found.assumed == {"keputusan": "setuju"}


def test_who_sends_back_sees_that_nothing_is_issued(site: Site) -> None:
    _, task = at(site, "putuskan_rencana")
    found = previewed(site, task, {"keputusan": "kembalikan", "alasan": "Belum lengkap"})
    assert found.assumed == {}
    assert found.drafts == ()


@pytest.mark.parametrize(
    ("activity", "types"),
    [
        ("catat_rapat", ["berita_acara_pleno", "risalah_notula"]),
        ("susun_rencana", ["proposal_kak", "surat_undangan"]),
        ("kirim_undangan", ["tanda_terima"]),
        ("susun_laporan", ["laporan_kegiatan"]),
        ("arsipkan", ["daftar_arsip_berkas"]),
    ],
)
def test_who_writes_sees_the_documents_that_later_steps_issue(site: Site, activity: str, types: list[str]) -> None:
    _, task = at(site, activity)
    found = previewed(site, task, walking.example(site, task))
    assert [each.type for each in found.drafts] == types
    assert [each.failure for each in found.drafts] == [None] * len(types)


def test_the_notes_of_a_parallel_step_show_where_the_branches_have_met(site: Site) -> None:
    _, task = at(site, "pelaksanaan_staf")
    found = previewed(site, task, walking.example(site, task))
    assert found.later
    assert [each.type for each in found.drafts] == ["risalah_notula", "dim", "rtl"]


def test_a_step_whose_answers_no_document_shows_has_no_preview(site: Site) -> None:
    _, task = at(site, "periksa_rencana")
    assert previewed(site, task, {}).drafts == ()


def test_the_archive_list_counts_the_scans_that_are_about_to_be_sent(site: Site) -> None:
    _, task = at(site, "arsipkan")
    found = previewed(site, task, walking.example(site, task))
    assert "lampiran-" in text(found.drafts[0].content)


def test_one_draft_can_be_had_as_a_word_file(site: Site) -> None:
    _, task = at(site, "tindak_lanjut_alokasi")
    who = walking.person(site, BY_LANE[task.lane])
    found = draft(site, who, task.id, walking.example(site, task), "terbitkan_nota_dinas")
    assert found.filename == "nota_dinas-draf.docx"
    assert found.content.startswith(b"PK")
    with pytest.raises(NotFound):
        draft(site, who, task.id, {}, "terbitkan_undangan")


def test_a_preview_is_for_those_whose_task_it_is(site: Site) -> None:
    _, task = at(site, "tindak_lanjut_alokasi")
    with pytest.raises(WrongLane):
        preview(site, walking.person(site, "kpukab"), task.id, {})
    with pytest.raises(NotFound):
        preview(site, walking.person(site, "orangluar"), task.id, {})


def test_what_is_done_or_rests_has_no_preview(site: Site) -> None:
    case, task = at(site, "tindak_lanjut_alokasi")
    who = walking.person(site, BY_LANE[task.lane])
    suspend_case(site, OPERATOR, WEB, case, "Uji")
    with pytest.raises(CaseSuspended):
        preview(site, who, task.id, {})
    first = walking.start(site)
    done = walking.open_task(site, first, "catat_rapat")
    walking.complete(site, done)
    with pytest.raises(TaskDone):
        preview(site, walking.person(site, BY_LANE[done.lane]), done.id, {})
