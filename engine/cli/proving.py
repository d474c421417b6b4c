"""A verification of everything in words."""

import click

from engine import clock
from engine.checkpoints.checkpoint import Checkpoint
from engine.cli.base import LANGUAGE, say
from engine.errors import N_
from engine.proof import Finding, Proof
from engine.proof.finding import CHECKPOINTS, TABLES
from engine.proof.sealed import KEY_MISSING
from engine.replay import ACTS

OVERDUE = N_(
    "the oldest is of %(at)s: nothing proves that they are as they were. Run %(alur)s audit checkpoint and verify"
    " again; for a backup, name a folder of newer checkpoints with --checkpoints."
)
STATED = N_(
    "%(count)s histories of an older version come out otherwise today: they are intact, by the statement of %(at)s."
)
PARTLY = N_("%(count)s histories of an older version come out otherwise today: they are not proved.")
SHOWN = 200  # of each kind of finding; --json has them all
WORD = {"intact": "green", "tampered": "red", "unproved": "yellow"}


def print_proof(proof: Proof) -> None:
    """What was checked, what was found, the verdict."""
    counted = {"cases": proof.cases, "entries": proof.entries, "documents": proof.documents}
    click.echo(say("Checked: %(cases)s cases, %(entries)s entries, %(documents)s documents.", **counted))
    acts = dict(proof.results).get(ACTS)
    if acts is not None and acts.verified:
        click.echo(say("Acts outside cases: intact (%(count)s)", count=acts.entries))
    _print_checkpoints(proof)
    if proof.sealed.key_missing:
        click.echo(say(KEY_MISSING))
    for at, count in sorted(proof.stated.items()):
        click.echo(say(STATED, count=count, at=clock.from_text(at)))
    if proof.partly:
        click.echo(say(PARTLY, count=proof.partly))
    if proof.not_compared:
        click.echo(say("%(count)s outcomes of an older version are not compared.", count=proof.not_compared))
    _print_findings(proof.wrong)
    if proof.lost or proof.accepted:
        _print_lost(proof)
    words = {"intact": say("INTACT"), "tampered": say("TAMPERED WITH"), "unproved": say("NOT PROVED COMPLETELY")}
    click.secho(say("Verdict: %(verdict)s", verdict=words[proof.verdict]), fg=WORD[proof.verdict], bold=True)


def _print_checkpoints(proof: Proof) -> None:
    sealed = proof.sealed
    if sealed.first is None or sealed.last is None:
        click.echo(say("There is no checkpoint: nothing tells whether entries or cases are missing at the end."))
        return
    click.echo(say("Checkpoints: %(count)s", count=sealed.count))
    click.echo("  " + say("first: %(checkpoint)s", checkpoint=_named(sealed.first)))
    click.echo("  " + say("last: %(checkpoint)s", checkpoint=_named(sealed.last)))
    click.echo("  " + say("signatures: %(good)s of %(all)s are right", good=sealed.signatures, all=sealed.count))
    if sealed.anchors:
        click.echo("  " + say("compared with %(count)s that you kept", count=len(sealed.anchors)))
    click.echo(say("Entries that no checkpoint covers yet: %(count)s", count=proof.unsealed))
    if proof.overdue:
        click.echo("  " + say(OVERDUE, at=proof.overdue))


def _named(checkpoint: Checkpoint) -> str:
    counted = say("%(count)s cases", count=len(checkpoint.cases))
    key = say("key %(key)s", key=checkpoint.key)
    return f"{checkpoint.number}, {checkpoint.at}, {counted}, {key}"


def _print_lost(proof: Proof) -> None:
    for each in proof.restores:
        told = {"at": each.at, "by": each.by, "reason": each.reason or "-"}
        click.echo(say("A backup was restored on %(at)s by %(by)s (%(reason)s). Lost by it:", **told))
    _print_findings(proof.lost)
    if proof.accepted:
        click.echo(say("Taken as known, since you keep a checkpoint that was made afterwards:"))
    _print_findings(proof.accepted)


def _print_findings(findings: list[Finding]) -> None:
    for each in findings[:SHOWN]:
        click.echo(f"{place(each)}: {each.difference.explain(LANGUAGE)}")
        if each.difference.expected or each.difference.found:
            click.echo("    " + say("expected: %(value)s", value=each.difference.expected[:SHOWN] or "-"))
            click.echo("    " + say("found: %(value)s", value=each.difference.found[:SHOWN] or "-"))
    if len(findings) > SHOWN:
        click.echo(say("… and %(count)s more; --json has them all", count=len(findings) - SHOWN))


def place(finding: Finding) -> str:
    """Where a finding is."""
    seq = finding.difference.seq
    if finding.where == CHECKPOINTS:
        return say("checkpoint %(number)s", number=seq)
    names = {ACTS: say("Acts outside cases"), TABLES: say("the tables")}
    where = names.get(finding.where, finding.where)
    return f"{where}, " + say("entry %(seq)s", seq=seq) if seq else where
