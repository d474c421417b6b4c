"""Where one chooses an SOP, the page says what it is and needs."""

from flask import Flask

from engine.site import Site
from tests.visitors import Visitor


def test_the_header_the_steps_the_roles_and_the_norms_stand_beside_the_choice(app: Flask, site: Site) -> None:
    chair = Visitor(app, site, "kpukab").open("/mulai")
    (about,) = chair.page.xpath('//details[@class="about"]')
    said = " ".join(about.text_content().split())
    assert "langkah oleh Staf, PPK, Kasubag, KPA, KPU Kab" in said
    for part in ("Nomor SOP", "16 TAHUN 2022", "Dasar hukum", "Undang-Undang Nomor 7 Tahun 2017", "Peringatan"):
        assert part in said
    first = [" ".join(cell.text_content().split()) for cell in about.xpath(".//tbody/tr[1]/td")]
    assert first[1:3] == ["Mencatat rapat penetapan rencana kegiatan", "KPU Kab"]
    assert first[4:] == ["± 1 Hari", "BA Pleno/ Risalah Rapat"]
    assert "Surat Edaran" in first[3]


def test_choosing_it_still_starts_the_case(app: Flask, site: Site) -> None:
    chair = Visitor(app, site, "kpukab").open("/mulai").press("Mulai kegiatan", title="Sosialisasi")
    assert chair.path.startswith("/berkas/")
