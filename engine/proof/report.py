"""A proof as JSON: for programs, and as it is kept for the page."""

from typing import Any

from engine import clock
from engine.checkpoints.checkpoint import Checkpoint
from engine.language import translate
from engine.proof.finding import CHECKPOINTS, TABLES, Finding
from engine.proof.proving import Proof
from engine.replay import ACTS
from engine.verification import Difference

TABLE_OF = {ACTS: "acts", CHECKPOINTS: "checkpoints", TABLES: "definitions"}


def summary(proof: Proof) -> dict[str, Any]:
    """What was checked, what was found, and the verdict."""
    sealed = proof.sealed
    return {
        "verdict": proof.verdict,
        "sealed": {"checkpoint": sealed.last and sealed.last.number, "at": sealed.last and sealed.last.at},
        "unsealed": proof.unsealed,
        "uncovered": proof.unsealed,  # its earlier name
        "overdue": clock.to_text(proof.overdue) if proof.overdue else None,
        "cases": proof.cases,
        "entries": proof.entries,
        "documents": proof.documents,
        "partly": proof.partly,
        "stated": proof.stated.total(),
        "statements": [{"at": at, "cases": count} for at, count in sorted(proof.stated.items())],
        "not_compared": proof.not_compared,
        "destroyed": 0,  # nothing is
        "checkpoints": {
            "count": sealed.count,
            "signatures": sealed.signatures,
            "first": _named(sealed.first),
            "last": _named(sealed.last),
            "keys": sealed.keys,
            "anchors": len(sealed.anchors),
        },
        "key_missing": sealed.key_missing,
        "findings": [_told(each) for each in proof.wrong],
        "lost": [_told(each) for each in proof.lost],
        "accepted": [_told(each) for each in proof.accepted],
    }


def full(proof: Proof) -> dict[str, Any]:
    """The summary, and the answer for each case and for the acts."""
    told = ("verified", "status", "stated", "entries")
    results = [{"case": where, **{name: getattr(result, name) for name in told}} for where, result in proof.results]
    return {**summary(proof), "acts": ACTS in dict(proof.results), "results": results}


def explained(told: dict[str, Any], language: str) -> str:
    """The reason of a finding in words."""
    params = told["params"]
    moments = {"at": clock.from_text(params["at"])} if "at" in params else {}
    return translate(told.get("sentence", told["reason"]), language, {**params, **moments})


def _named(checkpoint: Checkpoint | None) -> dict[str, Any] | None:
    if checkpoint is None:
        return None
    return {
        "number": checkpoint.number,
        "at": checkpoint.at,
        "cases": len(checkpoint.cases),
        "key": checkpoint.key,
        "sha256": checkpoint.sha256,
    }


def _told(finding: Finding) -> dict[str, Any]:
    difference: Difference = finding.difference
    return {
        **_place(finding),
        "where": finding.where,
        "seq": difference.seq,
        "reason": difference.explain("en"),
        "sentence": difference.reason,
        "params": {name: str(clock.plain(value)) for name, value in difference.params.items()},
        "expected": difference.expected,
        "found": difference.found,
    }


def _place(finding: Finding) -> dict[str, str]:
    """The case, or the table; with the key of the row, where it is one row."""
    place = {"table": TABLE_OF[finding.where]} if finding.where in TABLE_OF else {"case": finding.where}
    said = finding.difference.params
    keyed = (("table", "table"), ("key", "key"), ("key", "name"))
    return {**place, **{name: str(said[param]) for name, param in keyed if param in said}}
