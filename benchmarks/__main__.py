"""`python -m benchmarks`: the same case four ways, and the SOP with its documents. About a minute; trust the ratios."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from benchmarks.eight import TASKS
from benchmarks.ours import through_commands
from benchmarks.over_http import measure, served
from benchmarks.sop import whole_case
from benchmarks.stock import in_memory, with_its_serializer

ROUNDS = 5
ROUND_SECONDS = 1.0
WAYS: dict[str, Callable[[Path], Callable[[], None]]] = {
    "(a) bare SpiffWorkflow, in memory": in_memory,
    "(b) stock serializer, a durable commit a step": with_its_serializer,
    "(c) Alur's commands": through_commands,
}


def cases_a_second(run: Callable[[], None]) -> tuple[float, float]:
    """How many cases one thread does in a second, and the CPU milliseconds of one."""
    began, cpu, cases = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < ROUND_SECONDS:
        run()
        cases += 1
    return cases / (time.perf_counter() - began), (time.process_time() - cpu) * 1000 / cases


def in_turns(folder: Path) -> dict[str, tuple[float, float]]:
    """The medians of every way; they take turns, so that a slow moment of the machine is everybody's."""
    runs = {name: prepare(folder) for name, prepare in WAYS.items()}
    for run in runs.values():
        run()
    rounds = [{name: cases_a_second(run) for name, run in runs.items()} for _ in range(ROUNDS)]
    return {name: (median(r[name][0] for r in rounds), median(r[name][1] for r in rounds)) for name in runs}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{len(TASKS)} user tasks in two lanes, SQLite synchronous=FULL, {os.cpu_count()} cores\n")
        print(f"{'':48}{'cases/s':>9}{'ms/case':>9}{'CPU ms':>8}")
        results = in_turns(folder)
        for way, (rate, cpu) in results.items():
            print(f"{way:48}{rate:9.1f}{1000 / rate:9.2f}{cpu:8.2f}")
        (a, _), (b, _), (c, _) = results.values()
        print(f"{'':48}(c) / (b) = {c / b:.1f}    (a) / (c) = {a / c:.1f}\n")

        print(f"{'(d) over HTTP':48}{'cases/s':>9}{'p50 ms':>9}{'p95 ms':>8}  of a submission")
        with served(folder / "http") as server:
            for clients in (1, 8):
                rate, took = measure(server, clients)
                cut = quantiles(took, n=20)
                print(f"{f'    {clients} client' + 's' * (clients > 1):48}{rate:9.1f}{median(took):9.2f}{cut[-1]:8.2f}")

        run = whole_case(folder / "sop")
        run()
        spent, verified = map(median, zip(*(run() for _ in range(ROUNDS)), strict=True))
        print(f"\nSOP 16/2022, a whole case with its documents: {spent:.0f} ms of CPU; verified in {verified:.0f} ms")


if __name__ == "__main__":
    main()
