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
from engine.runtime import tree
from engine.runtime.data import Data
from engine.runtime.events import Several
from engine.runtime.task import Token
from engine.runtime.values import Status, Wait
from engine.runtime.workflow import CaseWorkflow

_TOLD = ("wait", "local", "data", "loop", "todo", "undo", "undoer", "used")


def status(workflow: CaseWorkflow) -> Status:
    """Completed is only what has no token left."""
    if not workflow.success:
        return "cancelled"
    if not workflow.tokens:
        return "completed"
    failed = any(token.state == TaskState.ERROR for token in workflow.tokens.values())
    return "incident" if failed else "running"


def waited(workflow: CaseWorkflow) -> Iterator[tuple[Token, Any, Wait, dict[str, Any]]]:
    """What the case waits for from outside, oldest first: by which task and definition, and where that stands."""
    for token in workflow.waiting():
        definition = token.task_spec.event_definition
        if isinstance(definition, Several):
            for part in token.internal_data["parts"]:
                element = definition.places[part["n"]][1]
                told = _wait(part["path"], element, part["wait"])
                yield token, definition.event_definitions[part["n"]], told, part["wait"]
        else:
            wait = token.internal_data["wait"]
            yield token, definition, _wait(token.path, token.task_spec.bpmn_id, wait), wait


def _wait(path: str, element: str, wait: dict[str, Any]) -> Wait:
    due = clock.from_text(wait["due"]) if "due" in wait else None
    return Wait(path, element, wait["kind"], wait.get("name", ""), due, wait.get("correlation"))


def digest(workflow: CaseWorkflow) -> str:
    """SHA-256 of the canonical JSON of data, incidents, open activities and status."""
    tokens = sorted(tree.rows(workflow), key=lambda row: row["path"])
    undoable = {"undoable": workflow.undoable} if workflow.undoable else {}
    rest = canonical(
        {
            **undoable,
            "incidents": [
                {"code": row["incident"]["code"], "path": row["path"]} for row in tokens if "incident" in row
            ],
            "open": [_open(row) for row in tokens],
            "status": status(workflow),
        }
    )
    return hashlib.sha256(f'{{"data":{workflow.values.text()},{rest[1:]}'.encode()).hexdigest()


def _open(row: tree.Row) -> dict[str, Any]:
    told = {name: row[name] for name in _TOLD if name in row}
    return {"activity_id": _activity(row), "path": row["path"], "state": row["state"], **told}


def dump(workflow: CaseWorkflow, order: bool = True) -> str:
    """The case as canonical JSON; without `order` the same, whatever came first."""
    rows = tree.rows(workflow) if order else sorted(tree.rows(workflow), key=lambda row: row["path"])
    rest = canonical(
        {
            "cancelled": not workflow.success,
            "contributions": workflow.values.contributions,
            **({"undoable": workflow.undoable} if workflow.undoable else {}),
            "ordinals": workflow.ordinals,
            "tokens": rows,
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
    workflow = CaseWorkflow(definition, Data(state["data"]))
    workflow.success = not case["cancelled"]
    workflow.values.contributions = case["contributions"]
    workflow.ordinals = case["ordinals"]
    workflow.undoable = case.get("undoable", [])
    tree.Planting(workflow, case["tokens"])
    return workflow


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
    around = list[dict[str, Any]]()
    row = rows.get(path)
    while row is not None:
        around.insert(0, row)
        row = rows.get(row.get("scope", ""))
    seen: dict[str, Any] = dict(state["data"])
    for row in around:
        seen = {name: value for name, value in seen.items() if name not in row.get("hidden", ())}
        seen |= {**row.get("local", {}), **row.get("data", {})}
    return seen


def _activity(row: tree.Row) -> str:
    return str(row["path"].rpartition(".")[0].removesuffix("*").partition("#")[0])
