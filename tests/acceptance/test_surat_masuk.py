"""Incoming mail, the second SOP, from the counter to the archive; nothing but its files makes it run."""

import io
import re

import pytest
from docx import Document as Word

from engine import installation
from engine.commands.cases import start_process
from engine.commands.people import NewUser, add_user
from engine.commands.user_tasks import complete_user_task
from engine.errors import Separated, WrongPosition
from engine.queries.documents import Document, case_documents, document_content
from engine.queries.user_tasks import UserTask
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.walking import WEB, person

KEY = "surat-masuk"
RECEIVED = ["Tanda Terima Surat Masuk", "Kartu Kendali", "Lembar Disposisi"]
KEPT = ["Daftar Arsip Surat", "Arsip Digital"]


@pytest.fixture
def mail(site: Site) -> str:
    """A case of incoming mail, just begun."""
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn" / f"{KEY}.bpmn"])
    return start_process(site, person(site, "staf"), WEB, KEY, business_key="Permohonan narasumber")[0]


def walk(site: Site, case: str, *returned: str) -> list[str]:
    """Take the case to its end, each step named in `returned` sending back once; the steps done."""
    back, done = list(returned), []

    def returns(task: UserTask) -> bool:
        done.append(task.activity_id)
        if task.activity_id in back:
            back.remove(task.activity_id)
            return True
        return False

    walking.walk(site, case, returns=returns)
    assert walking.look(site, case).instance.status == "completed" and not back
    return done


def issued(site: Site, case: str) -> list[Document]:
    return [document for document in case_documents(site, OPERATOR, case) if document.status == "issued"]


def printed(site: Site, case: str, title: str) -> str:
    """What the issued document of that title says, in its body and its footer."""
    found = next(document for document in issued(site, case) if document.title == title)
    word = Word(io.BytesIO(document_content(site, OPERATOR, found.id)[1]))
    footer = word.sections[0].first_page_footer
    return "\n".join("".join(part.xpath("string()")) for part in (word.element.body, footer._element))


def test_a_letter_that_is_answered_leaves_seven_documents(site: Site, mail: str) -> None:
    steps = walk(site, mail)
    assert steps[-1] == "arsipkan_surat" and "kirim_balasan" in steps
    assert [document.title for document in issued(site, mail)] == [*RECEIVED, "Surat Balasan", *KEPT]
    assert verify(site, OPERATOR, mail).verified


def test_a_letter_that_needs_no_answer_goes_to_the_archive(site: Site, mail: str) -> None:
    steps = walk(site, mail, "tindak_lanjuti")
    assert steps[-2:] == ["tindak_lanjuti", "arsipkan_surat"]
    assert [document.title for document in issued(site, mail)] == [*RECEIVED, *KEPT]
    assert verify(site, OPERATOR, mail).verified


def test_what_is_sent_back_is_done_again_under_the_same_number(site: Site, mail: str) -> None:
    steps = walk(site, mail, "teliti_surat", "periksa_balasan", "tanda_tangani_balasan")
    assert (steps.count("agendakan"), steps.count("susun_balasan")) == (2, 3)
    cards = [document for document in case_documents(site, OPERATOR, mail) if document.title == "Kartu Kendali"]
    assert [(card.version, card.status) for card in cards] == [(1, "void"), (2, "issued")]
    assert len({card.number for card in cards}) == 1
    letters = [document for document in case_documents(site, OPERATOR, mail) if document.type == "surat_dinas"]
    assert [letter.number is not None for letter in letters] == [False, False, False, True]
    assert verify(site, OPERATOR, mail).verified


def test_the_documents_say_what_was_filled_in_and_who_signed(site: Site, mail: str) -> None:
    walk(site, mail)
    reply = printed(site, mail, "Surat Balasan")
    assert re.search(r"1/PP\.06-SD/7315/Ses-Kab/\d{4}", reply)
    for said in ("Kesediaan Narasumber", "421/318/Disdikbud/2026 tanggal 16 Maret 2026", "Sekretaris,", "Sitti Aminah"):
        assert said in reply, said
    slip = printed(site, mail, "Lembar Disposisi")
    assert re.search(r"Nomor agenda1/SM/\d{4}", slip) and "XSiapkan jawaban" in slip and "XArsipkan" not in slip
    assert "3 (tiga) hari kerja" in slip and "Sitti Aminah" in slip
    archive = printed(site, mail, "Daftar Arsip Surat")
    assert all(title in archive for title in (*RECEIVED, "Surat Balasan"))
    for document in issued(site, mail):
        assert document.code is None or f"Kode dokumen: {document.code}" in printed(site, mail, document.title)


def test_only_the_secretary_disposes(site: Site, mail: str) -> None:
    add_user(site, OPERATOR, WEB, NewUser("sekretariat", "Bahtiar", lanes=["Sekretaris"], positions=["Staf"]))
    walking.walk(site, mail, until="beri_disposisi")
    task = walking.open_task(site, mail, "beri_disposisi")
    with pytest.raises(WrongPosition):
        complete_user_task(site, person(site, "sekretariat"), WEB, task.id, walking.example(site, task))


def test_who_drafts_a_reply_does_not_check_it(site: Site, mail: str) -> None:
    add_user(site, OPERATOR, WEB, NewUser("rangkap", "Suriani", lanes=["Staf", "Kasubag"]))
    both = person(site, "rangkap")
    walking.walk(site, mail, until="susun_balasan")
    draft = walking.open_task(site, mail, "susun_balasan")
    complete_user_task(site, both, WEB, draft.id, walking.example(site, draft))
    check = walking.open_task(site, mail, "periksa_balasan")
    with pytest.raises(Separated):
        complete_user_task(site, both, WEB, check.id, walking.example(site, check))
