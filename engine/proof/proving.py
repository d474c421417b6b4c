"""Everything verified, and the verdict."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from engine import clock, ledger
from engine.errors import N_
from engine.models import acts, instances
from engine.proof.checking import Checked, Wanted, check
from engine.proof.finding import Finding, finding
from engine.proof.sealed import Point, Sealed
from engine.proof.tables import Restore, check_tables, restores
from engine.replay import ACTS, Verification
from engine.site import Site

Progress = Callable[[int, int], None]

VERDICTS = {"intact": 0, "tampered": 1, "incomplete": 2}


@dataclass(slots=True)
class Proof:
    """`findings` prove a change; `lost` is what checkpoints sealed and restoring a backup took away, as the acts tell.

    `uncovered` counts the entries that no checkpoint seals yet.
    """

    sealed: Sealed
    results: list[tuple[str, Verification]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lost: list[Finding] = field(default_factory=list)
    restores: list[Restore] = field(default_factory=list)
    uncovered: int = 0

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
    def wrong(self) -> list[Finding]:
        """All that proves a change: what re-execution found, then the rest."""
        failed = ((where, r.first_divergence) for where, r in self.results if r.status == "failed")
        found = [Finding(where, difference) for where, difference in failed if difference is not None]
        return [*self.sealed.findings, *found, *self.findings]

    @property
    def verdict(self) -> str:
        """`tampered`, `incomplete` when something could not be proved, or `intact`."""
        if self.wrong:
            return "tampered"
        return "incomplete" if self.lost or self.partly or not self.sealed.count else "intact"

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
    proof = Proof(sealed)
    with site.database.snapshot() as connection:
        proof.restores = restores(connection)
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
    hashes = {row.seq: row.hash for row in connection.execute(select(acts.c.seq, acts.c.hash))}
    for point in sealed.acts:
        if hashes.get(point.seq) != point.hash:
            _judge(proof, ACTS, point, hashes.get(point.seq, ""))
    proof.uncovered += max(max(hashes, default=0) - max((point.seq for point in sealed.acts), default=0), 0)
    for case in sorted(sealed.cases.keys() - set(there)):
        for point in sealed.cases[case][-1:]:
            _judge(proof, case, point, "", N_("the case is gone, which checkpoint %(number)s of %(at)s has sealed"))


def _cases(site: Site, proof: Proof, wanted: Sequence[str], processes: int, progress: Progress) -> None:
    asked = [Wanted(case, tuple(proof.sealed.cases.get(case, ()))) for case in wanted]
    progress(0, len(asked))
    for some in check(site, asked, processes):
        for each in some:
            _take(proof, each)
        progress(proof.cases, len(asked))


def _take(proof: Proof, checked: Checked) -> None:
    proof.results.append((checked.case, checked.result))
    for point, found in checked.broken[:1]:
        _judge(proof, checked.case, point, found)
    sealed = max((point.seq for point in proof.sealed.cases.get(checked.case, ())), default=0)
    proof.uncovered += max(checked.last - sealed, 0)


def _judge(proof: Proof, where: str, point: Point, found: str, reason: str = "") -> None:
    """A chain that is not as it was sealed was tampered with, unless an act tells that a backup was restored."""
    if not reason:
        there = N_("the entry is another one than checkpoint %(number)s of %(at)s has sealed")
        reason = there if found else N_("the entry is gone, which checkpoint %(number)s of %(at)s has sealed")
    wrong = finding(where, point.seq, reason, point.hash, found, number=point.number, at=clock.from_text(point.at))
    told = next((each for each in proof.restores if each.first <= point.number <= each.last), None)
    if told is None:
        proof.findings.append(wrong)
    elif not _accepted(proof.sealed, told):
        proof.lost.append(wrong)


def _accepted(sealed: Sealed, restore: Restore) -> bool:
    """Whether the auditor keeps a checkpoint that was made after the restore, and knew of it therefore."""
    return sealed.anchor is not None and sealed.anchor.acts[0] >= restore.seq
