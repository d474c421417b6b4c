"""Checkpoints: what is in the files, who may sign, what is found when somebody touches them."""

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, select, update

from engine import acts, backup, clock, installation, models
from engine.checkpoints import Checkpoint, Folder, make_checkpoint, restore_folder
from engine.checkpoints.key import key_file, key_id
from engine.commands.people import change_user
from engine.errors import CheckpointsMissing, Unacceptable
from engine.exported import opened_export
from engine.proof import Proof, Source, own_source, prove, read_sealed
from engine.queries.acts import find_acts
from engine.site import Site
from engine.worker import Worker, working
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.forger import forge, last_entry

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


def test_a_key_that_others_could_read_is_the_operators_alone_once_it_seals(sealed: Site) -> None:
    file = key_file(sealed.settings)
    file.chmod(0o644)
    walking.start(sealed, "Rapat lain")
    assert make_checkpoint(sealed)
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_is_elsewhere_is_not_made_again_and_seals_from_there(sealed: Site, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "checkpoint.key"
    stick.parent.mkdir()
    key_file(sealed.settings).replace(stick)
    walking.start(sealed, "Rapat lain")
    assert installation.set_up_key(sealed, OPERATOR, CHANNEL) is None
    assert make_checkpoint(sealed) is None
    there = replace(sealed, settings=replace(sealed.settings, checkpoint_key=stick))
    assert make_checkpoint(there)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_a_sentence(sealed: Site, content: bytes) -> None:
    walking.start(sealed, "Rapat lain")
    key_file(sealed.settings).write_bytes(content)
    with pytest.raises(Unacceptable, match="damaged"):
        make_checkpoint(sealed)


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


@pytest.mark.parametrize(
    ("minutes", "verdict"),
    [(0, "intact"), (4, "intact"), (6, "unproved"), (60 * 24 * 365, "unproved"), (-6, "unproved")],
)
def test_what_should_have_been_sealed_long_ago_is_not_called_intact(sealed: Site, minutes: int, verdict: str) -> None:
    """Nor is what claims to come from the future, which would wait for ever."""
    began = clock.now()
    case = walking.start(sealed, "Rapat lain")
    later = replace(sealed, clock=lambda: clock.now() + timedelta(minutes=minutes))
    for proof in (proved(later), prove(later, read_sealed(own_source(later)), [case])):
        assert (proof.verdict, proof.unsealed, proof.wrong) == (verdict, 1, [])
        assert (proof.overdue is not None) is (verdict == "unproved")
        assert proof.overdue is None or began <= proof.overdue <= clock.now()
    make_checkpoint(sealed)
    assert (proved(later).verdict, proved(later).overdue) == ("intact", None)


def test_an_entry_from_the_future_does_not_hide_behind_one_of_just_now(sealed: Site) -> None:
    case = walking.start(sealed, "Rapat lain")
    walking.complete(sealed, walking.waiting(sealed, case)[0])
    last = last_entry(sealed, case)
    forge(sealed, case, last["seq"], lambda entry: entry.update(at="2099-01-01T00:00:00.000000Z"))
    proof = proved(sealed)
    assert (proof.verdict, proof.wrong) == ("unproved", [])


def test_acts_outside_cases_wait_for_a_checkpoint_too(sealed: Site) -> None:
    change_user(sealed, OPERATOR, CHANNEL, "staf", {"rank": "Penata"}, "SK 12/2026")
    later = replace(sealed, clock=lambda: clock.now() + timedelta(minutes=6))
    assert (proved(sealed).verdict, proved(later).verdict, proved(later).unsealed) == ("intact", "unproved", 1)


def test_a_verification_that_takes_long_does_not_hold_its_own_time_against_what_is_done_meanwhile(sealed: Site) -> None:
    walking.start(sealed, "Rapat lain")
    began = clock.now()
    hands = iter([began])
    slow = replace(sealed, clock=lambda: next(hands, began + timedelta(hours=1)))
    assert proved(slow).verdict == "intact"


def test_who_stops_in_order_seals(sealed: Site) -> None:
    with working(sealed):
        while folder(sealed).last() is None or proved(sealed).unsealed:
            time.sleep(0.05)
        walking.start(sealed, "menjelang tutup")
    assert proved(sealed).unsealed == 0


def test_a_backup_brings_the_seal_of_all_that_is_in_it(sealed: Site, tmp_path: Path) -> None:
    walking.start(sealed, "Rapat lain")
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    with opened_export(tmp_path / "cadangan.sqlite3") as site, site.database.read() as connection:
        proof = prove(site, read_sealed(Source.of_copies(connection)))
    assert (proof.verdict, proof.unsealed) == ("intact", 0)


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


def test_a_kept_checkpoint_that_seals_what_a_restore_took_away_accepts_nothing(sealed: Site, tmp_path: Path) -> None:
    """The restore begins the acts' numbers anew: the kept one's is higher, and yet it was made before."""
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    gone = walking.start(sealed, "sesudahnya")
    for rank in ("Penata", "Pembina", "Penata Muda"):
        change_user(sealed, OPERATOR, CHANNEL, "staf", {"rank": rank}, "SK 12/2026")
    kept = make_checkpoint(sealed)
    assert backup.restore(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet, "disk rusak")
    after = make_checkpoint(sealed)
    assert kept is not None and after is not None and kept.acts[0] > after.acts[0]
    proof = proved(sealed, kept.text)
    assert (proof.verdict, proof.wrong, proof.accepted) == ("unproved", [], [])
    assert gone in {each.where for each in proof.lost}
    proof = proved(sealed, kept.text, after.text)
    assert (proof.verdict, proof.wrong, proof.lost) == ("intact", [], [])
    assert gone in {each.where for each in proof.accepted}


def test_a_checkpoint_kept_between_two_restores_does_not_accept_the_second(sealed: Site, tmp_path: Path) -> None:
    """Both restores have the same number among the acts, since both begin from the same backup."""
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    kept = []
    for why in ("disk rusak", "disk rusak lagi"):
        assert backup.restore(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet, why)
        walking.start(sealed, why)
        made = make_checkpoint(sealed)
        assert made is not None
        kept.append(made)
    assert kept[0].acts[0] == kept[1].acts[0]
    assert [proved(sealed, each.text).verdict for each in kept] == ["unproved", "intact"]


def test_a_planted_restore_is_not_believed_even_where_a_single_case_is_verified(sealed: Site) -> None:
    """It stands in the place of the last act, and keeps its hash, which a kept checkpoint names."""
    case = walking.start(sealed, "Rapat lain")
    kept = make_checkpoint(sealed)
    assert kept is not None
    act = {"kind": "restore", "seq": kept.acts[0], "at": "", "actor": "", "reason": "", "before": {"checkpoint": 99}}
    with sealed.database.write() as connection:
        planted = {"kind": "restore", "entry": json.dumps({**act, "after": {"checkpoint": 0}})}
        connection.execute(update(models.acts).where(models.acts.c.seq == kept.acts[0]).values(**planted))
        connection.execute(delete(models.history).where(models.history.c.instance_id == case))
    proof = prove(sealed, read_sealed(own_source(sealed), [kept.text]), [case])
    assert (proof.verdict, proof.accepted) == ("tampered", [])


def test_what_goes_on_after_a_restore_is_unsealed_until_its_own_checkpoint(sealed: Site, tmp_path: Path) -> None:
    """However far the checkpoints of the time that was lost had come."""
    assert backup.back_up(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    with sealed.database.read() as connection:
        (case,) = connection.execute(select(models.instances.c.id)).scalars()
    walking.walk(sealed, case, until="arsipkan")
    make_checkpoint(sealed)
    assert backup.restore(sealed, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet, "disk rusak")
    make_checkpoint(sealed)
    walking.complete(sealed, walking.waiting(sealed, case)[0])
    assert proved(sealed).unsealed == 1


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
