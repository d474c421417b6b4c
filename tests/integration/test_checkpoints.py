"""Checkpoints: what is in the files, who may sign, what is found when somebody touches them."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from engine import acts, backup, clock, installation
from engine.checkpoints import Checkpoint, Folder, make_checkpoint, restore_folder
from engine.checkpoints.key import key_file, key_id
from engine.errors import CheckpointsMissing, Unacceptable
from engine.proof import Proof, Source, opened_export, own_source, prove, read_sealed
from engine.queries.acts import find_acts
from engine.site import Site
from engine.worker import Worker
from tests import walking
from tests.cast import CHANNEL, OPERATOR

SECOND = 2


@pytest.fixture
def sealed(site: Site) -> Site:
    """An installation with a key, a case, and a checkpoint of it."""
    installation.set_up_key(site, OPERATOR, CHANNEL)
    walking.start(site)
    assert make_checkpoint(site)
    return site


def folder(site: Site) -> Folder:
    return Folder.of(site.settings)


def proved(site: Site, *anchors: str, trusted: tuple[str, ...] = ()) -> Proof:
    return prove(site, read_sealed(own_source(site), anchors, trusted))


def told(proof: Proof) -> list[str]:
    return [each.difference.explain("en") for each in proof.wrong]


def quiet(*_: object) -> None:
    """No report."""


def test_a_checkpoint_is_two_lines_that_anybody_can_check(sealed: Site) -> None:
    case = walking.start(sealed, "Rapat lain")
    assert make_checkpoint(sealed)
    first, second = (folder(sealed).path / f"0000000{n}.txt" for n in (1, 2))
    line, signature, nothing = second.read_bytes().decode().split("\n")
    said = json.loads(line)
    assert line == json.dumps(said, sort_keys=True, separators=(",", ":")) and nothing == ""
    (public,) = (folder(sealed).path / "public-key.txt").read_text().split()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), line.encode())
    instance = walking.look(sealed, case).instance
    with sealed.database.read() as connection:
        head = list(acts.head(connection))
    assert said == {
        "acts": head,
        "at": said["at"],
        "cases": [[case, instance.seq, instance.head]],
        "format": "alur-checkpoint-1",
        "key": sha256(bytes.fromhex(public)).hexdigest()[:16],
        "number": 2,
        "previous": sha256(first.read_bytes()).hexdigest(),
    }


def test_the_key_is_the_operators_alone_and_made_once(sealed: Site) -> None:
    file = key_file(sealed.settings)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert installation.set_up_key(sealed, OPERATOR, CHANNEL) is None
    with pytest.raises(Unacceptable):
        installation.replace_key(sealed, OPERATOR, CHANNEL)
    assert [act["subject"] for act in find_acts(sealed, OPERATOR, kind="key.created")] == [
        key_id(folder(sealed).public_keys()[0])
    ]


def test_a_key_that_is_elsewhere_is_not_made_again_and_seals_from_there(sealed: Site, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "checkpoint.key"
    stick.parent.mkdir()
    key_file(sealed.settings).replace(stick)
    walking.start(sealed, "Rapat lain")
    assert installation.set_up_key(sealed, OPERATOR, CHANNEL) is None
    assert make_checkpoint(sealed) is None
    there = replace(sealed, settings=replace(sealed.settings, checkpoint_key=stick))
    assert make_checkpoint(there)


def test_a_replaced_key_signs_on_and_both_are_known(sealed: Site) -> None:
    key_file(sealed.settings).unlink()
    second = installation.replace_key(sealed, OPERATOR, CHANNEL)
    made = make_checkpoint(sealed)
    assert made is not None and made.key == second and len(folder(sealed).public_keys()) == SECOND
    proof = proved(sealed)
    assert (proof.verdict, proof.sealed.signatures, len(proof.sealed.keys)) == ("intact", 2, 2)
    only_the_first = tuple(folder(sealed).public_keys()[:1])
    assert told(proved(sealed, trusted=only_the_first)) == ["the checkpoint is signed with an unknown key"]


def test_nothing_changed_makes_no_checkpoint_and_a_worker_makes_the_next(sealed: Site) -> None:
    assert make_checkpoint(sealed) is None
    walking.start(sealed, "Rapat lain")
    Worker(sealed).turn()
    assert folder(sealed).numbers() == [1, 2]


def test_what_is_not_sealed_yet_is_counted(sealed: Site) -> None:
    assert proved(sealed).unsealed == 0
    walking.start(sealed, "Rapat lain")
    proof = proved(sealed)
    assert (proof.verdict, proof.unsealed) == ("intact", 1)


def test_several_at_once_make_one_chain(sealed: Site) -> None:
    def work(number: int) -> None:
        walking.start(sealed, f"Rapat {number}")
        make_checkpoint(sealed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    make_checkpoint(sealed)
    numbers = folder(sealed).numbers()
    assert numbers == list(range(1, len(numbers) + 1))
    proof = proved(sealed)
    assert (proof.verdict, proof.unsealed, proof.sealed.signatures) == ("intact", 0, len(numbers))


def test_a_checkpoint_whose_note_was_lost_is_followed_by_the_next(sealed: Site) -> None:
    """As when the PC stops after the file is on disk and before the transaction is."""
    with sealed.database.write() as connection:
        connection.exec_driver_sql("delete from checkpoints")
        connection.exec_driver_sql("delete from seals")
    made = make_checkpoint(sealed)
    assert made is not None and made.number == SECOND
    with sealed.database.read() as connection:
        assert [number for number, _ in Source.of_copies(connection).texts] == [1, 2]
    assert proved(sealed).verdict == "intact"


def test_a_clock_that_was_put_back_raises_no_alarm(sealed: Site) -> None:
    yesterday = replace(sealed, clock=lambda: clock.now() - timedelta(days=1))
    walking.start(sealed, "Rapat lain")
    assert make_checkpoint(yesterday)
    assert proved(sealed).verdict == "intact"


def test_a_second_chain_is_never_begun(sealed: Site, tmp_path: Path) -> None:
    elsewhere = replace(sealed, settings=replace(sealed.settings, checkpoints=tmp_path / "stick"))
    walking.start(sealed, "Rapat lain")
    with pytest.raises(CheckpointsMissing):
        make_checkpoint(elsewhere)
    assert folder(elsewhere).numbers() == []
    assert restore_folder(elsewhere) == 1 and make_checkpoint(elsewhere) is not None
    assert proved(elsewhere).verdict == "intact"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"number":2', '"number":3'), "another number than its file"),
        (lambda text: text.replace('"at":"2', '"at":"3'), "signature of the checkpoint is wrong"),
        (lambda text: text[:-2] + ("0" if text[-2] != "0" else "1") + "\n", "signature of the checkpoint is wrong"),
        (lambda text: text + "\n", "no checkpoint"),
        (lambda text: "", "no checkpoint"),
        (lambda text: None, "the newest checkpoints are missing"),
    ],
)
def test_a_checkpoint_that_was_touched_is_found(sealed: Site, change: object, sentence: str) -> None:
    walking.start(sealed, "Rapat lain")
    made = make_checkpoint(sealed)
    assert made is not None
    text = change(made.text)  # type: ignore[operator]
    file = folder(sealed).path / made.filename
    file.unlink() if text is None else file.write_bytes(text.encode())
    proof = proved(sealed)
    assert proof.verdict == "tampered" and any(sentence in each for each in told(proof)), told(proof)


def test_a_gap_is_found(sealed: Site) -> None:
    for title in ("Rapat lain", "Rapat ketiga"):
        walking.start(sealed, title)
        make_checkpoint(sealed)
    (folder(sealed).path / "00000002.txt").unlink()
    assert told(proved(sealed)) == ["the checkpoint is missing"]


def test_whoever_rules_the_whole_pc_is_found_with_what_the_auditor_kept(sealed: Site, tmp_path: Path) -> None:
    """Everything is put back to before the second case, key and checkpoints too: it is all in order, and yet."""
    backup.copy(sealed, tmp_path / "before.sqlite3").database.close()
    before = own_source(sealed)
    walking.start(sealed, "Rapat lain")
    kept = make_checkpoint(sealed)
    assert kept is not None
    with opened_export(tmp_path / "before.sqlite3") as site:
        assert prove(site, read_sealed(before)).verdict == "intact"
        proof = prove(site, read_sealed(before, [kept.text]))
    assert told(proof)[0] == "the checkpoint that you kept is missing"
    assert any("the case is gone" in each for each in told(proof))


def test_the_auditors_own_checkpoint_agrees_with_an_honest_office(sealed: Site) -> None:
    kept = folder(sealed).text(1)
    walking.start(sealed, "Rapat lain")
    make_checkpoint(sealed)
    proof = proved(sealed, kept, trusted=tuple(folder(sealed).public_keys()))
    assert (proof.verdict, len(proof.sealed.anchors)) == ("intact", 1)
    with pytest.raises(Unacceptable):
        read_sealed(own_source(sealed), ["bukan checkpoint"])


def test_a_restored_backup_is_told_until_a_checkpoint_kept_since_knows_of_it(sealed: Site, tmp_path: Path) -> None:
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    gone = walking.start(sealed, "sesudahnya")
    make_checkpoint(sealed)
    assert backup.restore(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet, "disk rusak")
    after = make_checkpoint(sealed)
    assert after is not None and after.number == SECOND + 1, "the chain of checkpoints goes on"
    proof = proved(sealed)
    assert (proof.verdict, proof.exit_code, proof.wrong) == ("unproved", 2, [])
    assert gone in {each.where for each in proof.lost} and proof.restores[0].reason == "disk rusak"
    assert proved(sealed, after.text).verdict == "intact", "who kept this one has seen it"
    with sealed.database.write() as connection:
        connection.exec_driver_sql("delete from acts where kind = 'restore'")
    assert proved(sealed).verdict == "tampered"


def test_a_new_pc_gets_the_checkpoints_from_the_backup_and_not_the_key(sealed: Site, tmp_path: Path) -> None:
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    new = Site.open(replace(sealed.settings, var=tmp_path / "baru", database_url=""))
    try:
        assert backup.restore(new, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
        assert folder(new).text(1) == folder(sealed).text(1)
        assert folder(new).public_keys() == folder(sealed).public_keys()
        assert not key_file(new.settings).exists()
    finally:
        new.database.close()


def test_a_backup_is_verified_alone_and_against_the_folder(sealed: Site, tmp_path: Path) -> None:
    file = tmp_path / "cadangan.sqlite3"
    backup.copy(sealed, file).database.close()
    with opened_export(file) as site, site.database.read() as connection:
        copies = Source.of_copies(connection)
        assert prove(site, read_sealed(copies)).verdict == "intact"
        assert prove(site, read_sealed(own_source(sealed))).verdict == "intact"
    assert Checkpoint.read(copies.texts[0][1]).number == 1
