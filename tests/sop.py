"""Steps of a case over the API, each done by the person of its lane."""

from collections.abc import Callable
from typing import Any

from tests.cast import BY_LANE
from tests.clients import Api, example

Clients = Callable[[str], Api]


def open_tasks(api: Clients, case: str) -> list[dict[str, Any]]:
    detail = api("auditor").get(f"/process-instances/{case}").json
    return [task for task in detail["user_tasks"] if task["status"] in ("ready", "claimed")]


def send(api: Clients, task: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Complete a task as its lane's person, with its form's first example."""
    person = api(BY_LANE[task["lane"]])
    form = person.get(f"/user-tasks/{task['id']}").json["form"]
    data = {**(example(person, form["schema"]) if form else {}), **changes}
    response = person.post(f"/user-tasks/{task['id']}/complete", {"data": data})
    assert response.status_code == 200, f"{task['id']}: {response.text[:1000]}"
    return dict(response.json)
