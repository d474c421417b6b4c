"""How much of SpiffWorkflow the conformance models enter, and its share of time.

`python -m tests.conformance.entered` prints both.
"""

import cProfile
import pstats
import sys
from types import CodeType, FrameType
from typing import Any

from tests.conformance.running import Feature, outcome
from tests.conformance.table import FEATURES

PACKAGE = "/SpiffWorkflow/"
RUNTIME = "/engine/runtime/"


def entered(features: list[Feature]) -> set[CodeType]:
    """The functions of SpiffWorkflow that these models enter, building and running."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and PACKAGE in frame.f_code.co_filename:
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for feature in features:
            outcome(feature)
    finally:
        sys.setprofile(before)
    return seen


def shares(features: list[Feature]) -> tuple[float, float]:
    """The seconds spent in functions of SpiffWorkflow, and in those of Alur's runtime."""
    profile = cProfile.Profile()
    profile.enable()
    for feature in features:
        outcome(feature)
    profile.disable()
    spent = [(name, row[2]) for (name, _, _), row in pstats.Stats(profile).stats.items()]  # type: ignore[attr-defined]
    return sum(s for n, s in spent if PACKAGE in n), sum(s for n, s in spent if RUNTIME in n)


def main() -> None:
    """Print both."""
    functions = entered(FEATURES)
    spiff, ours = shares(FEATURES)
    print(f"{len(functions)} functions of SpiffWorkflow entered over {len(FEATURES)} models")
    print(f"{spiff / (spiff + ours):.0%} of the time of both is spent in SpiffWorkflow's own functions")


if __name__ == "__main__":
    main()
