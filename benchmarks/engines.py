"""`python -m benchmarks.engines`: SpiffWorkflow and the machine that ran the models before, on the same work, in turns.

The CPU time of a command of the product, with its case at hand or loaded, and of an entry that is executed again. Trust
the ratios.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select

from benchmarks.eight import DOER, KEY, SUBMISSION, TASKS
from benchmarks.ours import CHANNEL, install
from engine import casework, people
from engine.commands import cases
from engine.commands.cases import start_process
from engine.commands.user_tasks import complete_user_task
from engine.models import instances
from engine.replay import Pins, execution, verify_case
from engine.runtime import Case
from engine.site import Kept, Site
from tests.oracle import Case as Machine

ROUNDS, CASES = 9, 12
USERS = (casework, cases, execution)


class Before(Machine):
    """The machine of before, as a verification asks it."""

    def is_kept_as(self, text: str, order: bool = True) -> bool:
        return text == self.dump()


ENGINES: Mapping[str, Any] = {"before": Before, "SpiffWorkflow": Case}


@contextmanager
def run_by(engine: Any) -> Iterator[None]:
    """Cases are run by that engine meanwhile."""
    for module in USERS:
        module.Case = engine  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in USERS:
            module.Case = Case  # type: ignore[attr-defined]


def walked(site: Site) -> None:
    """Some whole cases."""
    with site.database.read() as connection:
        actors = {actor.name: actor for actor in people.everyone(connection, site.clock())}
    for _ in range(CASES):
        case, _ = start_process(site, actors[DOER[TASKS[0]]], CHANNEL, KEY)
        for task in TASKS:
            complete_user_task(site, actors[DOER[task]], CHANNEL, f"{case}-{task}.1", SUBMISSION)


def executed(site: Site) -> None:
    """The newest cases, executed again."""
    pins = Pins(site)
    with site.database.snapshot() as connection:
        newest = select(instances.c.id).order_by(instances.c.id.desc()).limit(CASES)
        for case in connection.execute(newest).scalars().all():
            assert not verify_case(connection, case, pins).first_divergence


def milliseconds(work: Callable[[], object]) -> float:
    """CPU milliseconds of one of the commands or entries in some work."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000 / (CASES * (len(TASKS) + 1))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        site = install(Path(name))
        forgetful = replace(site, cases=Kept(0))
        works: dict[str, Callable[[], None]] = {
            "a command": lambda: walked(site),
            "a command, its case loaded": lambda: walked(forgetful),
            "an entry executed again": lambda: executed(site),
        }
        print(f"{'CPU ms':32}" + "".join(f"{engine:>16}" for engine in ENGINES) + f"{'ratio':>8}")
        for what, work in works.items():
            took: dict[str, list[float]] = {engine: [] for engine in ENGINES}
            for _ in range(ROUNDS):
                for engine, made in ENGINES.items():
                    with run_by(made):
                        took[engine].append(milliseconds(work))
            before, now = (median(each) for each in took.values())
            print(f"{what:32}{before:16.2f}{now:16.2f}{now / before:8.2f}")


if __name__ == "__main__":
    main()
