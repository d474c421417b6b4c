"""User tasks: what waits for a person, and what people do with it."""

from collections.abc import Mapping
from typing import Any

from engine import errors
from engine.commands import user_tasks as commands
from engine.commands.reassignments import reassign_user_task
from engine.inputs import checklist, inputs
from engine.queries import cases, documents, user_tasks
from engine.queries.user_tasks import OPEN
from web.api.documents import DOCUMENT, document_json
from web.api.instances import INSTANCE, instance_json
from web.api.operation import ONCE, Parameter, get, post, put
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, DIGEST, TEXT, WHY, body, choice, many, maybe, page, record
from web.api.tasks import USER_TASK, WARNING, user_task_json, warning_json
from web.context import API, actor, site
from web.filling import prefilled

SEES = "everybody who sees the case"
DOES = "who holds the task's lane and position, their substitutes, and whom it is delegated to"
STATUSES = ("ready", "claimed", "completed", "cancelled")
FORM = record("Form", schema=ANY_OBJECT, ui_schema=ANY_OBJECT)
TASK_DETAIL = {
    "allOf": [USER_TASK],
    "type": "object",
    "properties": {
        "form": maybe(FORM),
        "data": ANY_OBJECT,
        "draft": maybe(ANY_OBJECT),
        "kelengkapan": {**many(TEXT), "description": "The step's inputs, item by item."},
        "warning": {**maybe(WARNING), "description": "Why nobody can do it now."},
    },
    "required": ["form", "data", "draft", "kelengkapan", "warning"],
}
COMPLETION = record(
    "Completion",
    receipt=DIGEST,
    process_instance=INSTANCE,
    next_user_tasks=many(USER_TASK),
    documents=many(DOCUMENT),
)
DATA = body({"data": ANY_OBJECT})
KELENGKAPAN = {
    "type": "object",
    "properties": {"checked": many(TEXT), "reason": maybe(TEXT)},
    "required": ["checked"],
    "additionalProperties": False,
    "description": "Which of the step's inputs are there, and why it goes on without the others. Left out, nothing is "
    "asked; otherwise an input that is neither ticked nor excused is an error (`incomplete`).",
}
SUBMISSION = body({"data": ANY_OBJECT}, optional={"kelengkapan": KELENGKAPAN})
DELEGATION = body({"to": maybe(TEXT), "note": WHY})
REASSIGNMENT = body({"to": maybe(TEXT), "reason": WHY})
GONE_ON = (errors.NotFound, errors.TaskDone, errors.TaskClaimed, errors.CaseEnded, errors.CaseSuspended)
NOT_NOW = (*GONE_ON, errors.WrongLane, errors.WrongPosition, errors.Separated)


@get(
    "/user-tasks",
    "Tasks, the nearest deadline first; open ones unless a status is named",
    who="the tasks of cases they see",
    answer=page(USER_TASK),
    parameters=(
        Parameter("lane", TEXT, "Only tasks of this lane."),
        Parameter("mine", choice("true", "false", "1", "0"), "Only tasks that I hold."),
        Parameter("status", choice(*STATUSES), "Only tasks in this state."),
        Parameter("process_instance_id", TEXT, "Only tasks of this case."),
        *PAGE,
    ),
)
def find(
    lane: str | None,
    mine: str | None,
    status: str | None,
    process_instance_id: str | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """The inbox, and what was done."""
    (offset,) = position(cursor, int) or (0,)
    found = user_tasks.inbox(
        site(),
        actor(),
        statuses=(status,) if status else OPEN,
        lane=lane,
        mine=mine in ("true", "1"),
        instance_id=process_instance_id,
        offset=offset,
        limit=limit + 1,
    )
    return pages(found, limit, user_task_json, lambda _: [offset + limit])


@get("/user-tasks/<task_id>", "A task with its form", who=SEES, answer=TASK_DETAIL, errors=(errors.NotFound,))
def one(task_id: str) -> dict[str, Any]:
    """`data` is what the form shows when it is opened."""
    detail = user_tasks.user_task(site(), actor(), task_id)
    form = detail.bundle.forms.get(detail.task.activity_id)
    return {
        **user_task_json(detail.task),
        "form": {"schema": form.schema, "ui_schema": form.ui} if form else None,
        "data": prefilled(detail),
        "draft": detail.draft,
        "kelengkapan": list(inputs(detail.bundle.definition.elements[detail.task.activity_id], form)),
        "warning": detail.unstaffed and warning_json(detail.task.id, detail.unstaffed),
    }


@post("/user-tasks/<task_id>/claim", "Take a task", who=DOES, answer=USER_TASK, errors=NOT_NOW)
def claim(task_id: str) -> dict[str, Any]:
    """Taking it twice has no effect."""
    commands.claim_user_task(site(), actor(), API, task_id)
    return _task(task_id)


@post(
    "/user-tasks/<task_id>/release",
    "Give a task back to its lane",
    who="who holds it, and their substitutes",
    answer=USER_TASK,
    errors=(*NOT_NOW, errors.TaskNotClaimed),
)
def release(task_id: str) -> dict[str, Any]:
    """For somebody else to take."""
    commands.release_user_task(site(), actor(), API, task_id)
    return _task(task_id)


@post(
    "/user-tasks/<task_id>/delegate",
    "Let one more person do this task, in the name of whose it is; `to` null takes that back",
    who="who holds the task's lane and position, and their substitutes",
    answer=USER_TASK,
    body=DELEGATION,
    errors=(*NOT_NOW, errors.DelegatedOnce, errors.Unacceptable),
)
def delegate(task_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """To somebody who works in a lane of an SOP."""
    commands.delegate_user_task(site(), actor(), API, task_id, body["to"], body["note"])
    return _task(task_id)


@post(
    "/user-tasks/<task_id>/reassign",
    "Give a task to somebody else who may do it, whoever holds it; `to` null gives it back to its role",
    who="admins",
    answer=USER_TASK,
    body=REASSIGNMENT,
    errors=(*GONE_ON, errors.Forbidden, errors.CannotReceive, errors.Unacceptable, errors.TaskFree),
)
def reassign(task_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """It ends a delegation; a draft stays its writer's."""
    reassign_user_task(site(), actor(), API, task_id, body["to"], body["reason"])
    return _task(task_id)


@put(
    "/user-tasks/<task_id>/draft",
    "Keep what was typed and is not sent yet; one draft per person",
    who=DOES,
    status=204,
    body=DATA,
    errors=(errors.NotFound, errors.WrongLane, errors.WrongPosition, errors.Separated, errors.TaskDone),
)
def draft(task_id: str, body: Mapping[str, Any]) -> None:
    """Nothing of it is checked."""
    commands.save_draft(site(), actor(), task_id, body["data"])


@post(
    "/user-tasks/<task_id>/complete",
    "Send a task's form; the case runs on to where it next waits",
    who=DOES,
    answer=COMPLETION,
    parameters=(ONCE,),
    body=SUBMISSION,
    errors=(*NOT_NOW, errors.InvalidForm, errors.KeyReused),
)
def complete(task_id: str, idempotency_key: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """Also 200 when a later automatic step failed: the submission is kept, and the case's status is `incident`."""
    ticks = checklist(body["kelengkapan"]) if "kelengkapan" in body else None
    done = commands.complete_user_task(site(), actor(), API, task_id, body["data"], idempotency_key, ticks)
    case = cases.case(site(), actor(), done.instance_id)
    issued = documents.case_documents(site(), actor(), done.instance_id) if done.documents else []
    return {
        "receipt": done.receipt,
        "process_instance": instance_json(case),
        "next_user_tasks": [user_task_json(task) for task in case.user_tasks if task.id in done.opened],
        "documents": [document_json(document) for document in issued if document.id in done.documents],
    }


def _task(task_id: str) -> dict[str, Any]:
    return user_task_json(user_tasks.user_task(site(), actor(), task_id).task)
