"""Everything verified, and the verdict."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import Connection, select

from engine import clock, ledger
from engine.errors import N_
from engine.models import acts, instances
from engine.proof.checking import Checked, Wanted, check
from engine.proof.finding import Finding, finding
from engine.proof.sealed import Point, Sealed, beyond
from engine.proof.tables import Restore, check_tables, restores
from engine.replay import ACTS, Verification
from engine.replay.statements import read_statements
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
    def stated(self) -> Counter[str]:
        """How many histories of an older version come out otherwise today but are as a statement of that time says."""
        return Counter(result.stated for _, result in self.results if result.stated)

    @property
    def partly(self) -> int:
        """How many histories of an older version come out otherwise today."""
        return sum(result.status == "not_reproducible" for _, result in self.results)

    @property
    def not_compared(self) -> int:
        """How many outcomes of an older version come out otherwise today."""
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
        proof.acts = {row.seq: row.hash for row in connection.execute(select(acts.c.seq, acts.c.hash))}
        proof.restores = [_bounded(proof, each) for each in restores(connection)]
        there = list(connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars())
        statements, wrong = read_statements(connection, sealed.public.values())
        if cases is None:
            _outside(connection, proof, there)
            proof.findings += [Finding(ACTS, each) for each in wrong]
    wanted = [
        Wanted(case, tuple(sealed.cases.get(case, ())), tuple(statements.get(case, ())))
        for case in (there if cases is None else cases)
    ]
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
            _judge(proof, ACTS, [(point, proof.acts.get(point.seq, ""))])
    unsealed, ends = beyond(sealed.acts, proof.acts)
    _wait(proof, unsealed, connection.execute(select(acts.c.at).where(acts.c.seq.in_(ends))).scalars(), proof.began)
    for case in sorted(sealed.cases.keys() - set(there)):
        gone = N_("the case is gone, which checkpoint %(number)s of %(at)s has sealed")
        _judge(proof, case, [(point, "") for point in reversed(sealed.cases[case])], gone)


def _cases(site: Site, proof: Proof, wanted: Sequence[Wanted], processes: int, progress: Progress) -> None:
    progress(0, len(wanted))
    for some in check(site, wanted, processes):
        for each in some:
            _take(proof, each, site.clock())
        progress(proof.cases, len(wanted))


def _take(proof: Proof, checked: Checked, now: datetime) -> None:
    proof.results.append((checked.case, checked.result))
    _wait(proof, checked.unsealed, checked.waiting, now)
    if checked.broken:
        _judge(proof, checked.case, checked.broken)


def _wait(proof: Proof, unsealed: int, ends: Iterable[datetime], now: datetime) -> None:
    """Count what no checkpoint covers; what claims to come from the future waits too long like what is old."""
    proof.unsealed += unsealed
    for at in ends:
        if not proof.began - FRESH <= at <= now + FRESH:
            proof.overdue = min(at, proof.overdue or at)


def _judge(proof: Proof, where: str, broken: Sequence[tuple[Point, str]], reason: str = "") -> None:
    """A chain that is not as it was sealed was tampered with, unless an act tells that a backup was restored.

    Of all its points the gravest counts, the first of several: what a restore explains does not cover for the rest.
    """
    graver = proof.findings, proof.lost, proof.accepted
    kind, point, found = min(((_kind(proof, point), point, found) for point, found in broken), key=itemgetter(0))
    if not reason:
        there = N_("the entry is another one than checkpoint %(number)s of %(at)s has sealed")
        reason = there if found else N_("the entry is gone, which checkpoint %(number)s of %(at)s has sealed")
    wrong = finding(where, point.seq, reason, point.hash, found, number=point.number, at=clock.from_text(point.at))
    graver[kind].append(wrong)


def _kind(proof: Proof, point: Point) -> int:
    """0 is tampered with, 1 lost by a restore, 2 lost by one that the auditor knew already."""
    told = next((each for each in proof.restores if each.first <= point.number <= each.last), None)
    return 0 if told is None else 2 if _known(proof, told) else 1


def _bounded(proof: Proof, restore: Restore) -> Restore:
    """A restore explains nothing that was sealed together with it or after it, whatever its act says."""
    points = (p for p in proof.sealed.acts if p.seq >= restore.seq and proof.acts.get(p.seq) == p.hash)
    first = min((point.number for point in points), default=restore.last + 1)
    return replace(restore, last=min(restore.last, first - 1))


def _known(proof: Proof, restore: Restore) -> bool:
    """Whether the auditor keeps a checkpoint of these very acts made after the restore; numbers alone come again."""
    kept = (anchor.acts for anchor in proof.sealed.anchors)
    return any(seq >= restore.seq and proof.acts.get(seq) == head for seq, head in kept)
