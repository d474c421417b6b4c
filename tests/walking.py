"""Taking a case along: complete open tasks as the people of the cast, with the examples of the forms."""

from collections.abc import Callable
from typing import Any

from engine import people, tour
from engine.access import Actor
from engine.casework import Channel
from engine.commands.cases import start_process
from engine.commands.user_tasks import Completion, complete_user_task
from engine.queries.cases import CaseDetail, case
from engine.queries.user_tasks import OPEN, UserTask, user_task
from engine.site import Site
from tests.cast import BY_LANE, OPERATOR

WEB = Channel("web")
SOP = "sop-16-2022"


def person(site: Site, name: str) -> Actor:
    with site.database.read() as connection:
        found = people.find(connection, name, site.clock())
    assert found is not None, f"{name} is not in the cast"
    return found


def start(site: Site, title: str = "Rapat uji", **options: Any) -> str:
    return start_process(site, person(site, "kpukab"), WEB, SOP, business_key=title, **options)[0]


def look(site: Site, instance_id: str) -> CaseDetail:
    return case(site, OPERATOR, instance_id)


def waiting(site: Site, instance_id: str) -> list[UserTask]:
    return [task for task in look(site, instance_id).user_tasks if task.status in OPEN]


def example(site: Site, task: UserTask, returning: bool = False) -> dict[str, Any]:
    """A valid submission: the example that moves the case forward, or the one that sends it back."""
    detail = user_task(site, OPERATOR, task.id)
    schema = detail.bundle.forms[task.activity_id].schema
    chosen = schema["examples"][-1 if returning else 0]
    uploader = person(site, BY_LANE[task.lane])
    return dict(tour.with_uploads(schema, chosen, lambda: tour.upload(site, uploader)))


def complete(site: Site, task: UserTask, returning: bool = False, **options: Any) -> Completion:
    data = example(site, task, returning)
    return complete_user_task(site, person(site, BY_LANE[task.lane]), WEB, task.id, data, **options)


def walk(
    site: Site, instance_id: str, until: str | None = None, returns: Callable[[UserTask], bool] = lambda _: False
) -> None:
    """Complete tasks until `until` is open or nothing is; `returns` says which decisions send back."""
    for _ in range(100):
        tasks = waiting(site, instance_id)
        if not tasks or until in [task.activity_id for task in tasks]:
            return
        complete(site, tasks[0], returns(tasks[0]))
    raise AssertionError(f"{instance_id} does not come to {until}")


def open_task(site: Site, instance_id: str, activity_id: str) -> UserTask:
    return next(task for task in waiting(site, instance_id) if task.activity_id == activity_id)
