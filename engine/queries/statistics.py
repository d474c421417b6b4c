"""How the office does: how much, how long and how late, of an SOP's steps and roles. All spans are working time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import select

from engine import office
from engine.access import Actor, require
from engine.models import instances, user_tasks
from engine.queries.search import Search
from engine.queries.user_tasks import OPEN
from engine.site import Site
from engine.worktime import Calendar, elapsed

CANCELLED = "cancelled"

_CASES = select(instances.c.status, instances.c.started_at, instances.c.ended_at)
_COLUMNS = ("instance_id", "activity_id", "lane", "status", "created_at", "claimed_at", "ended_at", "due_at")
_TASKS = (
    select(*(user_tasks.c[name] for name in _COLUMNS))
    .join(instances, instances.c.id == user_tasks.c.instance_id)
    .order_by(user_tasks.c.created_at)
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some spans, and what nine of ten stay below; None where there are none."""

    middle: timedelta | None
    most: timedelta | None


@dataclass(frozen=True, slots=True)
class Work:
    """The tasks of one step or of one role.

    `returned` counts those that the case came back to; `late` those over their deadline, finished or not, of the
    `timed` ones, which have a deadline; `waiting` lies before somebody took the task, `working` after that.
    """

    opened: int
    done: int
    open: int
    returned: int
    timed: int
    late: int
    waiting: Spread
    working: Spread
    total: Spread
    norm: timedelta | None

    @property
    def lateness(self) -> float | None:
        """Which part of those with a deadline was late, from 0 to 1."""
        return self.late / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases: how many of each status, with a late task, with a step that came again; how long those done took."""

    statuses: Mapping[str, int]
    late: int
    returned: int
    duration: Spread

    @property
    def started(self) -> int:
        """All of them."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was asked: the cases, and their tasks by activity id and by lane."""

    cases: Cases
    activities: Mapping[str, Work]
    lanes: Mapping[str, Work]


@dataclass(frozen=True, slots=True)
class _Task:
    instance: str
    activity: str
    lane: str
    again: bool
    status: str
    late: bool | None
    waited: timedelta
    worked: timedelta | None
    norm: timedelta | None


def statistics(site: Site, actor: Actor, search: Search) -> Statistics:
    """Count and measure the cases that `search` finds; raises `Forbidden`."""
    require(actor, "statistics.view")
    now = site.clock()
    with site.database.read() as connection:
        calendar = office.calendar(connection)
        asked = search.conditions(calendar.zone.key, now)
        cases = connection.execute(_CASES.where(*asked)).all()
        tasks = list(_measured(connection.execute(_TASKS.where(*asked)), calendar, now))
    return Statistics(
        _cases(cases, tasks, calendar),
        _by(tasks, lambda task: task.activity),
        _by(tasks, lambda task: task.lane),
    )


def _measured(rows: Iterable[Any], calendar: Calendar, now: datetime) -> Iterator[_Task]:
    ends: dict[tuple[str, str], list[datetime]] = {}
    for row in rows:
        earlier = ends.setdefault((row.instance_id, row.activity_id), [])
        # One of several that follow each other at once is no return: it opens in the moment that the one before ends.
        again = any(end < row.created_at for end in earlier) and row.created_at not in earlier
        if row.ended_at:
            earlier.append(row.ended_at)
        yield _task(row, again, calendar, now)


def _task(row: Any, again: bool, calendar: Calendar, now: datetime) -> _Task:  # noqa: ANN401 - a row of `_TASKS`
    until = row.ended_at or now
    taken = min(row.claimed_at or until, until)
    return _Task(
        row.instance_id,
        row.activity_id,
        row.lane,
        again,
        row.status,
        None if row.due_at is None or row.status == CANCELLED else until > row.due_at,
        elapsed(row.created_at, taken, calendar),
        elapsed(taken, until, calendar) if row.claimed_at else None,
        elapsed(row.created_at, row.due_at, calendar) if row.due_at else None,
    )


def _by(tasks: Sequence[_Task], key: Callable[[_Task], str]) -> dict[str, Work]:
    groups: dict[str, list[_Task]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(task)
    return {name: _work(group) for name, group in groups.items()}


def _work(tasks: Sequence[_Task]) -> Work:
    done = [task for task in tasks if task.status == "completed"]
    return Work(
        opened=len(tasks),
        done=len(done),
        open=sum(task.status in OPEN for task in tasks),
        returned=sum(task.again for task in tasks),
        timed=sum(task.late is not None for task in tasks),
        late=sum(task.late is True for task in tasks),
        waiting=_spread(task.waited for task in done),
        working=_spread(task.worked for task in done if task.worked is not None),
        total=_spread(task.waited + (task.worked or timedelta(0)) for task in done),
        norm=_spread(task.norm for task in tasks if task.norm is not None).middle,
    )


def _cases(cases: Sequence[Any], tasks: Sequence[_Task], calendar: Calendar) -> Cases:
    statuses: dict[str, int] = {}
    for case in cases:
        statuses[case.status] = statuses.get(case.status, 0) + 1
    finished = (case for case in cases if case.status == "completed")
    return Cases(
        statuses,
        late=len({task.instance for task in tasks if task.late}),
        returned=len({task.instance for task in tasks if task.again}),
        duration=_spread(elapsed(case.started_at, case.ended_at, calendar) for case in finished),
    )


def _spread(spans: Iterable[timedelta]) -> Spread:
    seconds = sorted(span.total_seconds() for span in spans)
    if not seconds:
        return Spread(None, None)
    most = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return Spread(timedelta(seconds=median(seconds)), timedelta(seconds=most))
