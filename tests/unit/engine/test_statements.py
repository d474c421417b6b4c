"""Which statement a verification relies on: an older version's that vouches, about this very history."""

import pytest

from engine.history import Stored
from engine.replay.statements import Statement, relied_on
from engine.verification import Different
from engine.versions import Versions, today

AT = "2026-12-01T01:00:00.000000Z"
OLDER = Versions(0, 1, 1)
HISTORY = tuple(Stored(seq, f"{seq:064}", "{}", "complete", None) for seq in (1, 2, 3))


def statement(seq: int, status: str = "verified", versions: Versions = OLDER) -> Statement:
    return Statement(AT, versions, seq, f"{seq:064}", status, None)


@pytest.mark.parametrize("status", ["failed", "not_reproducible", "unproved", ""])
def test_what_did_not_vouch_is_not_relied_on(status: str) -> None:
    first = statement(1)
    assert relied_on([statement(3, status)], HISTORY) is None
    assert relied_on([first, statement(3, status)], HISTORY) is first


def test_the_last_that_vouches_is_relied_on() -> None:
    first, last = statement(1), statement(3, "stated")
    assert relied_on([first, last], HISTORY) is last


def test_nobody_needs_a_statement_of_this_version() -> None:
    assert relied_on([statement(3, versions=today())], HISTORY) is None


def test_a_statement_about_an_entry_that_is_not_there_tells_that_the_history_was_cut() -> None:
    with pytest.raises(Different):
        relied_on([statement(4)], HISTORY)
