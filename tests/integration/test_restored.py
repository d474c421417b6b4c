"""What a restore explains and what it does not: nothing that came after it, and nothing that it left in its place."""

from pathlib import Path

import pytest

from engine import acts, backup, installation
from engine.checkpoints import make_checkpoint
from engine.proof import Proof, own_source, prove, read_sealed
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.forger import forge, last_entry, remove


def quiet(*_: object) -> None:
    """No report."""


def proved(site: Site, *kept: str) -> Proof:
    return prove(site, read_sealed(own_source(site), kept), processes=1)


def sealed(site: Site) -> str:
    made = make_checkpoint(site)
    assert made is not None
    return made.text


def go_on(site: Site, case: str) -> None:
    walking.complete(site, walking.waiting(site, case)[0])


@pytest.fixture
def case(site: Site) -> str:
    """A case of an installation that seals."""
    installation.set_up_key(site, OPERATOR, CHANNEL)
    case = walking.start(site)
    sealed(site)
    return case


@pytest.fixture
def kept(site: Site, case: str, tmp_path: Path) -> str:
    """The checkpoint that the auditor kept after a restore, which took an entry of the case away."""
    assert backup.back_up(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    go_on(site, case)
    sealed(site)
    assert backup.restore(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet, "disk rusak")
    return sealed(site)


def test_what_is_changed_after_a_restore_does_not_hide_behind_what_it_took_away(
    site: Site, case: str, kept: str
) -> None:
    go_on(site, case)
    go_on(site, case)
    sealed(site)
    assert proved(site, kept).verdict == "intact"
    last = last_entry(site, case)["seq"]
    forge(site, case, last, lambda entry: entry.update(reason="lain"))
    for proof in (proved(site), proved(site, kept)):
        assert (proof.verdict, [(each.where, each.difference.seq) for each in proof.wrong]) == (
            "tampered",
            [(case, last)],
        )


def test_a_case_that_a_restore_left_there_may_not_be_gone(site: Site, case: str, kept: str) -> None:
    """It had gone on before the restore, which explains that the end is gone, and not the beginning."""
    remove(site, case)
    proof = proved(site, kept)
    assert (proof.verdict, [(each.where, each.difference.seq) for each in proof.wrong]) == ("tampered", [(case, 1)])


def test_a_restore_explains_nothing_that_was_sealed_after_it(site: Site, case: str) -> None:
    """Whatever its act says of checkpoints that were not made yet."""
    with site.database.write() as connection:
        before, after = {"checkpoint": 1_000_000}, {"checkpoint": 0}
        acts.record(connection, site.clock(), "os:x", CHANNEL, "restore", "x", before=before, after=after, reason="x")
    kept = sealed(site)
    go_on(site, case)
    sealed(site)
    assert proved(site, kept).verdict == "intact"
    forge(site, case, last_entry(site, case)["seq"], lambda entry: entry.update(reason="lain"))
    assert proved(site, kept).verdict == "tampered"
