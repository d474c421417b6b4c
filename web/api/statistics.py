"""How the office does with an SOP."""

from datetime import timedelta
from typing import Any

from engine.errors import Forbidden
from engine.queries.search import Search
from engine.queries.statistics import Spread, Work, statistics
from web.api.instances import DAY, day
from web.api.operation import Parameter, get
from web.api.schema import NUMBER, TEXT, maybe, record, told
from web.context import actor, site

SECONDS = maybe(NUMBER)
SPREAD = record("Spread", median=SECONDS, p90=SECONDS)
WORK = record(
    "Work",
    opened=NUMBER,
    done=NUMBER,
    open=NUMBER,
    returned=NUMBER,
    timed=NUMBER,
    late=NUMBER,
    norm=SECONDS,
    waiting=SPREAD,
    working=SPREAD,
)
BY_NAME = {"type": "object", "additionalProperties": WORK}
CASES = record(
    "CaseStatistics",
    started=NUMBER,
    statuses={"type": "object", "additionalProperties": NUMBER},
    late=NUMBER,
    returned=NUMBER,
    duration=SPREAD,
)
STATISTICS = record("Statistics", cases=CASES, activities=BY_NAME, lanes=BY_NAME)


@get(
    "/statistics",
    "Counts, waiting and working time, returns and lateness, by activity and by lane, in seconds of working time",
    who="auditors, designers and admins",
    answer=STATISTICS,
    parameters=(
        Parameter("key", TEXT, "Only cases of this SOP."),
        Parameter("version", {"type": "integer", "minimum": 1, "maximum": 999999}, "Only cases of this version."),
        Parameter("from", DAY, "Started on this day of the office or later."),
        Parameter("to", DAY, "Started on this day of the office or earlier."),
    ),
    errors=(Forbidden,),
)
def figures(key: str | None, version: int | None, **asked: str | None) -> dict[str, Any]:
    """Waiting ends when somebody takes a task, working when they send it."""
    given = {name: value for name, value in asked.items() if value}
    search = Search(key=key or "", version=version, since=day(given, "from"), until=day(given, "to"))
    found = statistics(site(), actor(), search)
    return {
        "cases": told(CASES, found.cases, duration=_spread(found.cases.duration)),
        "activities": {name: _work(work) for name, work in found.activities.items()},
        "lanes": {name: _work(work) for name, work in found.lanes.items()},
    }


def _work(work: Work) -> dict[str, Any]:
    return told(WORK, work, norm=_seconds(work.norm), waiting=_spread(work.waiting), working=_spread(work.working))


def _spread(found: Spread) -> dict[str, int | None]:
    return {"median": _seconds(found.middle), "p90": _seconds(found.most)}


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())
