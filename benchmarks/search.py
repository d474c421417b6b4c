"""`python -m benchmarks.search`: milliseconds of a search after 400, 4,000 and 40,000 finished cases of SOP 16/2022.

One case is walked to its end and its rows copied under new ids, each an hour later. (The copies' chains do not verify,
which no search asks.) The sizes take turns, so that a slow moment of the machine is everybody's. `--postgres` measures
on the PostgreSQL of the tests; `--sizes` takes other numbers of cases.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select, text

from engine import installation, people, tour
from engine.identity import new_id
from engine.models import documents, instances, keywords, participants, user_tasks
from engine.queries import inbox
from engine.queries.cases import find_cases
from engine.queries.search import Search
from engine.settings import Settings
from engine.site import Site
from engine.words import found_by

SIZES = (400, 4_000, 40_000)
ROUNDS = 21
BATCH = 500
WORDS = {"rare": "sosialisasi", "common": "rapat", "number": "rapat 17", "old": "lama", "no hit": "zebra"}
Find = Callable[[], object]


@contextmanager
def offices(folder: Path, sizes: list[int], postgres: bool) -> Iterator[dict[int, Site]]:
    """An installation for each number of cases."""
    if postgres:
        from tests.postgres import running
    with running() if postgres else nullcontext() as server:
        sites = {}
        for size in sizes:
            address = server.create(f"n{size}") if server else ""
            sites[size] = Site.open(Settings(var=folder / str(size), database_url=address))
            installation.upgrade(sites[size])
            installation.set_up_demo(sites[size], tour.OPERATOR, tour.CHANNEL)
            fill(sites[size], size)
        yield sites
        for site in sites.values():
            site.database.close()


def fill(site: Site, size: int) -> None:
    """That many finished cases: the first is the only one of its name, and one word is of the oldest tenth."""
    model = tour.start(site, next(each for each in tour.sops(site) if each.key == "sop-16-2022"))
    for _ in tour.walk(site, model):
        pass
    for first in range(0, size, BATCH):
        _copy(site, model, {new_id(): number for number in range(first, min(size, first + BATCH))}, size)
    with site.database.write() as connection:
        connection.execute(text("ANALYZE"))


def _copy(site: Site, model: str, ids: Mapping[str, int], size: int) -> None:
    titles = {each: _title(number, size) for each, number in ids.items()}
    with site.database.write() as connection:
        for table in (instances, user_tasks, participants, documents):
            key = table.c.id if table is instances else table.c.instance_id
            for row in connection.execute(select(table).where(key == model)).all():
                rows = [{**_later(row._mapping, number), key.name: each} for each, number in ids.items()]
                if table is instances:
                    rows = [{**row, "business_key": titles[row["id"]]} for row in rows]
                connection.execute(insert(table), rows)
        words = [{"instance_id": each, "word": word} for each in ids for word in found_by([titles[each]])]
        connection.execute(insert(keywords), words)


def _title(number: int, size: int) -> str:
    if number == 0:
        return "Sosialisasi pemilih pemula"
    return f"Rapat {'lama' if number < size // 10 else 'koordinasi'} {number} di Pinrang"


def _later(row: Mapping[str, Any], hours: int) -> dict[str, Any]:
    moments = ("created_at", "due_at", "started_at", "ended_at", "issued_at")
    moved = {name: row[name] + timedelta(hours=hours) for name in moments if row.get(name)}
    return {**row, **moved, **({"code": None} if "code" in row else {})}


def searches(site: Site) -> Iterator[tuple[str, Find]]:
    """What staff and an auditor look for."""
    for name, ended in (("kasubag", "done"), ("auditor", "everybody")):
        with site.database.read() as connection:
            actor = people.find(connection, name, site.clock())
        assert actor is not None
        for kind, word in WORDS.items():
            yield f"{name}: cases, {kind}", partial(find_cases, site, actor, Search(text=word), limit=51)
        for kind, word in WORDS.items():
            yield f"{name}: selesai, {kind}", partial(inbox.tasks, site, actor, ended, text=word, limit=51)


def milliseconds(finds: list[Find]) -> list[float]:
    """The median of each, in turns."""
    rounds = [[_took(find) for find in finds] for _ in range(ROUNDS + 1)]
    return [median(each) for each in zip(*rounds[1:], strict=True)]


def _took(find: Find) -> float:
    began = time.perf_counter()
    find()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, offices(Path(name), given.sizes, given.postgres) as sites:
        print(f"{'p50 ms after so many cases':32}" + "".join(f"{size:9}" for size in sites))
        for rows in zip(*(searches(site) for site in sites.values()), strict=True):
            took = milliseconds([find for _, find in rows])
            print(f"{rows[0][0]:32}" + "".join(f"{each:9.1f}" for each in took))


if __name__ == "__main__":
    main()
