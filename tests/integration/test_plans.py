"""What is asked at every step costs the same after tens of thousands of cases that have ended."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from engine import people
from engine.access import Actor
from engine.identity import new_id
from engine.models import documents, instances, keywords, participants, user_tasks
from engine.queries import inbox
from engine.queries.cases import find_cases
from engine.queries.search import Search
from engine.queries.user_tasks import of_case
from engine.site import Site
from tests import walking
from tests.conftest import Prepared, copied

pytestmark = pytest.mark.slow

ENDED = 20_000
STEPS = 100  # thousands; reading a word of each case takes more than a thousand of them
ROWS = 15_000
OF_ALL = r"(user_tasks|instances|documents|participants|history|keywords)"


@pytest.fixture(scope="module")
def old(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An office of many years: what a case of SOP 16/2022 leaves, again and again, and twenty that wait."""
    with copied(prepared, tmp_path_factory.mktemp("old") / "var") as site:
        case = walking.start(site, "Rapat")
        walking.walk(site, case)
        again(site, case)
        for number in range(20):
            walking.walk(site, walking.start(site, f"Baru {number}"), until="periksa_laporan")
        yield site


@pytest.fixture(scope="module")
def analysed(old: Site) -> Site:
    with old.database.write() as connection:
        connection.execute(text("ANALYZE"))
    return old


def again(site: Site, case: str) -> None:
    ids = [new_id() for _ in range(ENDED)]
    with site.database.write() as connection:
        row = dict(connection.execute(select(instances).where(instances.c.id == case)).one()._mapping)
        connection.execute(insert(instances), [{**row, "id": each, "business_key": f"Rapat {each}"} for each in ids])
        for table, most in ((user_tasks, 4), (documents, 1), (participants, 2)):
            found = connection.execute(select(table).where(table.c.instance_id == case).limit(most)).all()
            rows = [
                {**_later(row._mapping, number), "instance_id": each}
                for row in found
                for number, each in enumerate(ids)
            ]
            connection.execute(insert(table), [{**row, "code": None} for row in rows] if table is documents else rows)
        words = [{"instance_id": each, "word": word} for each in ids for word in ("rapat", each)]
        connection.execute(insert(keywords), words)


def _later(row: Mapping[str, Any], minutes: int) -> dict[str, Any]:
    ended = row.get("ended_at")
    return {**row, "ended_at": ended + timedelta(minutes=minutes)} if ended else dict(row)


def person(site: Site, name: str) -> Actor:
    with site.database.read() as connection:
        found = people.find(connection, name, site.clock())
    assert found is not None
    return found


def plans(site: Site, do: Callable[[], object], how: str = "") -> str:
    """How the database finds the rows of all statements that were executed meanwhile."""
    said: list[tuple[str, object]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    event.listen(site.database.database, "before_cursor_execute", listen)
    do()
    event.remove(site.database.database, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN " if site.database.sqlite else f"EXPLAIN {how}"
    with site.database.read() as connection:
        rows = [row for each, values in said for row in connection.exec_driver_sql(explain + each, values)]  # type: ignore[arg-type]
    return "\n".join(row[-1] for row in rows)


def whole(plan: str) -> list[str]:
    """The tables that are read from one end to the other; an index of open tasks alone is not one."""
    scans = re.findall(
        rf"^SCAN {OF_ALL}(?:_\d+)?\b(?! USING (?:COVERING )?INDEX ix_user_tasks_open)", plan, re.MULTILINE
    )
    return scans + re.findall(rf"Seq Scan on {OF_ALL}", plan)


def test_separation_of_duties_looks_at_the_tasks_of_the_case(old: Site, request: pytest.FixtureRequest) -> None:
    staff = person(old, "kasubag")
    case = find_cases(old, staff, Search(text="Baru 7"))[0].id

    def look() -> None:
        with old.database.read() as connection:
            assert any(task.separate_from for task in of_case(connection, staff, case))

    for _ in ("as it is", "with statistics"):
        plan = plans(old, look)
        assert whole(plan) == [] and "ix_user_tasks_status" not in plan and "ix_user_tasks_ended" not in plan, plan
        request.getfixturevalue("analysed")


@pytest.mark.parametrize("name", ["kpukab", "kasubag", "auditor"])
@pytest.mark.parametrize("choice", [each for each in inbox.CHOICES if each not in inbox.ENDED])
def test_the_search_of_an_inbox_looks_at_open_tasks_and_their_cases(analysed: Site, name: str, choice: str) -> None:
    plan = plans(analysed, lambda: inbox.tasks(analysed, person(analysed, name), choice, text="Baru 7"))
    assert whole(plan) == [], plan


@pytest.mark.parametrize("text", ["Baru 7", "rapat", "zebra"])
@pytest.mark.parametrize("name", ["kasubag", "auditor", "orangluar"])
@pytest.mark.parametrize("where", ["cases", *inbox.ENDED])
def test_a_search_reads_few_words_few_cases_and_few_tasks(
    old: Site, name: str, where: str, text: str, request: pytest.FixtureRequest
) -> None:
    who = person(old, name)

    def search() -> int:
        if where == "cases":
            return len(find_cases(old, who, Search(text=text)))
        return len(inbox.tasks(old, who, where, text=text))

    for _ in ("as it is", "with statistics"):
        if old.database.sqlite:
            assert steps(old, search) < STEPS
        else:
            plan = plans(old, search, "(ANALYZE, TIMING OFF) ")
            assert rows(plan) < ROWS, plan
        request.getfixturevalue("analysed")


def rows(plan: str) -> float:
    """How many rows PostgreSQL read, those included that it then did not want."""
    read = re.findall(r"Scan .*\(actual rows=([\d.]+) loops=(\d+)\)", plan)
    unwanted = re.findall(r"Rows Removed by .*: (\d+)", plan)
    return sum(float(each) * int(times) for each, times in read) + sum(map(float, unwanted))


def steps(site: Site, do: Callable[[], object]) -> int:
    """How many thousands of SQLite's instructions it takes."""
    taken = []

    def watch(_connection: object, cursor: sqlite3.Cursor, *_: object) -> None:
        cursor.connection.set_progress_handler(lambda: taken.append(None), 1000)

    event.listen(site.database.database, "before_cursor_execute", watch)
    do()
    event.remove(site.database.database, "before_cursor_execute", watch)
    return len(taken)
