"""Kelola without a script: people, roles, substitutes, calendar, numbers, letterhead, and the record of all that."""

import pytest
from flask import Flask

from engine import credentials, office
from engine.queries.acts import find_acts
from engine.queries.register import this_year
from engine.replay import verify_all
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR, PASSWORD
from tests.visitors import Visitor
from tests.walking import person

WHY = "SK 12/2026"


@pytest.fixture
def admin(app: Flask, site: Site) -> Visitor:
    return Visitor(app, site, "admin")


@pytest.mark.parametrize(
    "page",
    ["orang", "orang-baru", "orang-csv", "orang/staf", "peran", "pengganti", "kalender", "nomor", "kantor", "tindakan"],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_shows_itself(app: Flask, site: Site, page: str, language: str) -> None:
    visitor = Visitor(app, site, "admin", language).open(f"/kelola/{page}")
    assert visitor.status == 200
    assert visitor.page.findtext(".//h1")
    named = [each.get("id") for each in visitor.page.iter() if each.get("id")]
    assert len(named) == len(set(named)), "an id is there twice"
    labelled = {each.get("for") for each in visitor.page.iter("label")}
    for field in visitor.page.xpath("//main//input[not(@type='hidden')] | //main//select"):
        assert field.get("aria-label") or field.get("id") in labelled, field.get("name")


def test_the_menu_shows_it_to_whom_it_is_for(app: Flask, site: Site, admin: Visitor) -> None:
    assert admin.open("/").link("Kelola") == "/kelola"
    assert admin.open("/kelola").path == "/kelola/orang"
    auditor = Visitor(app, site, "auditor").open("/kelola")
    assert auditor.path == "/kelola/tindakan" and "Orang" not in [a.text for a in auditor.page.iter("a")]
    staff = Visitor(app, site, "staf")
    assert not [a for a in staff.page.iter("a") if a.get("href") == "/kelola"]
    assert staff.open("/kelola").status == 403


def test_a_person_is_added_with_a_password_that_is_shown_once(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/orang-baru").press("Tambahkan", name="dua kata", full_name="Budi Santoso", nip="12")
    assert admin.status == 422 and admin.value("full_name") == "Budi Santoso"
    wrong = {each.get("id"): each.text for each in admin.page.xpath("//p[@class='wrong']")}
    assert wrong.keys() == {"e-name", "e-nip"} and "18 angka" in str(wrong["e-nip"])
    admin.press("Tambahkan", name="budi", nip="199001012015031001", lane=["Staf", "PPK"], positions="Bendahara")
    password = admin.page.xpath("//code[@class='password']")[0].text
    assert credentials.sign_in(site, "budi", password, "127.0.0.1")
    assert person(site, "budi").lanes == {"Staf", "PPK"} and person(site, "budi").positions == ("Bendahara",)
    admin.open("/kelola/orang-baru").press("Tambahkan", name="budi", full_name="Budi Lagi")
    assert admin.status == 409 and "sudah ada" in admin.text.lower()


def test_people_are_searched_and_taken_along_as_a_file(site: Site, admin: Visitor) -> None:
    assert "Alamsyah" in admin.open("/kelola/orang?q=ketua").text
    assert "Sitti" not in admin.text
    assert "Tidak ada" in admin.open("/kelola/orang?q=zzz").text
    admin.open("/kelola/orang?csv=1")
    text = admin.response.data.decode("utf-8-sig")
    assert admin.response.mimetype == "text/csv" and "kpukab,Alamsyah,KPU Kab,Ketua" in text
    assert find_acts(site, OPERATOR, kind="exported")[0]["actor"] == "admin"


def test_a_cell_never_becomes_a_formula(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/orang/staf").press("Simpan", full_name="=HYPERLINK(1)", reason=WHY)
    admin.open("/kelola/orang?csv=1")
    assert "'=HYPERLINK(1)" in admin.response.text


def test_a_role_is_given_and_ended_with_a_reason(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/orang/staf").press("Berikan", reason=WHY, lane="PPK")
    assert admin.status == 200 and "Diberikan." in admin.text
    assert person(site, "staf").lanes == {"Staf", "PPK"}
    admin.press("Berikan", reason=WHY, lane="PPK")
    assert admin.status == 422 and "sudah memegangnya" in admin.text
    admin.open("/kelola/orang/staf").press("Akhiri", reason=" ")
    assert admin.status == 422 and "alasan" in admin.text
    admin.press("Akhiri", reason="Selesai")
    assert person(site, "staf").lanes == {"Staf"}, "the newest stands first"
    assert all(result.verified for _, result in verify_all(site))


def test_ones_own_roles_are_another_administrators_matter(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/orang/admin")
    assert "akun Anda sendiri" in admin.text
    assert not [b for b in admin.page.iter("button") if (b.text or "").startswith(("Berikan", "Akhiri"))]
    admin.open("/kelola/orang/staf").press("Berikan", instead="/kelola/orang/admin", reason=WHY, lane="Staf")
    assert admin.status == 403 and person(site, "admin").lanes == frozenset()


def test_who_leaves_and_who_forgot_their_password(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/orang/staf").press("Buat kata sandi baru", reason="Lupa")
    password = admin.page.xpath("//code[@class='password']")[0].text
    assert credentials.sign_in(site, "staf", password, "127.0.0.1")
    admin.open("/kelola/orang/staf").press("Keluarkan dari semua perangkat", reason="Laptop hilang")
    admin.press("Nonaktifkan orang ini", reason="Pindah")
    assert "sudah keluar" in admin.text
    admin.press("Izinkan orang ini masuk lagi", reason="Kembali")
    assert person(site, "staf").full_name == "Andi Rahmat"


def test_what_nobody_holds_is_seen(admin: Visitor, site: Site) -> None:
    assert "Tidak ada: tugasnya" not in admin.open("/kelola/peran").text
    admin.open("/kelola/orang/ppk").press("Akhiri", reason="Pindah")
    admin.open("/kelola/orang/ppk")
    for button in range(3):
        if [b for b in admin.page.iter("button") if (b.text or "") == "Akhiri"]:
            admin.press("Akhiri", reason=f"Pindah {button}")
    assert "Tidak ada: tugasnya menunggu sia-sia" in admin.open("/kelola/peran").text
    admin.press("Berikan", user="kasubag", kind="lane", lane="PPK", reason=WHY)
    assert person(site, "kasubag").lanes == {"Kasubag", "PPK"}


def test_a_spreadsheet_is_looked_at_first(site: Site, admin: Visitor) -> None:
    bad = b"nama_pengguna;nama_lengkap;nip\nbudi;Budi;12\nstaf;Andi;\n"
    admin.open("/kelola/orang-csv").press("Lihat dahulu", file=("orang.csv", bad))
    assert admin.status == 422 and "Baris" in admin.text
    rows = [[cell.text for cell in row.iter("td")] for row in admin.page.iter("tr") if row.find("td") is not None]
    assert [row[:2] for row in rows] == [["2", "NIP"], ["3", "Nama pengguna"]]
    good = 'nama_pengguna;nama_lengkap;peran\nbudi;Budi "Bang" Ñ;Staf|PPK\nsiti;Siti;Kasubbag\n'.encode()
    admin.press("Lihat dahulu", file=("orang.csv", good))
    assert admin.status == 200 and "Staf, PPK" in admin.text
    assert "Baris 3: tidak ada SOP yang mempunyai peran “Kasubbag”; peran yang ada:" in admin.text
    admin.press("Tambahkan 2 orang")
    assert len(admin.page.xpath("//code[@class='password']")) == 2
    assert person(site, "budi").full_name == 'Budi "Bang" Ñ'


def test_an_administrator_appoints_a_substitute_and_ends_it(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/pengganti").press("Tunjuk", absent="kpa", substitute="kpa", reason=WHY)
    assert admin.status == 422 and admin.value("reason") == WHY
    admin.press("Tunjuk", absent="kpa", substitute="kasubag", kind="plh", reason=WHY)
    assert "Muhammad Yusuf" in admin.text and person(site, "kasubag").stand_ins
    admin.press("Akhiri sekarang", reason="Kembali")
    assert not person(site, "kasubag").stand_ins


def test_a_person_appoints_their_own_substitute(app: Flask, site: Site) -> None:
    kpa = Visitor(app, site, "kpa").open("/saya")
    kpa.open(kpa.link("Pengganti saya")).press("Tunjuk", substitute="kasubag", kind="plh", reason="Cuti")
    assert person(site, "kasubag").stand_ins[0].absent == "kpa"
    kasubag = Visitor(app, site, "kasubag").open("/saya/pengganti")
    assert "Sitti Aminah" in kasubag.text and "Akhiri sekarang" not in kasubag.text
    kpa.open("/saya/pengganti").press("Akhiri sekarang", reason="Kembali")
    assert not person(site, "kasubag").stand_ins


def test_a_person_chooses_their_own_password(app: Flask, site: Site) -> None:
    staff = Visitor(app, site, "staf").open("/saya")
    staff.open(staff.link("Ganti kata sandi")).press("Ganti", old="salah", new="pilihan saya sendiri")
    assert staff.status == 422 and "bukan kata sandi" in staff.text
    staff.press("Ganti", old=PASSWORD, new="pendek")
    assert staff.status == 422 and "10" in staff.text
    staff.press("Ganti", old=PASSWORD, new="pilihan saya sendiri")
    assert credentials.sign_in(site, "staf", "pilihan saya sendiri", "127.0.0.1")


def data(site: Site) -> dict[str, object]:
    with site.database.read() as connection:
        return office.current(connection)


def test_the_letterhead_is_changed_and_says_so(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/kantor").press("Simpan", wilayah="abc", alamat="Jalan Bintang 7", reason=WHY)
    assert admin.status == 422 and admin.value("alamat") == "Jalan Bintang 7" and "hanya berisi angka" in admin.text
    admin.press("Simpan", wilayah="7316", zona="Asia/Jakarta")
    assert admin.status == 200
    kop = data(site)["kop"]
    assert (kop["alamat"], kop["zona"], data(site)["singkatan_zona"]) == ("Jalan Bintang 7", "WIB", "WIB")  # type: ignore[index]


def test_two_who_change_the_office_at_once_are_told(app: Flask, site: Site, admin: Visitor) -> None:
    admin.open("/kelola/kantor")
    Visitor(app, site, "admin").open("/kelola/kantor").press("Simpan", alamat="Jalan A", reason=WHY)
    admin.press("Simpan", alamat="Jalan B", reason=WHY)
    assert admin.status == 409 and admin.value("alamat") == "Jalan B"
    assert data(site)["kop"]["alamat"] == "Jalan A"  # type: ignore[index]


def test_a_mask_shows_its_next_number_before_it_is_saved(site: Site, admin: Visitor) -> None:
    year = this_year(site)
    admin.open("/kelola/nomor").open("/kelola/nomor?jenis=nota_dinas")
    admin.press("_act=preview", mask="{urut}/{jenis}/{tahun}", jenis="ND-K")
    assert f"1/ND-K/{year}" in admin.text
    assert data(site)["masks"]["nota_dinas"]["jenis"] == "ND"  # type: ignore[index]
    admin.press("_act=save", mask="{urut}{tahun}", reason=WHY)
    assert admin.status == 422
    admin.press("_act=save", mask="{urut}/{jenis}/{tahun}", jenis="ND-K", reason=WHY)
    assert admin.status == 200 and data(site)["masks"]["nota_dinas"]["jenis"] == "ND-K"  # type: ignore[index]
    admin.open("/kelola/nomor?jenis=surat_dinas").press("_act=remove", reason=WHY)
    assert "surat_dinas" not in data(site)["masks"]  # type: ignore[operator]


def test_a_mask_that_an_sop_needs_stays(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/nomor?jenis=nota_dinas").press("_act=remove", reason=WHY)
    assert admin.status == 422 and "menerbitkan naskah jenis ini dengan nomor" in admin.text
    assert "nota_dinas" in data(site)["masks"]  # type: ignore[operator]


def test_the_register_is_kept_on_its_page(app: Flask, site: Site, admin: Visitor) -> None:
    year = this_year(site)
    case = walking.start(site)
    admin.open(f"/kelola/nomor/nota_dinas/{year}")
    admin.press("Catat", number="7", reason="surat")
    assert admin.status == 422 and "pola" in admin.text
    admin.open(f"/kelola/nomor/nota_dinas/{year}").press(
        "Catat", number=f"3/PK.01-ND/7315/Ses-Kab/{year}", reason="Undangan mesin tik"
    )
    assert "1–2" in admin.text and "tidak diketahui" in admin.text
    admin.press("Batalkan", first="1", last="2", reason="Salah cetak")
    assert "tidak diketahui" not in admin.text and "Salah cetak" in admin.text
    walking.walk(site, case, until="teruskan_nota_dinas")
    auditor = Visitor(app, site, "auditor").open(f"/kelola/nomor/nota_dinas/{year}")
    assert "Rapat uji" in auditor.text and "Batalkan" not in [b.text for b in auditor.page.iter("button")]
    assert auditor.open(f"/kelola/nomor/tidak_ada/{year}").status == 404
    auditor.open(f"/kelola/nomor/nota_dinas/{year}?csv=1")
    assert "Undangan mesin tik" in auditor.response.text


def test_a_holiday_is_entered_and_moves_deadlines(site: Site, admin: Visitor) -> None:
    admin.open("/kelola/kalender?tahun=2027").press("_act=day", day="2027-03-08", name="Cuti bersama", reason=WHY)
    assert "Cuti bersama" in admin.text
    assert data(site)["working_time"]["holidays"] == [{"date": "2027-03-08", "name": "Cuti bersama"}]  # type: ignore[index]
    admin.press("_act=day", day="2027-03-08", kind="working_days", reason=WHY)
    assert data(site)["working_time"]["holidays"] == []  # type: ignore[index]
    admin.press("_act=remove", reason="keliru")
    assert data(site)["working_time"]["working_days"] == []  # type: ignore[index]
    admin.press("_act=day", day="besok", reason=WHY)
    assert admin.status == 422


def test_working_hours_are_changed_day_by_day(site: Site, admin: Visitor) -> None:
    before = data(site)["working_time"]
    admin.open("/kelola/kalender").press("_act=hours", friday_from="16:00", friday_to="08:00", reason=WHY)
    assert admin.status == 422 and admin.value("friday_from") == "16:00"
    admin.open("/kelola/kalender").press("_act=hours", friday_to="17:00", reason=WHY)
    after = data(site)["working_time"]
    assert after["friday"]["to"] == "17:00"  # type: ignore[index]
    assert {**after, "friday": None} == {**before, "friday": None}, "the rest stays as it was"  # type: ignore[dict-item]


def test_the_record_is_read_searched_and_proven(app: Flask, site: Site) -> None:
    credentials.create_token(site, OPERATOR, CHANNEL, "staf")
    auditor = Visitor(app, site, "auditor").open("/kelola/tindakan?jenis=token.created&q=staf")
    assert "token API dibuat: staf" in auditor.text
    assert "Utuh." in auditor.open("/kelola/tindakan?periksa=1").text
    with site.database.write() as connection:
        connection.exec_driver_sql("update users set rank = 'Pembina' where name = 'ppk'")
    assert "diubah dari luar" in auditor.open("/kelola/tindakan?periksa=1").text
    assert "Tidak ada tindakan" in auditor.open("/kelola/tindakan?q=zzz").text
    auditor.open("/kelola/tindakan?csv=1")
    assert "token.created" in auditor.response.text
