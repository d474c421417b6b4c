"""Cases: start, find, look at, and an operator's acts."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from engine import errors
from engine.access import Actor
from engine.casework import Channel, Recorded
from engine.commands import cases as commands
from engine.queries import cases
from engine.queries.cases import CaseDetail
from engine.queries.search import Search, Step
from engine.site import Site
from web.api.operation import ONCE, Parameter, get, post
from web.api.paging import PAGE, pages, position
from web.api.schema import ANY_OBJECT, DIGEST, MOMENT, NUMBER, TEXT, WHY, body, choice, many, maybe, page, record, told
from web.api.tasks import USER_TASK, WARNING, user_task_json, warning_json
from web.context import API, actor, site, translate

SEES = "who started it, took part, or has it waiting in a lane; auditors and admins"
OPERATES = "admins"
STATUSES = ("running", "completed", "cancelled", "suspended", "incident")
SUMMARY = {
    "id": TEXT,
    "process_definition_key": TEXT,
    "version": NUMBER,
    "definition_digest": DIGEST,
    "business_key": maybe(TEXT),
    "status": choice(*STATUSES),
    "suspended": maybe(TEXT),
    "started_at": MOMENT,
    "started_by": TEXT,
    "ended_at": maybe(MOMENT),
    "seq": NUMBER,
    "head": DIGEST,
}
LISTED = record("ProcessInstanceSummary", **SUMMARY)
INCIDENT = record("Incident", path=TEXT, activity_id=TEXT, code=TEXT, cause=TEXT)
INSTANCE = record(
    "ProcessInstance",
    **SUMMARY,
    user_tasks=many(USER_TASK),
    data=ANY_OBJECT,
    incidents=many(INCIDENT),
    warnings={**many(WARNING), "description": "Open tasks that nobody can do now, and why."},
)
START = body(
    {"process_definition_key": TEXT},
    optional={
        "version": maybe({"type": "integer", "minimum": 1, "maximum": 2**31 - 1}),
        "business_key": maybe({"type": "string", "maxLength": commands.KEY_LENGTH}),
        "data": ANY_OBJECT,
    },
)
FLAG = choice("true", "false")
WORDS = {"type": "string", "maxLength": 200}
DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
REASON = body({"reason": WHY})


def incident_json(incident: Mapping[str, Any]) -> dict[str, Any]:
    """What failed in a case and why, in the language of the request."""
    return {
        **{name: incident[name] for name in ("path", "activity_id", "code")},
        "cause": translate(incident["message"], **incident["params"]),
    }


def instance_json(case: CaseDetail) -> dict[str, Any]:
    """A case in full."""
    return {
        **told(LISTED, case.instance),
        "user_tasks": [user_task_json(task) for task in case.user_tasks],
        "data": case.data,
        "incidents": [incident_json(incident) for incident in case.incidents],
        "warnings": [warning_json(task_id, reason) for task_id, reason in case.unstaffed.items()],
    }


@post(
    "/process-instances",
    "Start a case",
    who="members of the start event's lane; where it has none, of any lane",
    answer=INSTANCE,
    status=201,
    parameters=(ONCE,),
    body=START,
    errors=(errors.NotFound, errors.Forbidden, errors.SopWithdrawn, errors.Unacceptable, errors.KeyReused),
)
def start(idempotency_key: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """Of the latest version, unless one is named."""
    instance_id, _ = commands.start_process(
        site(),
        actor(),
        API,
        body["process_definition_key"],
        version=body.get("version"),
        business_key=body.get("business_key"),
        data=body.get("data"),
        once=idempotency_key,
    )
    return instance_json(cases.case(site(), actor(), instance_id))


@get(
    "/process-instances",
    "Cases, the newest first",
    who="the cases they see",
    answer=page(LISTED),
    parameters=(
        Parameter("status", choice(*STATUSES), "Only cases in this state."),
        Parameter("key", TEXT, "Only cases of this SOP."),
        Parameter("version", {"type": "integer", "minimum": 1, "maximum": 999999}, "Only cases of this version."),
        Parameter(
            "q",
            WORDS,
            "The id; or words in any order, each the beginning of a word, or of a figure or word in one, of the title,"
            " a letter number or what a form marks with `ui:search`.",
        ),
        Parameter("number", WORDS, "So much of the number of one of its letters, from a figure or word in it on."),
        Parameter("person", WORDS, "Who started it or acted in it: a user's name, or part of a full name."),
        Parameter("from", DAY, "Started on this day of the office or later."),
        Parameter("to", DAY, "Started on this day of the office or earlier."),
        Parameter("activity", WORDS, "With a task of this activity, by its id; what follows holds for the same task."),
        Parameter("lane", WORDS, "With a task of this lane."),
        Parameter("late", FLAG, "With a task over its deadline, finished or not."),
        Parameter("returned", FLAG, "With a task that was opened again after it had been finished."),
        Parameter("waiting", FLAG, "With a task that is open."),
        *PAGE,
    ),
)
def find(limit: int, cursor: str | None, version: int | None, **asked: str | None) -> dict[str, Any]:
    """Search: what is given must all hold."""
    (before,) = position(cursor, str) or (None,)
    given = {name: value for name, value in asked.items() if value}
    search = Search(
        status=given.get("status", ""),
        key=given.get("key", ""),
        version=version,
        text=given.get("q", ""),
        number=given.get("number", ""),
        person=given.get("person", ""),
        since=day(given, "from"),
        until=day(given, "to"),
        step=Step(
            given.get("activity", ""),
            given.get("lane", ""),
            *(given.get(name) == "true" for name in ("late", "returned", "waiting")),
        ),
    )
    found = cases.find_cases(site(), actor(), search, before=before, limit=limit + 1)
    return pages(found, limit, partial(told, LISTED), lambda case: [case.id])


def day(given: Mapping[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        return date.fromisoformat(given[name])
    except ValueError as error:
        raise errors.Malformed(reason=f"{name}: {error}") from error


@get("/process-instances/<instance_id>", "One case", who=SEES, answer=INSTANCE, errors=(errors.NotFound,))
def one(instance_id: str) -> dict[str, Any]:
    """With its tasks and its data."""
    return instance_json(cases.case(site(), actor(), instance_id))


Act = Callable[[Site, Actor, Channel, str, str], Recorded]


def _act(name: str, summary: str, who: str, command: Act, *refusals: type[errors.AlurError]) -> None:
    @post(
        f"/process-instances/<instance_id>/{name}",
        summary,
        who=who,
        answer=INSTANCE,
        body=REASON,
        errors=(errors.NotFound, errors.Forbidden, errors.Unacceptable, *refusals),
    )
    def act(instance_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        command(site(), actor(), API, instance_id, body["reason"])
        return instance_json(cases.case(site(), actor(), instance_id))


RESTS = (errors.CaseEnded, errors.CaseSuspended)
_act("cancel", "End a case before its time", "who started it, and admins", commands.cancel_case, errors.CaseEnded)
_act("suspend", "Let a case rest", OPERATES, commands.suspend_case, *RESTS)
_act("resume", "Let a suspended case go on", OPERATES, commands.resume_case, errors.Conflict)
_act("retry", "Try again what failed", OPERATES, commands.retry_case, errors.NoIncident, *RESTS)
