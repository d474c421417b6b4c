"""Proof: a case is executed again from its history alone, and everything stored about it is compared.

Nothing is asked of today's world. The answer is `verified`, `failed` with the first place that differs, or
`not_reproducible` where what an older version left comes out otherwise today; the chain, the stored bytes and the
tables are checked all the same. That nothing was cut off at the end, only checkpoints prove (`engine.proof`).
"""

from engine.replay.execution import perform_again
from engine.replay.pins import Pins
from engine.replay.verifying import ACTS, restored, verify, verify_all, verify_case
from engine.verification import Difference, Different, Verification

__all__ = [
    "ACTS",
    "Difference",
    "Different",
    "Pins",
    "Verification",
    "perform_again",
    "restored",
    "verify",
    "verify_all",
    "verify_case",
]
