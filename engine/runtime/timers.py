"""What a token that waits for a moment keeps: when that is, and how it recurs.

The office's calendar is asked, and what it answers stands in the entry. Entries from before it was asked have no
answer: there each time is reckoned from the one before it, in UTC, and none that was missed is left out.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from engine import clock
from engine.functions import Ask
from engine.times import Due, first_due, next_due, next_moment

Wait = dict[str, Any]

_in_utc = partial(next_moment, zone=UTC)


class _NotAsked(Exception):
    """The entry is from before the calendar was asked."""


def first(how: str, value: object, at: datetime, ask: Ask | None) -> Wait | None:
    """What to wait for first; None when the value cannot be understood."""
    try:
        return _kept(first_due(how, value, at, partial(_asked, ask)))
    except _NotAsked:
        return _kept(first_due(how, value, at, _in_utc), before=True)


def again(wait: Wait, at: datetime, ask: Ask | None) -> Wait | None:
    """What to wait for after that, if anything."""
    if "left" not in wait:
        return None
    cycle = wait["cycle"] if "cycle" in wait else f"R/{wait['due']}/{wait['every']}"
    due = Due(clock.from_text(wait["due"]), cycle, wait["left"])
    try:
        return _kept(next_due(due, at, partial(_asked, ask)))
    except _NotAsked:
        return _kept(next_due(due, due.at, _in_utc), before=True)


def _asked(ask: Ask | None, cycle: str, after: datetime | None) -> datetime | None:
    if ask is None:
        return _in_utc(cycle, after)
    answer = ask(["moment", cycle, after and clock.to_text(after)])
    if answer is None:
        raise _NotAsked
    return clock.from_text(answer) if answer else None


def _kept(due: Due | None, before: bool = False) -> Wait | None:
    if due is None:
        return None
    wait = {"kind": "timer", "due": clock.to_text(due.at)}
    if not due.cycle:
        return wait
    every = due.cycle.rpartition("/")[2]
    if before:  # a cycle up to an end could not be read then
        return {**wait, "left": due.left, "every": every} if every.startswith("P") else None
    return {**wait, "left": due.left, "cycle": due.cycle}
