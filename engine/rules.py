"""The rules by which a case is decided beyond its model: one number for all of them.

`RULES` is raised whenever the same history would be decided otherwise than before: how times and cycles are read
(`engine.times`, `engine.worktime`), how the office calendar counts, what a form accepts (`forms`), who may act
(`engine.access`). Each entry carries the number that it was decided by, beside those of the engine and the renderer
(`engine.versions`).
"""

from collections.abc import Mapping
from typing import Any

RULES = 1
TIMERS_ASK = 1  # since when a timer asks the office's calendar, and its entry holds the answer


def rules_of(entry: Mapping[str, Any]) -> int:
    """The rules that an entry was decided by; 0 for those of release 0.1.0, which did not say."""
    return int(entry.get("rules", 0))
