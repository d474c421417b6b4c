"""A case as text: what is kept between two commands, and the digest that proves it.

The text is a cache of the history: live tokens, data, and how often each activity was entered. The digest, version 1,
is over the case in Alur's own words: status, open activities with what they wait for, incidents, data.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.canonical import canonical, read_canonical
from engine.definitions import Definition
from engine.errors import StateUnreadable
from engine.runtime.data import Data
from engine.runtime.values import Status, Wait
from tests.oracle.process import blueprint
from tests.oracle.token import Token
from tests.oracle.workflow import CaseWorkflow

_STATES = {
    TaskState.WAITING: "waiting",
    TaskState.READY: "ready",
    TaskState.STARTED: "started",
    TaskState.ERROR: "incident",
}
_VALUES = {name: value for value, name in _STATES.items()}
_TOLD = ("wait", "local", "loop", "todo", "undo", "undoer", "used")
_PLACE = frozenset({"path", "state", "flow", "scope"})


def status(workflow: CaseWorkflow) -> Status:
    """Completed is only what has no token left."""
    if workflow.cancelled:
        return "cancelled"
    if not workflow.tokens:
        return "completed"
    failed = any(token._state == TaskState.ERROR for token in workflow.tokens.values())
    return "incident" if failed else "running"


def waits(workflow: CaseWorkflow) -> list[Wait]:
    """What the case waits for from outside, oldest first."""
    return [
        Wait(
            token.id,
            token.task_spec.element,
            wait["kind"],
            wait.get("name", ""),
            clock.from_text(wait["due"]) if "due" in wait else None,
            wait.get("correlation"),
        )
        for token in workflow.tokens.values()
        if (wait := token.internal_data.get("wait")) and token._state == TaskState.WAITING
    ]


def digest(workflow: CaseWorkflow) -> str:
    """SHA-256 of the canonical JSON of data, incidents, open activities and status."""
    tokens = sorted(workflow.tokens.values(), key=lambda token: token.id)
    undoable = {"undoable": workflow.undoable} if workflow.undoable else {}
    rest = canonical(
        {
            **undoable,
            "incidents": [
                {"code": token.internal_data["incident"]["code"], "path": token.id}
                for token in tokens
                if token._state == TaskState.ERROR
            ],
            "open": [_open(token) for token in tokens],
            "status": status(workflow),
        }
    )
    return hashlib.sha256(f'{{"data":{workflow.values.text()},{rest[1:]}'.encode()).hexdigest()


def _open(token: Token) -> dict[str, Any]:
    told = {"activity_id": token.task_spec.element, "path": token.id, "state": _STATES[token._state]}
    if token.internal_data:
        told |= {name: token.internal_data[name] for name in _TOLD if name in token.internal_data}
    return told


def dump(workflow: CaseWorkflow) -> str:
    """The case as canonical JSON."""
    rest = canonical(
        {
            "cancelled": workflow.cancelled,
            "contributions": workflow.contributions,
            **({"undoable": workflow.undoable} if workflow.undoable else {}),
            "ordinals": workflow.ordinals,
            "tokens": [_row(token) for token in workflow.tokens.values()],
        }
    )
    return f'{{"case":{rest},"data":{workflow.values.text()}}}'


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever a damaged text leads to is one refusal."""
    try:
        yield
    except Exception as error:
        raise StateUnreadable from error


@_readable()
def load(definition: Definition, text: str) -> CaseWorkflow:
    """The case that `dump` wrote; it continues exactly as the one that was dumped. Raises `StateUnreadable`."""
    state = read_canonical(text)
    case = state["case"]
    workflow = CaseWorkflow(blueprint(definition), Data(state["data"]))
    workflow.cancelled = case["cancelled"]
    workflow.contributions = case["contributions"]
    workflow.ordinals = case["ordinals"]
    workflow.undoable = case.get("undoable", [])
    for row in case["tokens"]:
        _place(workflow, row)
    return workflow


def _row(token: Token) -> dict[str, Any]:
    return {
        "path": token.id,
        "state": _STATES[token._state],
        **({"flow": token.flow} if token.flow else {}),
        **({"scope": token.workflow.parent_task_id} if token.workflow.parent_task_id else {}),
        **token.internal_data,
    }


def _place(workflow: CaseWorkflow, row: dict[str, Any]) -> None:
    scope = workflow.scope_of(workflow.tokens[row["scope"]]) if "scope" in row else workflow
    token = workflow.place(scope, _node(row), row["path"], row.get("flow"), _VALUES[row["state"]])
    if "local" in row:
        token.own(row["local"])
    token.internal_data.update({name: value for name, value in row.items() if name not in _PLACE})
    if row["state"] == "started" and ("undo" not in row or "reopened" in row):
        workflow.scope_of(token)


@_readable()
def view(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The data of a dumped case and what failed in it, without loading it; raises `StateUnreadable`."""
    state = read_canonical(text)
    failed = [
        {"path": row["path"], "activity_id": _activity(row), **row["incident"]}
        for row in state["case"]["tokens"]
        if "incident" in row
    ]
    return state["data"], failed


@_readable()
def view_from(text: str, path: str) -> dict[str, Any]:
    """The data of a dumped case as one of its tokens sees it, with what is its own in a repeated activity."""
    state = read_canonical(text)
    rows = {row["path"]: row for row in state["case"]["tokens"]}
    seen: list[dict[str, Any]] = [state["data"]]
    row = rows.get(path)
    while row is not None:
        seen.insert(1, row.get("local", {}))
        row = rows.get(row.get("scope", ""))
    return {name: value for data in seen for name, value in data.items()}


def _node(row: dict[str, Any]) -> str:
    return str(row["path"].rpartition(".")[0].removesuffix("*"))


def _activity(row: dict[str, Any]) -> str:
    return _node(row).partition("#")[0]
