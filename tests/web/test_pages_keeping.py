"""What was typed into any form of staff is still there after the session, or the page's key, had ended."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from engine.credentials import hash_password
from engine.models import users
from engine.queries.comments import case_comments
from engine.site import Site
from tests import walking
from tests.cast import OPERATOR, PASSWORD
from tests.clients import PNG
from tests.visitors import Visitor

TYPED = "Sosialisasi <di> SMA 1"


@pytest.fixture
def case(site: Site) -> str:
    return walking.start(site, "Rapat uji")


@pytest.fixture
def chair(app: Flask, site: Site, case: str) -> Visitor:
    """Somebody with a password of their own."""
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "kpukab").values(password=hash_password(PASSWORD)))
    return Visitor(app, site, "kpukab")


def sign_in(visitor: Visitor) -> Visitor:
    return visitor.press("Masuk", name="kpukab", password=PASSWORD)


def test_the_name_of_a_case_about_to_start_is_kept_and_starts_at_a_press(chair: Visitor) -> None:
    chair.open("/mulai")
    chair.client.delete_cookie("alur")
    chair.press("Mulai kegiatan", key="sop-16-2022", title=TYPED)
    assert (chair.status, "isian Anda tetap tersimpan" in chair.text) == (401, True)
    sign_in(chair)
    assert "Belum ada yang terkirim" in chair.text
    assert chair.value("title").strip() == TYPED
    chair.press("Kirim sekarang")
    assert (chair.status, TYPED in chair.text) == (200, True)
    assert chair.path.startswith("/berkas/")


@pytest.mark.parametrize(("button", "name"), [("Kirim komentar", "comment"), ("Batalkan", "reason")])
def test_a_comment_or_a_reason_is_kept_and_does_nothing_by_itself(
    chair: Visitor, site: Site, case: str, button: str, name: str
) -> None:
    chair.open(f"/berkas/{case}")
    chair.client.delete_cookie("alur")
    chair.press(button, **{name: TYPED})
    sign_in(chair)
    assert chair.value(name).strip() == TYPED
    assert walking.look(site, case).instance.status == "running"
    assert not case_comments(site, OPERATOR, case, limit=10)
    chair.press("Kirim sekarang")
    assert (chair.path.startswith(f"/berkas/{case}"), TYPED in chair.text) == (True, True)


def test_a_page_that_was_open_too_long_offers_the_text_again(chair: Visitor) -> None:
    chair.open("/mulai")
    chair.client.delete_cookie("alur-form")
    chair.press("Mulai kegiatan", key="sop-16-2022", title=TYPED)
    assert (chair.status, chair.value("title").strip()) == (400, TYPED)
    chair.press("Kirim sekarang")
    assert chair.path.startswith("/berkas/")


def test_files_chosen_without_a_script_are_named_so_that_they_are_chosen_again(
    app: Flask, site: Site, case: str
) -> None:
    walking.walk(site, case, "siapkan_kegiatan")
    staff = Visitor(app, site, "staf").open(f"/tugas/{walking.open_task(site, case, 'siapkan_kegiatan').id}")
    field, other = staff.page.xpath('//input[@type="file"][not(@capture)]/@name')[:2]
    there: dict[str, Any] = {field: [("sudah.png", PNG)]}
    staff.press("Simpan draf", **there)
    staff.client.delete_cookie("alur")
    new: dict[str, Any] = {other: [("baru.png", PNG)]}
    staff.press("Simpan draf", **new)
    assert staff.status == 401
    assert "pilihlah lagi setelah masuk: baru.png." in staff.text
    staff.press("Masuk", name="staf", password=PASSWORD)
    assert "Draf tersimpan" in staff.text
    assert staff.link("sudah.png").startswith("/lampiran/")


def test_only_forms_of_staff_are_offered_again(chair: Visitor) -> None:
    chair.open("/masuk")
    chair.client.delete_cookie("alur")
    chair.open("/masuk?next=/saya/kata-sandi")
    token = chair.value("csrf_token")
    answer = chair.client.post(
        "/masuk?next=/keluar",
        data={"csrf_token": token, "name": "kpukab", "password": PASSWORD, "_kept.x": "y"},
        headers={"Referer": "http://localhost/masuk"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/keluar")
