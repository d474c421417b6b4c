"""Pembuktian: an auditor has everything verified, takes checkpoints along, and compares them later."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from engine import acts, clock, installation
from engine.acts import Channel
from engine.checkpoints import Folder, make_checkpoint
from engine.models import verifications
from engine.proof import Proof
from engine.proof.asked import verify_asked
from engine.proof.stating import state
from engine.queries.acts import find_acts
from engine.site import Site
from engine.versions import CARRIED
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.visitors import Visitor


@pytest.fixture
def auditor(app: Flask, site: Site) -> Visitor:
    installation.set_up_key(site, OPERATOR, CHANNEL)
    walking.start(site)
    make_checkpoint(site)
    return Visitor(app, site, "auditor").open("/pembuktian")


def worked(site: Site) -> None:
    thread = verify_asked(site)
    assert thread is not None
    thread.join()


def test_everything_is_verified_at_the_press_of_a_button(site: Site, auditor: Visitor) -> None:
    auditor.press("Buktikan semuanya")
    assert "segera dimulai" in auditor.text and "Rina Mustari" in auditor.text
    worked(site)
    assert verify_asked(site) is None, "one verification is enough"
    assert "Semuanya utuh." in auditor.open("/pembuktian").text and "1 berkas" in auditor.text
    act = find_acts(site, OPERATOR, before=10**6, limit=1)[0]
    assert (act["kind"], act["actor"], act["after"]["verdict"]) == ("verified", "auditor", "intact")


def test_what_was_changed_stands_there_with_its_place(site: Site, auditor: Visitor) -> None:
    with site.database.write() as connection:
        connection.exec_driver_sql("update user_tasks set lane = 'Staf'")
    auditor.press("Buktikan semuanya")
    worked(site)
    auditor.open("/pembuktian")
    assert "Ada yang diubah dari luar." in auditor.text
    assert auditor.page.xpath("//main//td/span/a[starts-with(@href, '/berkas/')]")


def test_a_checkpoint_is_taken_along_and_compared(site: Site, auditor: Visitor) -> None:
    kept = auditor.client.get(auditor.link("Unduh yang terbaru")).data
    last = Folder.of(site.settings).last()
    assert last is not None and kept.decode() == last.text
    assert find_acts(site, OPERATOR, before=10**6, limit=1)[0]["subject"] == f"checkpoint {last.number}"
    auditor.press("Bandingkan", kept=("checkpoint.txt", kept))
    assert "masih sama dengan simpanan Anda" in auditor.text


def test_a_missing_key_is_told(site: Site, auditor: Visitor) -> None:
    (site.settings.var / "keys" / "checkpoint.key").unlink()
    auditor.press("Buktikan semuanya")
    worked(site)
    assert "Kunci penanda tangan checkpoint tidak ada di sini" in auditor.open("/pembuktian").text


def test_what_an_older_rule_decided_is_told(site: Site, auditor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proof, "not_compared", 3)
    auditor.press("Buktikan semuanya")
    worked(site)
    assert "3 hasil dari versi lama" in auditor.open("/pembuktian").text


def test_what_is_intact_by_a_statement_is_told(site: Site, auditor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    state(site, OPERATOR, CHANNEL)
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    monkeypatch.setattr("engine.replay.execution.transitions", lambda step: [])
    auditor.press("Buktikan semuanya")
    worked(site)
    told = auditor.open("/pembuktian").text
    assert "Semuanya utuh." in told and "1 riwayat dari versi lama kini berhasil lain: utuh, menurut pernyataan" in told


def test_another_checkpoint_than_the_one_kept_is_told(site: Site, auditor: Visitor) -> None:
    folder = Folder.of(site.settings)
    last = folder.last()
    assert last is not None
    walking.start(site)
    make_checkpoint(site)
    (folder.path / last.filename).write_text(last.text.replace('"at":"2', '"at":"1'))
    auditor.open("/pembuktian").press("Bandingkan", kept=("checkpoint.txt", last.text.encode()))
    assert "tidak sama dengan simpanan Anda" in auditor.text and "lain dari yang Anda simpan" in auditor.text
    auditor.press("Bandingkan", kept=("checkpoint.txt", b"bukan"))
    assert auditor.status == 422 and "bukan checkpoint" in auditor.text


def test_public_keys_are_taken_along(site: Site, auditor: Visitor) -> None:
    answer = auditor.client.get(auditor.link("Kunci publik"))
    assert answer.data.decode().split() == Folder.of(site.settings).public_keys()


def test_without_a_key_the_page_says_what_to_do(app: Flask, site: Site) -> None:
    auditor = Visitor(app, site, "auditor").open("/pembuktian")
    assert "alur init" in auditor.text
    auditor.press("Buktikan semuanya")
    worked(site)
    auditor.open("/pembuktian")
    assert "Hasil ini tidak membuktikan apa pun." in auditor.text and "alur init" in auditor.text


def kept_results(site: Site) -> list[str]:
    with site.database.read() as connection:
        return list(connection.execute(select(verifications.c.result).order_by(verifications.c.id)).scalars())


def plant(site: Site, result: str) -> None:
    """As somebody does who writes into the database: the row of a verification, and the act that tells of it."""
    row = {"asked_at": site.clock(), "asked_by": "auditor", "ended_at": site.clock(), "done": 1, "total": 1}
    with site.database.write() as connection:
        planted = connection.execute(insert(verifications).values(**row, result=result).returning(verifications.c.id))
        told = {"verdict": "intact", "cases": 1, "entries": 1}
        acts.record(
            connection, site.clock(), "auditor", Channel("worker"), "verified", str(planted.scalar_one()), after=told
        )


@pytest.mark.parametrize("signature", ["", "\n", "\n" + "0" * 128])
def test_a_planted_result_is_not_believed(site: Site, auditor: Visitor, signature: str) -> None:
    auditor.press("Buktikan semuanya")
    worked(site)
    result = kept_results(site)[-1].partition("\n")[0]
    plant(site, json.dumps({**json.loads(result), "verification": 2}) + signature)
    auditor.open("/pembuktian")
    assert "Hasil ini tidak membuktikan apa pun." in auditor.text
    assert "Semuanya utuh." not in auditor.text and "1 berkas" not in auditor.text


def test_nor_is_an_honest_one_in_the_place_of_another(site: Site, auditor: Visitor) -> None:
    auditor.press("Buktikan semuanya")
    worked(site)
    plant(site, kept_results(site)[-1])
    assert "Hasil ini tidak membuktikan apa pun." in auditor.open("/pembuktian").text
    auditor.press("Buktikan semuanya")
    worked(site)
    assert "Semuanya utuh." in auditor.open("/pembuktian").text


def test_an_honest_one_shows_the_time_that_was_signed(site: Site, auditor: Visitor) -> None:
    auditor.press("Buktikan semuanya")
    worked(site)
    with site.database.write() as connection:
        connection.execute(update(verifications).values(ended_at=clock.from_text("2001-01-01T00:00:00.000000Z")))
    assert "Semuanya utuh." in auditor.open("/pembuktian").text and "2001" not in auditor.text


def test_a_result_of_before_results_were_signed_is_to_be_asked_for_again(site: Site, auditor: Visitor) -> None:
    plant(site, json.dumps({"verdict": "incomplete", "checkpoints": {"count": 1}, "findings": [], "lost": []}))
    assert "Buktikan semuanya sekali lagi." in auditor.open("/pembuktian").text


def test_what_should_have_been_sealed_long_ago_is_told_with_what_to_do(site: Site, auditor: Visitor) -> None:
    walking.start(site, "Rapat lain")
    late = replace(site, clock=lambda: clock.now() + timedelta(minutes=6))
    auditor.press("Buktikan semuanya")
    worked(late)
    auditor.open("/pembuktian")
    assert "belum semuanya dapat dibuktikan" in auditor.text
    assert "Ada entri yang belum masuk checkpoint" in auditor.text and "alur audit checkpoint" in auditor.text
