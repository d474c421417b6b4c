"""The page of one task: nothing typed is lost, every error stands beside its field, and what came out is told."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from engine.commands.user_tasks import save_draft
from engine.credentials import hash_password
from engine.models import users
from engine.queries.user_tasks import UserTask, user_task
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, PASSWORD
from tests.clients import PNG
from tests.visitors import Visitor


@pytest.fixture
def started(site: Site) -> str:
    return walking.start(site, "Sosialisasi di SMA 1")


def address(site: Site, case: str, activity: str) -> str:
    return f"/tugas/{walking.open_task(site, case, activity).id}"


def fill(site: Site, task: UserTask, returning: bool = False) -> None:
    """Leave a complete draft, so that the page opens filled in."""
    actor = walking.person(site, BY_LANE[task.lane] if task.lane != "KPU Kab" else "kpukab")
    save_draft(site, actor, task.id, walking.example(site, task, returning))


def errors(visitor: Visitor) -> list[str]:
    return [error.getparent().getparent().get("class") for error in visitor.page.xpath('//p[@class="error"]')]


def test_an_empty_form_comes_back_with_every_error_beside_its_field(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open(address(site, started, "catat_rapat"))
    chair.tick().press("Kirim", tempat="", pimpinan="Ketua Alamsyah")
    assert chair.status == 422
    assert len(chair.page.xpath('//p[@class="error"]')) > 5
    assert chair.page.xpath('//*[@id="f-tempat-error"]')
    assert not chair.page.xpath('//*[@id="f-pimpinan-error"]')
    assert chair.value("pimpinan") == "Ketua Alamsyah"
    assert "Ada" in chair.page.get_element_by_id("form-errors").text_content()


def test_a_draft_is_there_when_one_comes_back_and_is_nobody_elses(app: Flask, site: Site, started: str) -> None:
    page = address(site, started, "catat_rapat")
    chair = Visitor(app, site, "kpukab").open(page).press("Simpan draf", tempat="Aula", kode_klasifikasi="salah!")
    assert "Draf tersimpan" in chair.text
    again = Visitor(app, site, "kpukab").open(page)
    assert again.value("tempat") == "Aula"
    assert again.value("kode_klasifikasi") == "salah!"
    assert "Ini draf Anda dari" in again.text
    assert Visitor(app, site, "anggota").open(page).value("tempat") != "Aula"


def test_rows_are_added_and_taken_out_without_a_script(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open(address(site, started, "catat_rapat"))
    rows = '//input[@name="anggota" and @value!="__n__"]'
    before = len(chair.page.xpath(rows))
    chair.press("_add=anggota", anggota__0__nama="Alamsyah")
    assert chair.status == 200
    assert len(chair.page.xpath(rows)) == before + 1
    assert chair.value("anggota.0.nama") == "Alamsyah"
    chair.press("_remove=anggota.1")
    assert len(chair.page.xpath(rows)) == before
    assert chair.value("anggota.0.nama") == "Alamsyah"


def test_what_was_sent_is_told_with_its_documents_and_who_is_next(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    chair = Visitor(app, site, "kpukab").open(address(site, started, "putuskan_rencana"))
    chair.tick().press("Kirim", keputusan="setuju")
    assert chair.status == 200
    assert "Terkirim. Berikutnya: KPA (Sitti Aminah)" in chair.text
    assert "Berita Acara Pleno" in chair.text
    assert "KPA — Menindaklanjuti penetapan alokasi" in chair.text
    assert "belum diambil (Sitti Aminah)" in chair.text
    assert chair.page.xpath("//details[summary='Rincian']//*[@class='hash']/text()")[0]
    document = chair.open(chair.link("Berita Acara Pleno")).response
    assert document.data[:2] == b"PK"
    assert "attachment" in document.headers["Content-Disposition"]


def test_sending_the_same_page_twice_sends_once(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = address(site, started, "putuskan_rencana")
    chair = Visitor(app, site, "kpukab").open(page)
    form = chair.tick().page
    assert chair.press("Kirim", keputusan="setuju").status == 200
    chair.page = form
    assert chair.press("Kirim", keputusan="setuju").status == 200
    assert "Terkirim" in chair.text
    assert sum(entry.activity_id == "putuskan_rencana" for entry in walking.look(site, started).user_tasks) == 1


def test_a_stale_page_is_told_who_was_faster_and_keeps_what_was_typed(app: Flask, site: Site, started: str) -> None:
    task = walking.open_task(site, started, "catat_rapat")
    member = Visitor(app, site, "anggota").open(f"/tugas/{task.id}")
    fill(site, task)
    Visitor(app, site, "kpukab").open(f"/tugas/{task.id}").tick().press("Kirim")
    member.tick().press("Kirim", tempat="Ruang rapat lantai dua")
    assert member.status == 409
    assert "Alamsyah" in member.text
    assert "Tidak ada yang terkirim." in member.text
    assert "Ruang rapat lantai dua" in member.text


def test_an_upload_stays_while_other_fields_are_mended(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "siapkan_kegiatan")
    staff = Visitor(app, site, "staf").open(address(site, started, "siapkan_kegiatan"))
    field = staff.page.xpath('//input[@type="file"]/@name')[0]
    staff.press("Kirim", **{field: [("foto kegiatan.png", PNG)]})
    assert staff.status == 422
    assert "foto kegiatan.png" in staff.text
    staff.press("Simpan draf")
    assert "foto kegiatan.png" in staff.text
    assert staff.open(staff.link("foto kegiatan.png")).response.data == PNG


def test_a_file_of_a_wrong_kind_is_refused_beside_its_field(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "siapkan_kegiatan")
    staff = Visitor(app, site, "staf").open(address(site, started, "siapkan_kegiatan"))
    field = staff.page.xpath('//input[@type="file"]/@name')[0]
    staff.press("Simpan draf", **{field: [("virus.exe", b"MZ....")]})
    assert staff.status == 422
    assert "virus.exe" in staff.page.get_element_by_id(f"f-{field}-error").text_content()


def test_a_file_that_is_too_large_is_refused_beside_its_field_and_all_else_is_kept(
    app: Flask, site: Site, started: str
) -> None:
    walking.walk(site, started, "siapkan_kegiatan")
    staff = Visitor(app, site, "staf").open(address(site, started, "siapkan_kegiatan"))
    field, other = staff.page.xpath('//input[@type="file"][not(@capture)]/@name')[:2]
    too_large = b"%PDF-" + bytes(site.settings.upload_megabytes * 1024 * 1024)
    staff.press("Kirim", **{field: [("besar.pdf", too_large)], other: [("kecil.png", PNG)]})
    assert staff.status == 422
    assert "besar.pdf" in staff.page.get_element_by_id(f"f-{field}-error").text_content()
    assert "25 MB" in staff.page.get_element_by_id(f"f-{field}-error").text_content()
    assert staff.link("kecil.png").startswith("/lampiran/")


def test_why_it_came_back_stands_first(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "periksa_rencana")
    walking.complete(site, walking.open_task(site, started, "periksa_rencana"), returning=True)
    staff = Visitor(app, site, "staf").open(address(site, started, "susun_rencana"))
    assert "Dikembalikan" in staff.text
    assert "berbenturan dengan agenda kantor" in staff.text
    assert "Muhammad Yusuf (Kasubag)" in staff.text
    assert staff.text.index("Dikembalikan") < staff.text.index("Susun proposal kegiatan")
    assert staff.value("kegiatan") == "Sosialisasi Pendidikan Pemilih bagi Pemilih Pemula"


def test_a_step_that_goes_on_is_not_called_sent_back(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "periksa_rencana")
    walking.complete(site, walking.open_task(site, started, "periksa_rencana"), returning=True)
    walking.walk(site, started, "setujui_anggaran")
    page = Visitor(app, site, "ppk").open(address(site, started, "setujui_anggaran"))
    assert "Keputusan langkah sebelumnya" in page.text
    assert "Dikembalikan" not in page.text


def test_another_role_sees_who_can_do_it_and_no_form(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "tindak_lanjut_alokasi")
    chair = Visitor(app, site, "kpukab").open(address(site, started, "tindak_lanjut_alokasi"))
    assert "Sitti Aminah" in chair.text
    assert not chair.page.xpath('//button[@value="send"]')


def test_drafts_that_save_themselves_answer_without_a_page(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open(address(site, started, "catat_rapat"))
    for button in chair.page.xpath('//button[@value="save"]'):
        button.set("value", "autosave")
    chair.press("_act=autosave", tempat="Aula")
    assert chair.response.json["revision"]
    assert chair.open(chair.path).value("tempat") == "Aula"


@pytest.fixture
def member(app: Flask, site: Site, started: str) -> Visitor:
    """Somebody with a password of their own, in front of a task's form."""
    with site.database.write() as connection:
        connection.execute(update(users).where(users.c.name == "anggota").values(password=hash_password(PASSWORD)))
    return Visitor(app, site, "anggota").open(address(site, started, "catat_rapat"))


def test_what_was_typed_when_the_session_had_ended_is_a_draft_after_signing_in(member: Visitor) -> None:
    member.client.delete_cookie("alur")
    member.press("Kirim", tempat="Aula lantai <dua>")
    assert member.status == 401
    assert "Sesi Anda sudah berakhir" in member.text
    member.press("Masuk", name="anggota", password="bukan ini")
    assert member.status == 401
    member.press("Masuk", name="anggota", password=PASSWORD)
    assert member.status == 200
    assert "Draf tersimpan" in member.text
    assert member.value("tempat") == "Aula lantai <dua>"


def test_who_signs_in_too_late_still_sees_what_they_typed(
    member: Visitor, app: Flask, site: Site, started: str
) -> None:
    member.client.delete_cookie("alur")
    member.press("Kirim", tempat="Aula lantai dua")
    walking.walk(site, started, "putuskan_rencana")
    member.press("Masuk", name="anggota", password=PASSWORD)
    assert member.status == 409
    assert "Aula lantai dua" in member.text
    assert member.link("Rustan Bedu") == "/saya"


def test_who_signs_in_again_does_not_overwrite_what_another_tab_saved_meanwhile(
    member: Visitor, app: Flask, site: Site
) -> None:
    page = member.path
    Visitor(app, site, "anggota").open(page).press("Simpan draf", tempat="Lapangan")
    member.client.delete_cookie("alur")
    member.press("Simpan draf", tempat="Aula lantai dua")
    member.press("Masuk", name="anggota", password=PASSWORD)
    assert member.status == 409
    assert member.value("tempat") == "Aula lantai dua"
    assert "Lapangan" in rows(member)[0].text_content()
    assert Visitor(app, site, "anggota").open(page).value("tempat") == "Lapangan"


def test_a_page_whose_key_is_old_comes_back_with_the_text_and_a_fresh_key(member: Visitor) -> None:
    member.client.delete_cookie("alur-form")
    member.press("Simpan draf", tempat="Aula lantai dua")
    assert member.status == 400
    assert "Belum ada yang terkirim" in member.text
    assert member.value("tempat") == "Aula lantai dua"
    assert "Draf tersimpan" in member.press("Simpan draf").text


def test_both_may_have_ended_at_once_and_nothing_is_lost(member: Visitor) -> None:
    member.client.delete_cookie("alur-form")
    member.client.delete_cookie("alur")
    member.press("Simpan draf", tempat="Aula lantai dua")
    member.client.delete_cookie("alur-form")
    member.press("Masuk", name="anggota", password=PASSWORD)
    assert member.status == 400
    member.press("Masuk", name="anggota", password=PASSWORD)
    assert member.value("tempat") == "Aula lantai dua"


def test_text_that_another_site_posts_is_not_carried_along(member: Visitor) -> None:
    for cookie in ("alur", "alur-form"):
        member.client.delete_cookie(cookie)
    answer = member.client.post(
        member.path, data={"tempat": "jahat", "_act": "save"}, headers={"Origin": "https://jahat.example"}
    )
    assert answer.status_code == 400
    assert "jahat" not in answer.text


def test_whose_task_it_is_stands_before_the_form(member: Visitor) -> None:
    html = member.response.text
    assert html.index('value="claim"') < html.index('id="isian"')


def test_what_is_needed_must_be_ticked_or_excused_and_nothing_is_lost_over_it(
    app: Flask, site: Site, started: str
) -> None:
    walking.walk(site, started, "putuskan_rencana")
    chair = Visitor(app, site, "kpukab").open(address(site, started, "putuskan_rencana"))
    assert chair.page.xpath('//input[@name="_kelengkapan"]/@value') == [
        "DIPA KPU Kab. Pinrang",
        "Surat Edaran",
        "Peraturan KPU",
    ]
    chair.press("Kirim", keputusan="setuju", _kelengkapan=["Surat Edaran"])
    assert chair.status == 422
    assert "DIPA KPU Kab. Pinrang, Peraturan KPU" in chair.page.get_element_by_id("kelengkapan-error").text_content()
    assert chair.page.xpath('//input[@name="_kelengkapan" and @checked]/@value') == ["Surat Edaran"]
    assert chair.page.xpath('//input[@name="keputusan" and @checked]/@value') == ["setuju"]
    chair.press("Kirim", _alasan="DIPA belum terbit")
    assert "Terkirim" in chair.text
    assert "✗ DIPA KPU Kab. Pinrang — tidak ada" in chair.text
    assert "DIPA belum terbit" in chair.text


def test_ticks_are_part_of_the_draft(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = address(site, started, "putuskan_rencana")
    Visitor(app, site, "kpukab").open(page).press("Simpan draf", _kelengkapan=["Surat Edaran"], _alasan="menyusul")
    again = Visitor(app, site, "kpukab").open(page)
    assert again.page.xpath('//input[@name="_kelengkapan" and @checked]/@value') == ["Surat Edaran"]
    assert again.value("_alasan") == "menyusul"


@pytest.mark.parametrize("button", ["Simpan draf", "Kirim"])
def test_a_second_tab_is_told_what_the_first_changed_and_keeps_its_own_text(
    app: Flask, site: Site, started: str, button: str
) -> None:
    page = address(site, started, "catat_rapat")
    Visitor(app, site, "kpukab").open(page).press("Simpan draf", tempat="Aula")
    first, second = Visitor(app, site, "kpukab").open(page), Visitor(app, site, "kpukab").open(page)
    first.press("Simpan draf", tempat="Ruang rapat")
    second.press("_add=anggota").press(button, tempat="Lapangan")
    assert second.status == 409
    cells = {row[0].text_content(): [" ".join(cell.text_content().split()) for cell in row[1:]] for row in rows(second)}
    assert cells == {"Tempat rapat": ["Aula", "Ruang rapat", "Lapangan"]}
    assert second.value("tempat") == "Lapangan"
    assert first.open(page).value("tempat") == "Ruang rapat"
    assert second.press("Simpan draf").status == 200
    assert first.open(page).value("tempat") == "Lapangan"


def test_ticks_that_another_tab_set_are_told_too(app: Flask, site: Site, started: str) -> None:
    walking.walk(site, started, "putuskan_rencana")
    page = address(site, started, "putuskan_rencana")
    Visitor(app, site, "kpukab").open(page).press("Simpan draf", _alasan="menyusul")
    first, second = Visitor(app, site, "kpukab").open(page), Visitor(app, site, "kpukab").open(page)
    first.press("Simpan draf", _kelengkapan=["Surat Edaran"], _alasan="")
    second.press("Simpan draf", keputusan="setuju")
    assert second.status == 409
    assert [cell.text_content().strip() for cell in rows(second)[0]] == [
        "Kelengkapan",
        "menyusul",
        "Surat Edaran",
        "menyusul",
    ]


def rows(visitor: Visitor) -> list[Any]:
    """The table of what was changed elsewhere."""
    return list(visitor.page.xpath('//div[@role="alert"]//tbody/tr'))


def test_a_tab_that_says_the_same_disturbs_nobody(app: Flask, site: Site, started: str) -> None:
    page = address(site, started, "catat_rapat")
    first, second = Visitor(app, site, "kpukab").open(page), Visitor(app, site, "kpukab").open(page)
    first.press("Simpan draf", tempat="Aula")
    assert second.press("Simpan draf", tempat="Aula").status == 200


def test_a_page_that_came_too_late_shows_what_was_sent_in_its_place(app: Flask, site: Site, started: str) -> None:
    task = walking.open_task(site, started, "catat_rapat")
    member = Visitor(app, site, "anggota").open(f"/tugas/{task.id}").press("Simpan draf", tempat="Aula")
    walking.complete(site, task)
    member.press("Simpan draf", tempat="Lapangan")
    assert member.status == 409
    place = next(row for row in rows(member) if row[0].text_content() == "Tempat rapat")
    assert [" ".join(cell.text_content().split()) for cell in place[1:]] == [
        "Aula",
        walking.example(site, task)["tempat"],
        "Lapangan",
    ]


def test_a_draft_that_a_colleague_overtook_can_still_be_read(app: Flask, site: Site, started: str) -> None:
    task = walking.open_task(site, started, "catat_rapat")
    member = Visitor(app, site, "anggota").open(f"/tugas/{task.id}").press("Simpan draf", tempat="Aula lantai dua")
    walking.complete(site, task)
    member.open(f"/tugas/{task.id}")
    assert "Isian Anda, belum terkirim" in member.text
    assert "Aula lantai dua" in member.text


def test_whoever_made_up_what_the_page_had_shown_is_not_believed(app: Flask, site: Site, started: str) -> None:
    page = address(site, started, "catat_rapat")
    first, second = Visitor(app, site, "kpukab").open(page), Visitor(app, site, "kpukab").open(page)
    first.press("Simpan draf", tempat="Aula")
    for made_up in ("", "null", "[1, 2]", '{"a": 1}', '[{"anggota": 5, "tempat": []}, {"checked": 7}]'):
        assert second.open(page).press("Simpan draf", _draft="0", _base=made_up, tempat="Lapangan").status == 409
        assert second.value("tempat") == "Lapangan"


def test_what_comes_next_stands_beside_the_button(app: Flask, site: Site, started: str) -> None:
    chair = Visitor(app, site, "kpukab").open(address(site, started, "catat_rapat"))
    assert "Setelah dikirim: KPU Kab — Menetapkan rencana kegiatan (Alamsyah)" in chair.text


def test_every_button_keeps_what_was_typed_and_whoever_only_looked_has_no_draft(
    app: Flask, site: Site, started: str
) -> None:
    page = address(site, started, "catat_rapat")
    chair = Visitor(app, site, "kpukab").open(page)
    for button in ("Ambil tugas", "Dokumen"):
        assert "Draf tersimpan" not in chair.press(button).text
        assert "Ini draf Anda dari" not in chair.open(page).text
    chair.press("Lepaskan", tempat="Aula", jumlah_kuorum="3")
    assert chair.value("tempat") == "Aula"
    assert "Ini draf Anda dari" in chair.open(page).text


@pytest.mark.parametrize("activity", ["catat_rapat", "putuskan_rencana", "susun_rencana", "siapkan_kegiatan"])
def test_a_form_that_nobody_touched_is_no_draft_at_any_step(
    app: Flask, site: Site, started: str, activity: str
) -> None:
    walking.walk(site, started, activity)
    task = walking.open_task(site, started, activity)
    name = BY_LANE[task.lane] if task.lane != "KPU Kab" else "kpukab"
    Visitor(app, site, name).open(f"/tugas/{task.id}").press("Ambil tugas")
    assert user_task(site, walking.person(site, name), task.id).draft is None


def test_what_could_not_be_sent_is_a_draft(app: Flask, site: Site, started: str) -> None:
    page = address(site, started, "catat_rapat")
    chair = Visitor(app, site, "kpukab").open(page).tick().press("Kirim", tempat="Aula lantai dua")
    assert chair.status == 422
    assert Visitor(app, site, "kpukab").open(page).value("tempat") == "Aula lantai dua"
    assert chair.press("Simpan draf", tempat="Lapangan").status == 200


def test_after_a_conflict_only_save_and_send_put_this_tab_in_the_place_of_the_other(
    app: Flask, site: Site, started: str
) -> None:
    page = address(site, started, "catat_rapat")
    first, second = Visitor(app, site, "kpukab").open(page), Visitor(app, site, "kpukab").open(page)
    first.press("Simpan draf", tempat="Aula")
    for button in ("Simpan draf", "Ambil tugas", "Dokumen"):
        assert second.press(button, tempat="Lapangan").status == 409
        assert "Aula" in rows(second)[0].text_content()
    assert first.open(page).value("tempat") == "Aula"
    assert second.press("Simpan draf").status == 200
    assert first.open(page).value("tempat") == "Lapangan"


def test_a_draft_that_could_not_save_itself_is_told_why_without_a_page(app: Flask, site: Site, started: str) -> None:
    task = walking.open_task(site, started, "catat_rapat")
    chair = Visitor(app, site, "kpukab").open(f"/tugas/{task.id}")
    save_draft(site, walking.person(site, "kpukab"), task.id, {"tempat": "Aula"})
    for button in chair.page.xpath('//button[@value="save"]'):
        button.set("value", "autosave")
    assert chair.press("_act=autosave", tempat="Lapangan").response.json == {"code": "draft_changed"}
    assert chair.status == 409
    chair.client.delete_cookie("alur-form")
    chair.press("_act=autosave", tempat="Lapangan")
    assert (chair.status, chair.response.json["person"]) == (400, "kpukab")
