"""Cases checked by several processes, each with its own connection that cannot write."""

import json
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, select

from engine import clock
from engine.db import Database
from engine.errors import N_, DatabaseDamaged
from engine.models import history
from engine.proof.sealed import Point, beyond
from engine.replay import Difference, Pins, Verification, verify_case
from engine.replay.statements import Statement
from engine.settings import Settings
from engine.site import Site

BATCH = 20
WORTH_A_PROCESS = 60  # fewer cases are done before another process has started


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case, and what the checkpoints and statements say of it."""

    case: str
    points: tuple[Point, ...]
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """`broken` are points where its history is another one, with the hash there now; entries since are `unsealed`.

    `waiting` tells when the first and the last of these were made.
    """

    case: str
    result: Verification
    broken: tuple[tuple[Point, str], ...]
    unsealed: int = 0
    waiting: tuple[datetime, ...] = ()


def check(site: Site, wanted: Sequence[Wanted], processes: int) -> Iterator[list[Checked]]:
    """Check the cases, some at a time; few of them in this process."""
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    if len(wanted) < WORTH_A_PROCESS:
        pins = Pins(site)
        yield from (_check(site, batch, pins) for batch in batches)
        return
    # Started anew: a fork would share this process's connections and locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (site.settings,)) as pool:
        yield from _in_turn(pool, iter(batches), 2 * processes)


def _in_turn(pool: ProcessPoolExecutor, batches: Iterator[Sequence[Wanted]], ahead: int) -> Iterator[list[Checked]]:
    """No more is handed out than a few batches, so that who ends the program does not wait for all of them."""
    waiting = deque(pool.submit(_check_here, batch) for batch in islice(batches, ahead))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(pool.submit(_check_here, batch) for batch in islice(batches, 1))


def _check(site: Site, batch: Sequence[Wanted], pins: Pins) -> list[Checked]:
    checked = []
    for each in batch:
        try:
            with site.database.snapshot() as connection:
                checked.append(_one(connection, each, pins))
        except DatabaseDamaged as error:
            # SQLite keeps bytes in a column of text when somebody insists; they stop no verification.
            unreadable = Difference(None, N_("the history cannot be read: %(cause)s"), {"cause": error.params["cause"]})
            checked.append(Checked(each.case, Verification("failed", 0, 0, unreadable), ()))
    return checked


def _one(connection: Connection, wanted: Wanted, pins: Pins) -> Checked:
    result = verify_case(connection, wanted.case, pins, wanted.statements)
    rows = connection.execute(select(history.c.seq, history.c.hash).where(history.c.instance_id == wanted.case))
    there = {row.seq: row.hash for row in rows}
    broken = tuple((p, there.get(p.seq, "")) for p in wanted.points if there.get(p.seq) != p.hash)
    unsealed, ends = beyond(wanted.points, there)
    if not unsealed or result.status == "failed":
        return Checked(wanted.case, result, broken, unsealed)
    texts = select(history.c.entry).where(history.c.instance_id == wanted.case, history.c.seq.in_(ends))
    waiting = tuple(clock.from_text(json.loads(text)["at"]) for text in connection.execute(texts).scalars())
    return Checked(wanted.case, result, broken, unsealed, waiting)


_HERE: list[tuple[Site, Pins]] = []


def _begin(settings: Settings) -> None:
    site = Site(settings, Database.connect(settings.database_address, read_only=True))
    _HERE[:] = [(site, Pins(site))]


def _check_here(batch: Sequence[Wanted]) -> list[Checked]:
    ((site, pins),) = _HERE
    return _check(site, batch, pins)
