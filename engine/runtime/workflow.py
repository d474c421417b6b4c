"""A running case inside SpiffWorkflow: its workflows, and the record of the command that is running."""

# mypy: disallow-subclassing-any=False

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.definitions import Definition
from engine.errors import OperatorFailed
from engine.expressions import Environment
from engine.functions import Ask
from engine.runtime import undoing
from engine.runtime.data import Data, Local
from engine.runtime.events import Inside
from engine.runtime.loops import Repeated
from engine.runtime.manager import Events
from engine.runtime.process import blueprint
from engine.runtime.specs import AdHocSubprocess, Process
from engine.runtime.task import OVER, Token
from engine.runtime.values import Perform, StepBudget, Transition

MOST = 10_000  # tasks that one command makes, beyond which a model goes round in circles
CROWD = 5_000  # tokens of a case, beyond which nothing more is begun


def _nobody(call: Any) -> Any:
    raise OperatorFailed(cause=call.operator)


ENGINE = PythonScriptEngine(environment=Environment())


class Scope:
    """What the workflows of the process and of its sub-processes have in common."""

    spec: Process
    tasks: dict[int, Token]
    task_tree: Token
    holder: Token | None = None
    values: Data | Local
    top_workflow: "CaseWorkflow"

    @property
    def path(self) -> str:
        """The path of what holds it; empty for the process itself."""
        return "" if self.holder is None else self.holder.path

    @property
    def is_adhoc(self) -> bool:
        """Whether nothing leads from one of its activities to the next; what is undone is not begun again."""
        holder = self.holder
        if holder is None or "reopened" in holder.internal_data:
            return False
        return isinstance(holder.task_spec, AdHocSubprocess)

    def plant(self, state: int) -> None:
        """The task at its start, from which all others come."""
        self.task_tree = Token(self, self.spec.start, None, TaskState.FUTURE)
        self.task_tree.turn(state)

    def begin(self, spec: Any, **internal: Any) -> None:
        """Begin a token, of which that is known, at a node that no flow leads to."""
        token = self.task_tree.begin_child(spec)
        token.internal_data |= internal
        spec._update(token)

    def tokens_here(self) -> list[Token]:
        """The tokens of this scope, oldest first."""
        return [token for token in self.top_workflow.tokens.values() if token.workflow is self]

    def update_waiting_tasks(self) -> None:
        """Look again at what waits for tokens; what waits for events is told when they come."""
        for task in [*self.tokens_here(), *self.tasks.values()]:
            if task.task_spec.joins and task.state == TaskState.WAITING and self.tasks.get(task.id) is task:
                task.task_spec._update(task)

    def cancel(self, *args: Any) -> Any:
        """With what has an incident."""
        cancelled = super().cancel(*args)  # type: ignore[misc]
        self.cancel_tokens()
        return cancelled

    def cancel_tokens(self, spare: Token | None = None) -> None:
        """Cancel what goes on here, incidents too, but for one token."""
        if self.is_adhoc and self.holder is not None:
            self.holder.internal_data["todo"] = []
        for task in [*self.tokens_here(), *self.tasks.values()]:
            if task is not spare and task.is_live:
                task.cancel()


class SubScope(Scope, BpmnSubWorkflow):
    """A sub-process, or a process that is called."""

    def __init__(self, spec: Process, holder: Token, top: "CaseWorkflow") -> None:
        self.holder, self.values = holder, holder.data
        super().__init__(spec, holder.id, top, deserializing=True)


class CaseWorkflow(Scope, BpmnWorkflow):
    """All tokens of a case by their paths, and what happened to them in the command that is running."""

    values: Data

    def __init__(self, definition: Definition, values: Data, start: str | None = None) -> None:
        self.values = values
        self.tokens: dict[str, Token] = {}
        self.ordinals: dict[str, int] = {}
        self.undoable: list[list[Any]] = []
        self.numbers = 0
        self.record()
        scopes = blueprint(definition, start)
        super().__init__(scopes[definition.key], scopes, script_engine=ENGINE, deserializing=True)
        self.event_manager = Events(self)

    def record(self, perform: Perform = _nobody, at: datetime | None = None) -> None:
        """Start the record of a command at a moment; without one, nothing of the last is held on to."""
        self.perform = perform
        self.ask: Ask | None = getattr(perform, "ask", None)
        self.at = at
        self.made = 0
        self.transitions: list[Transition] = []
        self.closed: list[tuple[str, Literal["completed", "cancelled"]]] = []

    def number(self) -> int:
        """A number for a new task."""
        self.made += 1
        self.numbers += 1
        return self.numbers

    def keep_within_budget(self, task: Token) -> None:
        """Raises `StepBudget` before a task runs when a command has made too many; what has no path follows another."""
        if task.path and (self.made >= MOST or len(self.tokens) > CROWD):
            raise StepBudget(budget=MOST)

    def next_path(self, label: str) -> str:
        """A path that no token had."""
        ordinal = self.ordinals[label] = self.ordinals.get(label, 0) + 1
        return f"{label}.{ordinal}"

    def begun(self, task: Token) -> None:
        """A token has come to a task: by which flow, under which path, and what may follow it."""
        spec, parent, process = task.task_spec, task.parent, task.workflow.spec
        if parent is not None and not task.path:
            flow = process.flows.get((parent.task_spec.name, spec.name))
            if flow is not None and not task.flow:
                task.flow = flow.id
                self.transitions.append(Transition(flow.source, "taken", flow.id))
            if isinstance(parent.task_spec, Repeated) and parent.task_spec.task_spec == spec.name:
                task.own(parent.task_spec.local(parent))
        if not (spec.bounds and isinstance(spec.event_definition, Inside)):
            self.name(task)
        spec._predict_hook(task)

    def name(self, task: Token, label: str | None = None) -> None:
        """Give a task its path."""
        spec, parent = task.task_spec, task.parent
        label = label or spec.label
        if label and not task.path:
            task.path = (spec.inherited(parent) if parent is not None else "") or self.next_path(label)
            self.tokens[task.path] = task

    def ended(self, task: Token) -> None:
        """A token has left a task, in whatever way."""
        if self.tokens.get(task.path) is task:
            del self.tokens[task.path]

    def entered(self, task: Token) -> None:
        """A token is inside its node."""
        spec = task.task_spec
        self.name(task)
        if not task.inside and spec.bpmn_id and spec.noted:
            task.inside = True
            self.transitions.append(Transition(spec.bpmn_id, "entered"))

    def left_inside(self, task: Token, how: Literal["completed", "cancelled"]) -> None:
        """A token is no longer inside its node: the node is done with it, or it is taken away."""
        if task.inside:
            task.inside = False
            self.transitions.append(Transition(task.task_spec.bpmn_id, how))
            if task.task_spec.manual:
                self.closed.append((task.path, how))

    def left(self, task: Token) -> None:
        """A token has left a task and gone on: what undid something may be what another waits for."""
        if "undoer" in task.internal_data:
            undoing.handled(self, task.internal_data["undoer"])

    def waiting(self) -> Iterator[Token]:
        """The tokens that wait for something from outside, oldest first."""
        found = [token for token in self.tokens.values() if token.state == TaskState.WAITING]
        return (token for token in found if not token.internal_data.keys().isdisjoint(("wait", "parts")))

    def get_active_subprocesses(self) -> list[SubScope]:
        """Asked between two rounds of steps: what has ended is let go of, so that a long command is no slower."""
        for key, scope in list(self.subprocesses.items()):
            if scope.holder.has_state(OVER):
                del self.subprocesses[key]
        active: list[SubScope] = super().get_active_subprocesses()
        return active

    def create_subprocess(self, my_task: Token, spec_name: str) -> SubScope:
        """A workflow for a task that holds one; its tasks are tokens."""
        return self.add_scope(my_task, TaskState.READY)

    def add_scope(self, holder: Token, state: int = TaskState.COMPLETED) -> SubScope:
        """The same, with a start in that state; one that was left begins nothing."""
        scope = self.subprocesses[holder.id] = SubScope(self.subprocess_specs[holder.task_spec.spec], holder, self)
        scope.plant(state)
        return scope
