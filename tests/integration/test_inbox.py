"""An inbox of an office with thousands of open tasks: what it counts, and which indices answer."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, insert, select, text

from engine import people
from engine.access import Actor
from engine.identity import new_id
from engine.models import instances, user_tasks
from engine.queries import inbox
from engine.site import Site
from tests import walking

CASES = 3000


@pytest.fixture
def busy(site: Site) -> Site:
    """As many cases that wait for the chair, each a day older than the one before, with what others did in them."""
    case = walking.start(site, "Rapat")
    with site.database.write() as connection:
        row = dict(connection.execute(select(instances).where(instances.c.id == case)).one()._mapping)
        task = dict(connection.execute(select(user_tasks).where(user_tasks.c.instance_id == case)).one()._mapping)
        ids = [new_id() for _ in range(CASES - 1)]
        connection.execute(insert(instances), [{**row, "id": each} for each in ids])
        ages = [timedelta(days=number) for number in range(1, CASES)]
        older = [{"instance_id": each, "due_at": task["created_at"] - age} for each, age in zip(ids, ages, strict=True)]
        connection.execute(insert(user_tasks), [{**task, **each} for each in older])
        done = {"status": "completed", "ended_at": task["created_at"], "ended_by": "staf"}
        ended = [{"instance_id": each, "path": f"{task['path']}{turn}", **done} for each in ids for turn in range(3)]
        connection.execute(insert(user_tasks), [{**task, **each} for each in ended])
        connection.execute(text("ANALYZE"))
    return site


def person(site: Site, name: str) -> Actor:
    with site.database.read() as connection:
        found = people.find(connection, name, site.clock())
    assert found is not None
    return found


def plan(connection: Connection, statement: Select[Any]) -> list[str]:
    """How the database would find the rows, a line for each step."""
    lite = connection.dialect.name == "sqlite"
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    rows = connection.exec_driver_sql(
        ("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + str(compiled).replace("%", "%%")
    )
    return [row[-1] for row in rows]


def test_a_long_list_is_counted_as_far_as_anybody_reads(busy: Site) -> None:
    found = inbox.counts(busy, person(busy, "kpukab"))
    assert found == {"me": 1000, "mine": 0, "roles": 1000, "overdue": 1000, "others": 0, "done": 0}
    assert inbox.counts(busy, person(busy, "auditor"))["others"] == 1000


@pytest.mark.parametrize("name", ["kpukab", "staf", "auditor"])
def test_counting_takes_open_tasks_from_an_index(busy: Site, name: str) -> None:
    with busy.database.read() as connection:
        steps = plan(connection, inbox.counting(person(busy, name), busy.clock()))
    if busy.database.sqlite:
        assert any("COVERING INDEX ix_user_tasks_open" in step for step in steps)
        assert not any(step.startswith("SCAN user_tasks") and "INDEX" not in step for step in steps)
    else:  # which index is cheapest its statistics say; every list is bounded by itself
        assert sum("ix_user_tasks_" in step for step in steps) >= 4
        took_part = int(name != "auditor")  # who sees all is not asked whether they took part
        assert sum("->  Limit" in step for step in steps) == 6 + took_part
