"""SOP 16/2022 as shipped: a whole case with all its documents, and its verification."""

import time
from collections.abc import Callable
from pathlib import Path

from engine import tour
from engine.replay import verify


def whole_case(folder: Path) -> Callable[[], tuple[float, float]]:
    """CPU milliseconds of one case with its documents, and milliseconds that its verification takes."""
    site = tour.prepare(folder)
    sop = next(each for each in tour.sops(site) if each.key == "sop-16-2022")

    def run() -> tuple[float, float]:
        began = time.process_time()
        case = tour.start(site, sop)
        for _ in tour.walk(site, case):
            pass
        spent = time.process_time() - began
        began = time.perf_counter()
        assert verify(site, tour.OPERATOR, case).verified
        return spent * 1000, (time.perf_counter() - began) * 1000

    return run
