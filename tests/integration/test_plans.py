"""What is asked at every step costs the same after tens of thousands of cases that have ended."""

import re
from collections.abc import Callable, Iterator

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

ENDED = 20_000
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
            rows = [{**row._mapping, "instance_id": each} for row in found for each in ids]
            connection.execute(insert(table), [{**row, "code": None} for row in rows] if table is documents else rows)
        marked = {"seq": 2, "place": 0, "text": "Undangan rapat koordinasi"}
        connection.execute(insert(keywords), [{**marked, "instance_id": each} for each in ids])


def person(site: Site, name: str) -> Actor:
    with site.database.read() as connection:
        found = people.find(connection, name, site.clock())
    assert found is not None
    return found


def plans(site: Site, do: Callable[[], object]) -> str:
    """How the database finds the rows of all statements that were executed meanwhile."""
    said: list[tuple[str, object]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    event.listen(site.database.database, "before_cursor_execute", listen)
    do()
    event.remove(site.database.database, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN " if site.database.sqlite else "EXPLAIN "
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


@pytest.mark.parametrize("name", ["kasubag", "auditor"])
def test_the_search_of_cases_reads_titles_from_an_index_and_what_forms_mark_once(analysed: Site, name: str) -> None:
    who = person(analysed, name)
    assert [each.business_key for each in find_cases(analysed, who, Search(text="Baru 7"))] == ["Baru 7"]
    plan = plans(analysed, lambda: find_cases(analysed, who, Search(text="Baru 7")))
    if analysed.database.sqlite:
        assert whole(plan) == ["keywords"], plan
        assert plan.count("SCAN other USING COVERING INDEX ix_instances_business_key_id") == 1, plan
    else:
        assert len(whole(plan)) <= 2 and whole(plan).count("keywords") <= 1, plan
