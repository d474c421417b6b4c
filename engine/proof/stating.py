"""What this version verifies is signed, for later versions whose code comes to something else."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from engine import acts, clock, contents
from engine.access import Actor
from engine.acts import Channel
from engine.checkpoints import Folder, seal
from engine.checkpoints.key import load_key
from engine.errors import N_, Unacceptable
from engine.models import instances
from engine.proof.proving import Progress
from engine.replay import Pins, verify_case
from engine.replay.statements import VOUCHED, Statement, read_statements, signed
from engine.site import Site
from engine.versions import CARRIED, INSTALLATION, today

BATCH = 500  # so many are verified again at most, when it was stopped


def state(site: Site, actor: Actor, channel: Channel, progress: Progress = lambda done, total: None) -> Counter[str]:
    """Verify and sign every case that this version has not signed as it stands; how many came out how.

    Raises `Unacceptable` where there is no key.
    """
    key = load_key(site.settings)
    if key is None:
        raise Unacceptable(reason=N_("the file of the checkpoint key is not there; ALUR_CHECKPOINT_KEY names it"))
    folder = Folder.of(site.settings)
    folder.add_public_key(key.public)
    with site.database.snapshot() as connection:
        known, _ = read_statements(connection, folder.public_keys())
        rows = connection.execute(select(instances.c.id, instances.c.seq, instances.c.head).order_by(instances.c.id))
        there = {row.id: _vouched(known.get(row.id, ()), row.seq, row.head) for row in rows}
    waiting = [case for case, status in there.items() if status is None]
    found, at, pins = Counter(filter(None, there.values())), clock.to_text(site.clock()), Pins(site)
    for start in range(0, len(waiting), BATCH):
        progress(start, len(waiting))
        cases = [_verified(site, pins, case, known.get(case, ())) for case in waiting[start : start + BATCH]]
        found.update(status for _, _, _, status, _ in cases)
        with site.database.write() as connection:
            after = {"sha256": contents.store(connection, signed(key, at, cases).encode()), "cases": len(cases)}
            told = {**after, **CARRIED}
            acts.record(connection, site.clock(), actor.name, channel, "stated", INSTALLATION, after=told)
    seal(site)
    return found


def _vouched(statements: Sequence[Statement], seq: int, head: str) -> str | None:
    """What this version has signed of the case as it stands, if it vouches for it."""
    for last in statements[-1:]:
        if (last.versions, last.seq, last.hash) == (today(), seq, head) and last.status in VOUCHED:
            return last.status
    return None


def _verified(site: Site, pins: Pins, case: str, statements: Sequence[Statement]) -> list[Any]:
    """The case as a statement has it; where it stands is told of one that goes on."""
    with site.database.snapshot() as connection:
        status = verify_case(connection, case, pins, statements).status
        row = connection.execute(select(instances).where(instances.c.id == case)).one()
    goes_on = status in VOUCHED and row.ended_at is None
    return [case, row.seq, row.head, status, row.state if goes_on else None]
