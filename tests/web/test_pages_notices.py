"""Pemberitahuan without a script: what came, laying it aside, and how it comes by e-mail."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import update

from app import create_app
from engine.commands.cases import cancel_case
from engine.models import mails, users
from engine.outbox import write_mails
from engine.queries.acts import find_acts
from engine.queries.notices import mail_preference
from engine.site import Site
from tests import post, walking
from tests.cast import OPERATOR
from tests.visitors import Visitor
from tests.walking import person


def badge(visitor: Visitor) -> str:
    """The number in the header, "" for none."""
    found = visitor.page.xpath("//header//a[@href='/pemberitahuan']/span[contains(@class, 'badge')]/text()[1]")
    return str(found[0]) if found else ""


def test_the_header_counts_what_still_asks_for_something(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "anggota")
    assert badge(visitor) == ""
    case = walking.start(site, "Rapat A")
    assert badge(visitor.open("/")) == "1"
    walking.walk(site, case, until="putuskan_rencana")
    assert badge(visitor.open("/")) == "", "the task is over"


def test_a_notice_leads_to_its_task_and_is_laid_aside(app: Flask, site: Site) -> None:
    walking.start(site, "Rapat A")
    walking.start(site, "Rapat B")
    visitor = Visitor(app, site, "anggota").open("/pemberitahuan")
    assert "Rapat A" in visitor.text and "Rapat B" in visitor.text
    assert visitor.open(visitor.link("Mencatat")).path.startswith("/tugas/")
    visitor.open("/pemberitahuan").press("Tandai sudah dilihat")
    assert "Rapat B" not in visitor.text and "Rapat A" in visitor.text, "the latest stood first"
    assert "Rapat B" in visitor.open("/pemberitahuan?semua=1").text
    assert "Tidak ada yang baru" in visitor.press("Tandai semua sudah dilihat").text


def test_of_what_is_over_one_reads_why(app: Flask, site: Site) -> None:
    done, cancelled = walking.start(site, "Rapat A"), walking.start(site, "Rapat B")
    walking.walk(site, done, until="putuskan_rencana")
    cancel_case(site, OPERATOR, walking.WEB, cancelled, "batal")
    told = Visitor(app, site, "anggota").open("/pemberitahuan?semua=1").page.xpath("//ul[@class='list']/li")
    texts = {each.xpath("string(p[1])"): each.xpath("string(p[2])") for each in told}
    assert texts["Rapat A"].endswith("Selesai")
    assert texts["Rapat B"].endswith("Selesai · Berkas dibatalkan")


def test_one_page_follows_another(app: Flask, site: Site) -> None:
    for number in range(52):
        walking.start(site, f"Rapat {number:02}")
    visitor = Visitor(app, site, "anggota").open("/pemberitahuan")
    assert badge(visitor) == "52" and "Rapat 51" in visitor.text and "Rapat 01" not in visitor.text
    assert "Rapat 01" in visitor.open(visitor.link("Pemberitahuan sebelumnya")).text


def test_an_address_typed_by_hand_is_no_failure(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "anggota")
    assert visitor.open("/pemberitahuan?sebelum=" + "9" * 50).status == 200
    assert visitor.open("/pemberitahuan?sebelum=x").status == 200


def test_everybody_chooses_how_often_e_mail_comes(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "staf").open("/pemberitahuan")
    assert "belum mengatur surel" in visitor.text
    assert "tersimpan" in visitor.press("Simpan", mail="daily").text
    assert mail_preference(site, person(site, "staf")).mail == "daily"


def mailing(site: Site, port: int) -> Site:
    with site.database.write() as connection:
        connection.execute(update(users).values(email=users.c.name + "@kpu.example"))
    return replace(
        site, settings=replace(site.settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="alur@kpu.example")
    )


def test_an_administrator_sends_again_what_was_given_up(site: Site) -> None:
    mailed = mailing(site, 9)
    walking.start(mailed, "Rapat A")
    write_mails(mailed)
    with site.database.write() as connection:
        connection.execute(update(mails).values(try_at=None, attempts=3, error="550 no such user"))
    visitor = Visitor(create_app(site=mailed), site, "admin").open("/kelola/surel")
    assert "tidak dicoba lagi" in visitor.text and "550 no such user" in visitor.text
    assert "menunggu" in visitor.press("Kirim ulang").text
    assert "mail.retried" in [act["kind"] for act in find_acts(site, OPERATOR)]


def test_an_administrator_tries_the_mail_server(site: Site) -> None:
    postbox = post.closed()
    visitor = Visitor(create_app(site=mailing(site, postbox.port)), site, "admin").open("/kelola/surel")
    assert "tidak dapat dipakai" in visitor.press("Kirim surel percobaan").text
    with postbox.open():
        assert "admin@kpu.example" in visitor.press("Kirim surel percobaan").text
    assert postbox.told == [("admin@kpu.example", "[Alur] Surel ini percobaan")]
    assert "saling mengerti" in str(postbox.arrived[0].get_content())


def test_without_a_mail_server_the_page_says_how_to_get_one(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "admin").open("/kelola/surel")
    assert "ALUR_SMTP_URL" in visitor.text and "percobaan" not in visitor.text


def test_a_mistyped_address_leaves_one_signed_in(app: Flask, site: Site) -> None:
    visitor = Visitor(app, site, "staf").open("/tidak-ada")
    assert visitor.status == 404 and visitor.link("Ke kotak masuk") == "/"
