"""`python -m benchmarks.proof`: what proof costs, with finished cases of SOP 16/2022 and all their documents.

Where one process works it measures CPU time, so that a busy machine says the same. `--cases` sets how many there are.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from engine import history, tour
from engine.checkpoints import make_checkpoint
from engine.models import instances
from engine.proof import own_source, prove, read_sealed
from engine.replay import Pins, verify_case
from engine.runtime import Case
from engine.site import Site

CASES = 1000
RECORDED = ((Case, "digest"), (history, "seal"), (history, "append"))
Timed = Callable[[], float]


@contextmanager
def cpu() -> Iterator[Timed]:
    """CPU seconds of the block, once it is over."""
    began = time.process_time()
    spent: list[float] = []
    yield lambda: spent[0]
    spent.append(time.process_time() - began)


@contextmanager
def watched(owner: object, name: str, spent: list[float]) -> Iterator[None]:
    """Note the CPU seconds of each call of a function."""
    plain = getattr(owner, name)

    def timed(*args: object) -> object:
        began = time.process_time()
        try:
            return plain(*args)
        finally:
            spent.append(time.process_time() - began)

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, plain)


def walked(site: Site, cases: int) -> None:
    """Take that many cases from the meeting to the archive."""
    sop = next(each for each in tour.sops(site) if each.key == "sop-16-2022")
    for _ in range(cases):
        case = tour.start(site, sop)
        for _ in tour.walk(site, case):
            pass


def share_of_the_record(site: Site, cases: int = 20) -> tuple[float, float]:
    """CPU seconds of some cases, and of chain, digest and entry in them."""
    spent: list[float] = []
    with watched(*RECORDED[0], spent), watched(*RECORDED[1], spent), watched(*RECORDED[2], spent), cpu() as whole:
        walked(site, cases)
    return whole(), sum(spent)


def an_entry(site: Site) -> float:
    """CPU milliseconds that one entry takes to be executed again and compared, the median of some cases."""
    pins, took = Pins(site), []
    with site.database.snapshot() as connection:
        for case in connection.execute(select(instances.c.id).limit(50)).scalars().all():
            with cpu() as spent:
                result = verify_case(connection, case, pins)
            took.append(spent() * 1000 / result.entries)
    return sorted(took)[len(took) // 2]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    cases = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        site = tour.prepare(Path(name))
        whole, record = share_of_the_record(site)
        print(f"{'chain, digest and entry, of a submission':48}{100 * record / whole:9.1f} %")
        walked(site, cases - 20)
        began = time.perf_counter()
        make_checkpoint(site)
        print(f"{f'a checkpoint after {cases} changed cases':48}{time.perf_counter() - began:9.2f} s")
        print(f"{'executing an entry again':48}{an_entry(site):9.2f} ms")
        began = time.perf_counter()
        proof = prove(site, read_sealed(own_source(site)))
        took = time.perf_counter() - began
        assert proof.verdict == "intact", proof.wrong
        counted = f"{proof.cases} cases, {proof.documents} documents, {os.cpu_count()} cores"
        print(f"{counted:48}{took:9.1f} s")


if __name__ == "__main__":
    main()
