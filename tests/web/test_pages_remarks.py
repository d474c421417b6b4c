"""On the page of a case: what people say of it, and the signed copies of its documents."""

import pytest
from flask import Flask

from engine.queries.documents import case_documents
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR
from tests.clients import PNG
from tests.visitors import Visitor


@pytest.fixture
def case(site: Site) -> str:
    """Its Berita Acara was issued."""
    started = walking.start(site, "Sosialisasi di SMA 1")
    walking.walk(site, started, until="tindak_lanjut_alokasi")
    return started


def test_a_comment_stands_on_the_page_as_it_was_written(app: Flask, site: Site, case: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"/berkas/{case}")
    assert "Belum ada komentar" in chair.text
    chair.press("Kirim komentar", comment="Mohon <segera> & teliti.\nTerima kasih.")
    assert chair.path == f"/berkas/{case}"
    assert "Mohon <segera> & teliti." in chair.text
    assert "Menulis komentar" in chair.text
    assert "Alamsyah" in Visitor(app, site, "auditor").open(f"/berkas/{case}").text


def test_a_comment_that_cannot_be_taken_stays_in_the_box(app: Flask, site: Site, case: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"/berkas/{case}").press("Kirim komentar", comment="x" * 2001)
    assert chair.status == 422
    assert "2000" in chair.text
    assert chair.value("comment").strip() == "x" * 2001


def test_the_signed_paper_is_added_to_its_document(app: Flask, site: Site, case: str) -> None:
    chair = Visitor(app, site, "kpukab").open(f"/berkas/{case}")
    chair.open(chair.link("Unggah pindaian"))
    assert "25 MB" in chair.text
    chair.press("Simpan sebagai", file=[("hal 1.png", PNG), ("hal 2.png", PNG + b"2")])
    assert chair.path == f"/berkas/{case}"
    assert "Salinan bertanda tangan" in chair.text
    assert "Ganti pindaian" in chair.text
    assert chair.open(chair.link("pindaian 2")).response.data == PNG + b"2"
    chair.open(f"/berkas/{case}?periksa=1")
    assert chair.page.xpath('//*[@class="notice good"]')


def test_a_file_of_the_wrong_kind_is_told_and_none_at_all_too(app: Flask, site: Site, case: str) -> None:
    page = f"/dokumen/{case_documents(site, OPERATOR, case)[0].id}/salinan"
    chair = Visitor(app, site, "kpukab").open(page)
    assert chair.press("Simpan sebagai", file=("catatan.txt", b"halo")).status == 422
    assert "catatan.txt" in chair.text
    assert chair.press("Simpan sebagai").status == 422
    assert "pilih 1 sampai 20" in chair.text


def test_who_did_no_step_is_not_offered_it(app: Flask, site: Site, case: str) -> None:
    assert "Unggah pindaian" not in Visitor(app, site, "auditor").open(f"/berkas/{case}").text
