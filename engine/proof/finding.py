"""What a verification of everything found out, and where."""

from dataclasses import dataclass

from engine.verification import Difference

CHECKPOINTS, TABLES = "checkpoints", "tables"


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is a case's id, or `acts`, `checkpoints`, `tables`."""

    where: str
    difference: Difference


def finding(
    where: str, seq: int | None, reason: str, expected: object = "", found: object = "", **params: object
) -> Finding:
    """A finding, with its reason as an English sentence to translate."""
    return Finding(where, Difference(seq, reason, params, str(expected), str(found)))
