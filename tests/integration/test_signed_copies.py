"""The scan of the signed paper belongs to the document that was signed, and the history proves it."""

import json

import pytest
from sqlalchemy import update

from engine import contents, history, models
from engine.access import Actor
from engine.canonical import canonical
from engine.commands.attachments import add_attachment
from engine.commands.cases import suspend_case
from engine.commands.signed_copies import add_signed_copy
from engine.errors import CaseSuspended, Forbidden, NotFound, Unacceptable
from engine.projection import changes
from engine.queries.attachments import attachment
from engine.queries.documents import Document, case_documents
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.clients import PNG
from tests.walking import WEB, person


def upload(site: Site, actor: Actor, more: bytes = b"") -> str:
    return add_attachment(site, actor, "pindaian.png", PNG + more).id


def document(site: Site, case: str, activity: str, version: int = 1) -> Document:
    found = case_documents(site, OPERATOR, case)
    return next(each for each in found if (each.activity_id, each.version) == (activity, version))


@pytest.fixture
def issued(site: Site) -> tuple[str, Document]:
    """A case whose Nota Dinas was issued, and that."""
    case = walking.start(site)
    walking.walk(site, case, until="teruskan_nota_dinas")
    return case, document(site, case, "terbitkan_nota_dinas")


def test_a_form_s_scan_is_the_copy_of_what_the_form_itself_issues(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="siapkan_kegiatan")
    receipt = document(site, case, "terbitkan_tanda_terima")
    assert len(receipt.signed_copies) == 1
    assert attachment(site, OPERATOR, receipt.signed_copies[0]).instance_id == case
    assert verify(site, OPERATOR, case).verified


def test_a_form_s_scan_is_the_copy_of_what_an_earlier_step_issued(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="sahkan_notula")
    assert len(document(site, case, "terbitkan_daftar_hadir").signed_copies) == 1
    walking.walk(site, case)
    assert len(document(site, case, "terbitkan_notula").signed_copies) == 1
    assert document(site, case, "terbitkan_laporan").signed_copies == ()
    assert verify(site, OPERATOR, case).verified


def test_who_took_part_can_add_it_to_the_document_itself(site: Site, issued: tuple[str, Document]) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    pages = [upload(site, kpa), upload(site, kpa, b"2")]
    recorded = add_signed_copy(site, kpa, WEB, memo.id, pages)
    assert list(document(site, case, "terbitkan_nota_dinas").signed_copies) == pages
    assert recorded.entry["kind"] == "signed_copy"
    assert [each["id"] for each in recorded.entry["attachments"]] == pages
    assert verify(site, OPERATOR, case).verified
    walking.walk(site, case)
    assert verify(site, OPERATOR, case).verified


def test_the_latest_copy_holds_and_the_history_keeps_all(site: Site, issued: tuple[str, Document]) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    first, second = upload(site, kpa), upload(site, kpa, b"2")
    add_signed_copy(site, kpa, WEB, memo.id, [first])
    add_signed_copy(site, kpa, WEB, memo.id, [second])
    assert document(site, case, "terbitkan_nota_dinas").signed_copies == (second,)
    assert attachment(site, OPERATOR, first).instance_id == case
    assert verify(site, OPERATOR, case).verified


def test_a_new_version_has_no_copy_yet_and_the_old_one_keeps_its_own(site: Site, issued: tuple[str, Document]) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    copy = upload(site, kpa)
    add_signed_copy(site, kpa, WEB, memo.id, [copy])
    walking.complete(site, walking.open_task(site, case, "teruskan_nota_dinas"), returning=True)
    walking.complete(site, walking.open_task(site, case, "tindak_lanjut_alokasi"))
    assert document(site, case, "terbitkan_nota_dinas").signed_copies == (copy,)
    assert document(site, case, "terbitkan_nota_dinas", 2).signed_copies == ()
    with pytest.raises(Unacceptable):
        add_signed_copy(site, kpa, WEB, memo.id, [upload(site, kpa)])
    assert verify(site, OPERATOR, case).verified


def test_it_can_come_after_the_case_has_ended_and_the_end_stays_when_it_was(site: Site) -> None:
    case = walking.start(site)
    walking.walk(site, case)
    ended = walking.look(site, case).instance.ended_at
    staff = person(site, "staf")
    add_signed_copy(site, staff, WEB, document(site, case, "terbitkan_laporan").id, [upload(site, staff)])
    assert walking.look(site, case).instance.ended_at == ended
    assert walking.look(site, case).instance.status == "completed"
    assert verify(site, OPERATOR, case).verified


def test_who_did_no_step_of_the_case_cannot_add_it(site: Site, issued: tuple[str, Document]) -> None:
    _, memo = issued
    for name, refusal in (("auditor", Forbidden), ("kasubag", Forbidden), ("orangluar", NotFound)):
        who = person(site, name)
        with pytest.raises(refusal):
            add_signed_copy(site, who, WEB, memo.id, [upload(site, who)])


def test_only_one_s_own_uploads_that_are_there_can_be_a_copy(site: Site, issued: tuple[str, Document]) -> None:
    _, memo = issued
    for wanted in ([], ["tidak-ada"], [upload(site, person(site, "staf"))], ["x"] * 3):
        with pytest.raises(Unacceptable):
            add_signed_copy(site, person(site, "kpa"), WEB, memo.id, wanted)


def test_a_case_at_rest_takes_none_and_neither_does_what_is_no_document(
    site: Site, issued: tuple[str, Document]
) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    with pytest.raises(NotFound):
        add_signed_copy(site, kpa, WEB, f"{case}-terbitkan_undangan-v1", [upload(site, kpa)])
    suspend_case(site, OPERATOR, WEB, case, "Uji")
    with pytest.raises(CaseSuspended):
        add_signed_copy(site, kpa, WEB, memo.id, [upload(site, kpa)])


def test_an_exchanged_scan_or_row_is_found(site: Site, issued: tuple[str, Document]) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    add_signed_copy(site, kpa, WEB, memo.id, [upload(site, kpa)])
    other = upload(site, kpa, b"2")
    with site.database.write() as connection:
        forged = update(models.documents).where(models.documents.c.number == memo.number)
        connection.execute(forged.values(signed_copies=canonical([other])))
    assert verify(site, OPERATOR, case).status == "failed"


def test_a_copy_moved_to_another_document_is_found_though_the_chain_was_sealed_anew(
    site: Site, issued: tuple[str, Document]
) -> None:
    case, memo = issued
    kpa = person(site, "kpa")
    recorded = add_signed_copy(site, kpa, WEB, memo.id, [upload(site, kpa)])
    record = document(site, case, "terbitkan_risalah")
    copy = {**recorded.entry["signed_copies"][0], "document": record.id}
    entry = json.loads(canonical({**recorded.entry, "signed_copies": [copy]}))
    sealed = history.seal(entry)
    with site.database.write() as connection:
        seq = models.history.c.instance_id == case, models.history.c.seq == sealed.seq
        connection.execute(update(models.history).where(*seq).values(hash=sealed.hash, entry=sealed.text))
        own = update(models.documents).where(models.documents.c.instance_id == case)
        connection.execute(own.values(signed_copies=None))
        moved = own.where(models.documents.c.activity_id == "terbitkan_risalah")
        connection.execute(moved.values(signed_copies=canonical(copy["attachments"])))
        head = changes(entry, sealed.hash).instance["head"]
        connection.execute(update(models.instances).where(models.instances.c.id == case).values(head=head))
    result = verify(site, OPERATOR, case)
    assert result.first_divergence is not None
    assert (result.status, result.first_divergence.seq) == ("failed", sealed.seq)
    assert "signed copies" in result.first_divergence.reason
    assert contents.sha256(PNG) == recorded.entry["attachments"][0]["sha256"]
