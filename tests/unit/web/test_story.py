"""A history as people read it: how long work waited, how long it took, and what sent it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine import clock
from web.returns import completion, opening, sent_back
from web.story import story

MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)


def entry(seq: int, kind: str, path: str | None = None, opens: str | None = None) -> dict[str, Any]:
    """Entries an hour apart."""
    return {
        "seq": seq,
        "at": clock.to_text(MORNING + timedelta(hours=seq)),
        "kind": kind,
        "path": path,
        "activity_id": path.partition(".")[0] if path else None,
        "actor_card": {"full_name": "Andi"},
        "opened": [{"path": opens, "activity_id": opens.partition(".")[0]}] if opens else [],
    }


HISTORY = [
    entry(1, "start", opens="tulis.1"),
    entry(2, "claim", "tulis.1"),
    entry(4, "complete", "tulis.1", opens="periksa.1"),
    entry(5, "complete", "periksa.1", opens="tulis.2"),
    entry(6, "claim", "tulis.2"),
    entry(7, "release", "tulis.2"),
    entry(9, "complete", "tulis.2", opens="periksa.2"),
]


def times(seq: int) -> tuple[timedelta | None, timedelta | None]:
    lines = story(HISTORY, lambda begin, end: end - begin)
    return next((line.waited, line.worked) for line in lines if line.entry["seq"] == seq)


def test_work_waits_until_it_is_taken_and_lasts_until_it_is_sent() -> None:
    assert times(4) == (timedelta(hours=1), timedelta(hours=2))


def test_what_nobody_took_has_waited_until_it_was_sent() -> None:
    assert times(5) == (timedelta(hours=1), None)


def test_what_was_given_back_waited_on() -> None:
    assert times(9) == (timedelta(hours=4), None)


def test_a_step_is_sent_back_by_one_that_comes_after_it() -> None:
    assert sent_back(HISTORY, "tulis.2")
    assert not sent_back(HISTORY, "tulis.1")
    assert not sent_back(HISTORY, "periksa.1")
    assert not sent_back(HISTORY, "periksa.2")


def test_the_entries_that_opened_and_completed_a_task_are_found() -> None:
    assert [opening(HISTORY, "tulis.2"), completion(HISTORY, "tulis.2")] == [HISTORY[3], HISTORY[6]]
    assert completion(HISTORY, "periksa.2") is None
