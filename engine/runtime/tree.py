"""The tree of tasks that SpiffWorkflow keeps: what is over is taken out of it, and it is made anew from rows.

After `settle` the tree is what `Planting` makes of its own rows, so that a case that is loaded goes on exactly as the
one that was not.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.util.task import TaskState

from engine.runtime.catching import BoundaryEvent, Throwing
from engine.runtime.events import Inside, Several
from engine.runtime.specs import Choice, Holder
from engine.runtime.task import AHEAD, OVER, UNFINISHED, Token
from engine.runtime.workflow import CaseWorkflow

Row = dict[str, Any]

_STATES = {
    TaskState.WAITING: "waiting",
    TaskState.READY: "ready",
    TaskState.STARTED: "started",
    TaskState.ERROR: "incident",
}
_VALUES = {name: value for value, name in _STATES.items()}
# Of a task's internal data, what lasts until the next command; the rest is SpiffWorkflow's, or of this one.
_KEPT = (
    "acts",
    "arriving",
    "contributions",
    "data",
    "event_fired",
    "gathering",
    "hidden",
    "incident",
    "local",
    "loop",
    "reopened",
    "todo",
    "undo",
    "undoer",
    "undoes_in",
    "undone",
    "used",
    "wait",
    "worked",
)


def prune(scope: Any) -> None:
    """Take out what is over; what lives below it hangs from the root then."""
    root, holders = scope.task_tree, scope.top_workflow.subprocesses
    for task in _walked(root):
        if task is not root and task.has_state(OVER) and not (task.id in holders or _is_split_in_use(task)):
            live = [child for child in task.children if not child.has_state(AHEAD)]
            for child in live:
                child.hang_from(root)
            task.children = [child for child in task.children if child not in live]
            scope._remove_task(task.id)


def _walked(root: Token) -> list[Token]:
    """All tasks below a root, parents first, in the order of the tree, which a case that was loaded has too."""
    found = [root]
    for task in found:
        found += task.children
    return found


def settle(workflow: CaseWorkflow) -> None:
    """Leave nothing but what lives, in an order that does not depend on what is over."""
    scopes = workflow.subprocesses
    for key, scope in list(scopes.items()):
        holder = scope.holder
        if not holder.has_state(UNFINISHED) or scope.completed or holder.workflow.tasks.get(key) is not holder:
            del scopes[key]
    place = {id(token): n for n, token in enumerate(workflow.tokens.values())}
    for scope in (workflow, *scopes.values()):
        prune(scope)
        for task in list(scope.tasks.values()):
            if task.task_spec.joins and not task.path and task.has_state(TaskState.WAITING):
                task.cancel()  # the join at the end: another one comes with the next token that ends
        prune(scope)
        _sort(scope, place)


def _sort(scope: Any, place: dict[int, int]) -> None:
    """Order children by their tokens; what has none comes last."""
    last = len(place)

    def key(task: Token) -> tuple[int, str]:
        below = [place.get(id(child), last) for child in task.children] if not task.path else []
        return min([place.get(id(task), last), *below]), task.task_spec.name

    for task in scope.tasks.values():
        holds_tokens = task is scope.task_tree or isinstance(task.task_spec, BoundaryEventSplit | LoopTask)
        if holds_tokens and not task.has_state(AHEAD):
            task.children = sorted(task.children, key=key)


def _is_split_in_use(task: Token) -> bool:
    split = isinstance(task.task_spec, BoundaryEventSplit)
    return split and any(not child.has_state(OVER | AHEAD) for child in task.children)


def rows(workflow: CaseWorkflow) -> list[Row]:
    """The tokens, oldest first, in Alur's own words."""
    return [row for token in workflow.tokens.values() for row in _rows(token)]


def _rows(token: Token) -> list[Row]:
    row: Row = {"path": token.path, "state": _STATES[token.state]}
    if token.flow and token.task_spec.joins:
        row["flow"] = token.flow
    if token.place:
        row["scope"] = token.place
    host = _host(token)
    if host is not None:
        row["host"] = host
    row |= {name: token.internal_data[name] for name in _KEPT if name in token.internal_data}
    if isinstance(token.task_spec, Choice):
        row["done"] = True
    parts = [
        {
            "path": part["path"],
            "state": "waiting",
            "host": token.path,
            "wait": part["wait"],
            **({"scope": token.place} if token.place else {}),
        }
        for part in token.internal_data.get("parts", ())
    ]
    return [row, *parts]


def _host(token: Token) -> str | None:
    """The path of the activity beside which it waits; empty for its scope."""
    if token.task_spec.starts_scope:
        return ""
    if not token.task_spec.bounds:
        return None
    return next((child.path for child in token.parent.children if not child.task_spec.bounds and child.path), None)


class Planting:
    """The tree of a case, made from its rows."""

    def __init__(self, workflow: CaseWorkflow, found: list[Row]) -> None:
        self.workflow = workflow
        self.made: dict[str, Token] = {}
        workflow.plant(TaskState.COMPLETED)
        self.aside(workflow.task_tree)
        for row in sorted(found, key=lambda row: bool(row.get("host"))):
            self.place(row)
        workflow.tokens = {row["path"]: self.made[row["path"]] for row in found if row["path"] in self.made}
        settle(workflow)

    def place(self, row: Row) -> None:
        """One token; what waits beside another comes after it."""
        host = self.made[row["host"]] if row.get("host") else None
        if host is not None and isinstance(getattr(host.task_spec, "event_definition", None), Several):
            self.part(host, row)
            return
        scope, parent = self.scope(row)
        label = row["path"].rpartition(".")[0]
        spec = self.spec(scope, label, row, parent)
        if host is not None:
            parent = host.parent
        elif f"{spec.bpmn_id}'split" in scope.spec.task_specs and not (
            parent or spec.bounds or "reopened" in row or "gathering" in row
        ):
            parent = self.split(scope, spec)
        self.token(scope, spec, parent or scope.task_tree, row)

    def token(self, scope: Any, spec: Any, parent: Token, row: Row) -> None:
        """A task in the state that the row says."""
        token = Token(scope, spec, parent, TaskState.FUTURE)
        token.path, token.flow = row["path"], row.get("flow", "")
        token.internal_data.update({name: row[name] for name in _KEPT if name in row})
        if "local" in row:
            token.own(row["local"])
        if "data" in row:
            token.enclose({}, ())
        if "done" in row and not isinstance(spec, MultiChoice | Throwing):
            token.internal_data["worked"] = True  # as it was written before version 3
        spec._predict_hook(token)
        token.be(_VALUES[row["state"]])
        token.inside = self.is_inside(token)
        self.made[token.path] = token
        if token.state == TaskState.WAITING and isinstance(spec, CatchingEvent):
            self.workflow.event_manager.add_task(token)
        if isinstance(spec, Holder) and (token.state == TaskState.STARTED or "todo" in row):
            self.inner(token)

    def is_inside(self, token: Token) -> bool:
        """Whether it has entered its node: not in front of a join, not aside, not standing for several."""
        spec, internal = token.task_spec, token.internal_data
        outside = not internal.keys().isdisjoint(("arriving", "reopened", "used"))
        in_front = spec.joins and token.state == TaskState.WAITING
        return bool(spec.noted) and not (outside or in_front or (spec.bounds and token.is_waiting))

    def scope(self, row: Row) -> tuple[Any, Token | None]:
        """The workflow of a row; of an instance, also what repeats it."""
        if "scope" not in row:
            return self.workflow, None
        holder = self.made[row["scope"]]
        if isinstance(holder.task_spec, LoopTask):
            return holder.workflow, holder
        # One that has failed holds what goes on, and has no workflow yet.
        return self.workflow.get_subprocess(holder) or self.inner(holder), None

    def inner(self, holder: Token) -> Any:
        """The workflow that a task holds."""
        scope = self.workflow.add_scope(holder)
        if "reopened" not in holder.internal_data:  # what was completed neither listens nor completes again
            scope.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
            self.aside(scope.task_tree)
        return scope

    def spec(self, scope: Any, label: str, row: Row, repeats: Token | None) -> Any:
        """The spec of a row."""
        specs = scope.spec.task_specs
        if repeats is not None:
            return specs[repeats.task_spec.task_spec]
        if "#" in label:
            return specs[label]
        if row.get("host") == "":
            return specs[f"{label}'event"]
        if "gathering" in row:
            return specs[f"{label}'gathering"]
        spec = scope.spec.of(label.removesuffix("*"))
        return specs.get(f"{label}'choice", spec) if "done" in row else spec

    def split(self, scope: Any, spec: Any) -> Token:
        """What an activity hangs from, with what errors it catches."""
        split = Token(scope, scope.spec.task_specs[f"{spec.bpmn_id}'split"], scope.task_tree, TaskState.FUTURE)
        split.be(TaskState.COMPLETED)
        self.aside(split)
        return split

    def aside(self, parent: Token) -> None:
        """The errors that are caught beside it are waited for without a token of the history."""
        for spec in parent.task_spec.outputs:
            if isinstance(spec, BoundaryEvent) and isinstance(spec.event_definition, Inside):
                token = Token(parent.workflow, spec, parent, TaskState.FUTURE)
                spec._predict_hook(token)
                token.be(TaskState.WAITING)

    def part(self, host: Token, row: Row) -> None:
        """What one of several waits for."""
        several = host.task_spec.event_definition
        label = row["path"].rpartition(".")[0]
        n = next(n for n, (name, _, _) in enumerate(several.places) if name == label)
        host.internal_data.setdefault("parts", []).append({"n": n, "path": row["path"], "wait": row["wait"]})
