"""`python -m benchmarks.pages`: milliseconds the server takes for a page with 10,000 cases and as many open tasks.

A few cases are walked through SOP 16/2022 and their rows copied under new ids, so what the pages read is what commands
wrote. (The copies' chains do not verify, which no page here asks.)
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from app import create_app
from engine import credentials, people, tour
from engine.identity import new_id
from engine.models import documents, history, instances, participants, user_tasks
from engine.queries import inbox as lists
from engine.site import Site

CASES = 10_000
VISITS = 40
TABLES: tuple[Table, ...] = (instances, user_tasks, history, participants, documents)
STEPS = (0, 2, 4, 6, 9, 12)  # how many tasks each walked case has behind it
VISITORS = ("staf", "kasubag", "ketua", "auditor")
LISTS = ("/", "/saya/tugas", "/bersama", "/terlambat", "/menunggu", "/selesai", "/?q=rapat+9", "/bersama?halaman=20")


def prepared(folder: Path, cases: int = CASES) -> Site:
    """An installation with that many running cases, at as many places as there are walked ones."""
    site = tour.prepare(folder)
    sop = next(each for each in tour.sops(site) if each.key == "sop-16-2022")
    models = [tour.start(site, sop) for _ in STEPS]
    for case, steps in zip(models, STEPS, strict=True):
        for _ in islice(tour.walk(site, case), steps):
            pass
    with site.database.write() as connection:
        for number in range(cases - len(models)):
            _copy(connection, models[number % len(models)], number)
    return site


def _copy(connection: Connection, model: str, number: int) -> None:
    identity, age = new_id(), timedelta(hours=number % 2000)
    for table in TABLES:
        key = table.c.id if table is instances else table.c.instance_id
        rows = [dict(row._mapping) for row in connection.execute(select(table).where(key == model))]
        if rows:
            connection.execute(insert(table), [_renamed(row, identity, number, age) for row in rows])


def _renamed(row: Mapping[str, Any], identity: str, number: int, age: timedelta) -> dict[str, Any]:
    changed: dict[str, Any] = {"id" if "business_key" in row else "instance_id": identity}
    if "business_key" in row:
        changed["business_key"] = f"Rapat {number}"
    if "code" in row:
        changed["code"] = None  # two documents never have the same, and no page here asks for it
    for moment in ("created_at", "due_at", "ended_at", "started_at"):
        if row.get(moment):
            changed[moment] = row[moment] - age
    return {**row, **changed}


def visits(site: Site, name: str) -> Iterator[tuple[str, Callable[[], int]]]:
    """What one person opens: every list, a task, a case."""
    client = create_app(site=site).test_client()
    with site.database.write() as connection:
        link = credentials.create_link(connection, name, site.clock())
    with site.database.read() as connection:
        person = people.find(connection, name, site.clock())
    assert person is not None
    waiting = [task for choice in ("me", "others") for task in lists.tasks(site, person, choice, limit=VISITS + 1)]
    client.set_cookie("alur", credentials.open_link(site, link))

    def opener(path: str) -> Callable[[], int]:
        return lambda: client.get(path).status_code

    yield from ((path, opener(path)) for path in (*LISTS, "/berkas", "/berkas?q=rapat+9"))
    turn = iter(range(sys.maxsize))
    yield "task", lambda: client.get(f"/tugas/{waiting[next(turn) % len(waiting)].id}").status_code
    yield "case", lambda: client.get(f"/berkas/{waiting[next(turn) % len(waiting)].process_instance_id}").status_code


def milliseconds(visit: Callable[[], int]) -> list[float]:
    """How long each of some visits took, after one that fills caches."""
    visit()
    took = []
    for _ in range(VISITS):
        began = time.perf_counter()
        assert visit() == 200
        took.append((time.perf_counter() - began) * 1000)
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        site = prepared(Path(name))
        print(f"{CASES} cases, made in {time.perf_counter() - began:.0f} s\n{'':32}{'p50 ms':>9}{'p95 ms':>9}")
        for person in VISITORS:
            for page, visit in visits(site, person):
                took = milliseconds(visit)
                print(f"{f'{person}: {page}':32}{median(took):9.1f}{quantiles(took, n=20)[-1]:9.1f}")


if __name__ == "__main__":
    main()
