"""Everything verified, and the verdict."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from engine import clock, ledger
from engine.errors import N_
from engine.models import acts, instances
from engine.proof.checking import Checked, Wanted, check
from engine.proof.finding import Finding, finding
from engine.proof.sealed import Point, Sealed, beyond
from engine.proof.tables import Restore, check_tables, restores
from engine.replay import ACTS, Verification
from engine.site import Site

Progress = Callable[[int, int], None]

VERDICTS = {"intact": 0, "tampered": 1, "unproved": 2}
FRESH = timedelta(minutes=5)  # so long an entry may wait for a checkpoint, which is made once a minute


@dataclass(slots=True)
class Proof:
    """`findings` prove a change; `lost` is what checkpoints sealed and restoring a backup took away, as the acts tell.

    `accepted` is what of that the auditor knew already. `acts` has the acts' hashes by number. `unsealed` counts the
    entries that no checkpoint covers; `overdue` is when the oldest was made that waits longer than it should.
    """

    sealed: Sealed
    began: datetime
    results: list[tuple[str, Verification]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lost: list[Finding] = field(default_factory=list)
    accepted: list[Finding] = field(default_factory=list)
    restores: list[Restore] = field(default_factory=list)
    acts: dict[int, str] = field(default_factory=dict)
    unsealed: int = 0
    overdue: datetime | None = None

    @property
    def cases(self) -> int:
        """How many cases were checked."""
        return sum(where != ACTS for where, _ in self.results)

    @property
    def entries(self) -> int:
        """How many entries were checked, the acts among them."""
        return sum(result.entries for _, result in self.results)

    @property
    def documents(self) -> int:
        """How many documents were checked."""
        return sum(result.documents for _, result in self.results)

    @property
    def partly(self) -> int:
        """How many histories another version made, which this one cannot execute again."""
        return sum(result.status == "not_reproducible" for _, result in self.results)

    @property
    def not_compared(self) -> int:
        """How much an older rule decided, which comes out otherwise today."""
        return sum(result.not_compared for _, result in self.results)

    @property
    def wrong(self) -> list[Finding]:
        """All that proves a change: what re-execution found, then the rest."""
        failed = ((where, r.first_divergence) for where, r in self.results if r.status == "failed")
        found = [Finding(where, difference) for where, difference in failed if difference is not None]
        return [*self.sealed.findings, *found, *self.findings]

    @property
    def verdict(self) -> str:
        """`tampered`, `unproved` when something could not be proved, or `intact`."""
        if self.wrong:
            return "tampered"
        return "unproved" if self.lost or self.partly or self.overdue or not self.sealed.count else "intact"

    @property
    def exit_code(self) -> int:
        """The verdict for programs."""
        return VERDICTS[self.verdict]


def prove(
    site: Site,
    sealed: Sealed,
    cases: Iterable[str] | None = None,
    *,
    processes: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Proof:
    """Verify everything, or only some cases, against what the checkpoints say.

    The checkpoints were read before: what is done meanwhile is in the database then, and not yet sealed.
    """
    proof = Proof(sealed, site.clock())
    with site.database.snapshot() as connection:
        proof.restores = restores(connection)
        proof.acts = {row.seq: row.hash for row in connection.execute(select(acts.c.seq, acts.c.hash))}
        there = list(connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars())
        if cases is None:
            _outside(connection, proof, there)
    wanted = there if cases is None else list(cases)
    _cases(site, proof, wanted, processes or os.cpu_count() or 1, progress)
    proof.results.sort(key=lambda each: (each[0] == ACTS, each[0]))
    return proof


def _outside(connection: Connection, proof: Proof, there: Sequence[str]) -> None:
    """The acts, the tables, and the cases that are not there at all."""
    sealed = proof.sealed
    proof.results.append((ACTS, ledger.verify(connection)))
    proof.findings += check_tables(connection)
    for point in sealed.acts:
        if proof.acts.get(point.seq) != point.hash:
            _judge(proof, ACTS, point, proof.acts.get(point.seq, ""))
    unsealed, first = beyond(sealed.acts, proof.acts)
    _wait(proof, unsealed, connection.execute(select(acts.c.at).where(acts.c.seq == first)).scalar(), proof.began)
    for case in sorted(sealed.cases.keys() - set(there)):
        for point in sealed.cases[case][-1:]:
            _judge(proof, case, point, "", N_("the case is gone, which checkpoint %(number)s of %(at)s has sealed"))


def _cases(site: Site, proof: Proof, wanted: Sequence[str], processes: int, progress: Progress) -> None:
    asked = [Wanted(case, tuple(proof.sealed.cases.get(case, ()))) for case in wanted]
    progress(0, len(asked))
    for some in check(site, asked, processes):
        for each in some:
            _take(proof, each, site.clock())
        progress(proof.cases, len(asked))


def _take(proof: Proof, checked: Checked, now: datetime) -> None:
    proof.results.append((checked.case, checked.result))
    _wait(proof, checked.unsealed, checked.since, now)
    for point, found in checked.broken[:1]:
        _judge(proof, checked.case, point, found)


def _wait(proof: Proof, unsealed: int, since: datetime | None, now: datetime) -> None:
    """Count what no checkpoint covers; what claims to come from the future waits too long like what is old."""
    proof.unsealed += unsealed
    if since is not None and not proof.began - FRESH <= since <= now + FRESH:
        proof.overdue = min(since, proof.overdue or since)


def _judge(proof: Proof, where: str, point: Point, found: str, reason: str = "") -> None:
    """A chain that is not as it was sealed was tampered with, unless an act tells that a backup was restored."""
    if not reason:
        there = N_("the entry is another one than checkpoint %(number)s of %(at)s has sealed")
        reason = there if found else N_("the entry is gone, which checkpoint %(number)s of %(at)s has sealed")
    wrong = finding(where, point.seq, reason, point.hash, found, number=point.number, at=clock.from_text(point.at))
    told = next((each for each in proof.restores if each.first <= point.number <= each.last), None)
    if told is None:
        proof.findings.append(wrong)
    else:
        (proof.accepted if _known(proof, told) else proof.lost).append(wrong)


def _known(proof: Proof, restore: Restore) -> bool:
    """Whether the auditor keeps a checkpoint of these very acts made after the restore; numbers alone come again."""
    kept = (anchor.acts for anchor in proof.sealed.anchors)
    return any(seq >= restore.seq and proof.acts.get(seq) == head for seq, head in kept)
