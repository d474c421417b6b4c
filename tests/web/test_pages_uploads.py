"""Files in forms: what is taken is said beforehand, and a script may send them as soon as they are chosen."""

import io

import pytest
from flask import Flask

from engine.queries.attachments import attachment
from engine.site import Site
from tests import walking
from tests.clients import PNG
from tests.visitors import Visitor
from tests.walking import person


@pytest.fixture
def page(site: Site) -> str:
    """Kirim Undangan, whose form takes scans."""
    case = walking.start(site)
    walking.walk(site, case, until="kirim_undangan")
    return f"/tugas/{walking.open_task(site, case, 'kirim_undangan').id}"


def test_the_form_says_which_files_and_how_large_before_any_is_chosen(app: Flask, site: Site, page: str) -> None:
    staff = Visitor(app, site, "staf").open(page)
    (chosen,) = staff.page.xpath('//*[@id="f-pindaian"]')
    (said,) = staff.page.xpath(f'//*[@id="{chosen.get("aria-describedby").split()[0]}"]')
    assert "paling besar 25 MB" in said.text_content()
    assert "application/pdf" in chosen.get("accept")
    assert chosen.get("multiple") is not None


def test_a_phone_s_camera_can_be_used(app: Flask, site: Site, page: str) -> None:
    staff = Visitor(app, site, "staf").open(page)
    (camera,) = staff.page.xpath('//input[@name="pindaian" and @capture]')
    assert (camera.get("capture"), camera.get("accept")) == ("environment", "image/jpeg,image/png")


def test_several_files_come_with_the_form(app: Flask, site: Site, page: str) -> None:
    staff = Visitor(app, site, "staf").open(page)
    staff.press("Simpan draf", pindaian=[("a.png", PNG), ("b.png", PNG + b"2")])
    assert len(staff.page.xpath('//input[@type="hidden" and @name="pindaian"]')) == 2


def send(visitor: Visitor, name: str, content: bytes) -> tuple[int, dict[str, str]]:
    """What the script does with a chosen file."""
    token = visitor.page.xpath('//input[@name="csrf_token"]/@value')[0]
    data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
    headers = {"Referer": "http://localhost/", "Accept-Language": "id"}
    answer = visitor.client.post("/lampiran", data=data, headers=headers)
    return answer.status_code, dict(answer.json or {})


def test_a_file_sent_at_once_is_kept_for_the_form(app: Flask, site: Site, page: str) -> None:
    staff = Visitor(app, site, "staf").open(page)
    status, kept = send(staff, "bukti.png", PNG)
    assert (status, kept["filename"]) == (201, "bukti.png")
    assert attachment(site, person(site, "staf"), kept["id"]).size == len(PNG)
    assert staff.open(kept["url"]).response.data == PNG


def test_what_is_refused_is_told_in_words(app: Flask, site: Site, page: str) -> None:
    staff = Visitor(app, site, "staf").open(page)
    status, answer = send(staff, "catatan.txt", b"halo")
    assert status == 422
    assert "catatan.txt" in answer["error"]
    assert send(staff, "", b"")[0] == 400
