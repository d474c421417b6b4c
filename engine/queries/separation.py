"""Separation of duties: who did one step of a case and therefore may not do another that is open in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from engine.access import concerns
from engine.models import user_tasks

# By case and activity.
Done = Mapping[tuple[str, str], Sequence[Row[*tuple[Any, ...]]]]

_DONE = (
    select(
        user_tasks.c.instance_id,
        user_tasks.c.activity_id,
        user_tasks.c.name,
        user_tasks.c.ended_by,
        user_tasks.c.ended_for,
        user_tasks.c.status,
        user_tasks.c.run,
    )
    .where(
        user_tasks.c.instance_id.in_(bindparam("cases", expanding=True)),
        user_tasks.c.activity_id.in_(bindparam("activities", expanding=True)),
    )
    .order_by(user_tasks.c.ended_at)
)


def latest(connection: Connection, tasks: Iterable[Row[Any]]) -> Done:
    """The latest completion in each run of the steps that these open tasks must be separate from."""
    wanted = [task for task in tasks if task.separate_from]
    if not wanted:
        return {}
    activities = {activity for task in wanted for activity in task.separate_from.split(",")}
    params = {"cases": sorted({task.instance_id for task in wanted}), "activities": sorted(activities)}
    # Asked for the status, a database may look at the completed tasks of all cases instead of all tasks of these.
    rows = [row for row in connection.execute(_DONE, params) if row.status == "completed"]
    last = {(row.instance_id, row.activity_id, row.run): row for row in rows}
    found = defaultdict(list)
    for (case, activity, _), row in last.items():
        found[case, activity].append(row)
    return found


def barred(task: Row[Any], done: Done) -> dict[str, str]:
    """Who may not do the open task → the step that they did, or that was done on their behalf."""
    keys = ((task.instance_id, activity) for activity in (task.separate_from or "").split(","))
    acts = [act for key in keys for act in done.get(key, ()) if concerns(act.run, task.run)]
    return {name: act.name for act in acts for name in (act.ended_by, act.ended_for) if name}
