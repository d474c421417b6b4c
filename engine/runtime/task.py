"""A token as SpiffWorkflow has it: a task, named by its path, that sees the data of the case."""

# mypy: disallow-subclassing-any=False

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.canonical import NotCanonical
from engine.errors import AlurError, OperatorFailed
from engine.expressions import ExpressionFailed
from engine.runtime.data import Data, Enclosed, Local
from engine.runtime.values import Stopped

AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE
LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
UNFINISHED = LIVE | TaskState.ERROR  # an incident is not the end of a token
OVER = TaskState.COMPLETED | TaskState.CANCELLED
INCIDENTS = (Stopped, ExpressionFailed, NotCanonical, OperatorFailed)


class Token(Task):
    """A task that knows neither clock nor chance nor log.

    `path` names it in the case, `flow` is the one it came by, `inside` whether it has entered its node and not left it.
    What is kept with it between two commands: `incident`; `arriving` or `worked` where that came before or after
    the work of its node; `wait` or `parts`, what it waits for; `loop` and `local` of repeated ones; of what has a scope
    `data` and the `contributions` of forms to them, `hidden`, and `acts`, the tasks that were done in it.
    """

    def __init__(self, workflow: Any, task_spec: Any, parent: "Token | None" = None, state: int = TaskState.MAYBE):
        # Not Task.__init__: it takes a random id and the time.
        self.id = workflow.top_workflow.number()
        self.workflow, self.task_spec = workflow, task_spec
        self._parent = None if parent is None else parent.id
        self._children: list[int] = []
        self._state = state
        self.internal_data: dict[str, Any] = {}
        self.triggered, self.thread_id, self.last_state_change = False, 0, 0.0
        self.path, self.flow, self.inside = "", "", False
        self.data: Data | Local = workflow.values  # those of the case, as this task sees them
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._child_added_notify(self)
        if state & LIVE:
            workflow.top_workflow.begun(self)

    def _inherit_data(self) -> None:
        """The data are the case's: nothing is copied from task to task."""

    def own(self, local: dict[str, Any]) -> None:
        """Give it data of its own, beside everybody's."""
        self.internal_data["local"] = local
        self.data = Local(local, self.data)

    def enclose(self, first: dict[str, Any], gives: Sequence[str]) -> None:
        """Give it a scope of its own, in which all that is written stays; one that was stored has all of it."""
        internal = self.internal_data
        own, contributions = internal.setdefault("data", first), internal.setdefault("contributions", {})
        if hidden := [name for name in gives if name not in internal.get("local", ())]:
            internal["hidden"] = hidden
        self.data = Enclosed(own, self.data, internal.get("hidden", ()), contributions)

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> "Token":
        """A child that is a token too."""
        child = Token(self.workflow, task_spec, self, state)
        if state == TaskState.READY:
            child._ready()
        return child

    def add_child(self, task_spec: Any, state: int) -> "Token":
        """A child that the spec of this task does not make by itself."""
        return self._add_child(task_spec, state)

    def begin_child(self, task_spec: Any) -> "Token":
        """A child that the model does not lead to; it may begin at once."""
        child = self._add_child(task_spec, TaskState.FUTURE)
        child.triggered = True
        return child

    def _set_state(self, value: int) -> None:
        """Without a clock and a log; a task that begins gets its path and what may follow it."""
        before, self._state = self._state, value
        if value & OVER and not before & OVER:
            self.workflow.top_workflow.ended(self)
        elif value & LIVE and before & AHEAD:
            self.workflow.top_workflow.begun(self)

    def turn(self, state: int) -> None:
        """Go on to a state, or back to one, with all that belongs to it."""
        self._set_state(state)

    def be(self, state: int) -> None:
        """Stand in a state as it was left: nothing begins, and nothing ends."""
        self._state = state

    def hang_from(self, other: "Token") -> None:
        """Be another task's child."""
        self._parent = other.id
        other._children.append(self.id)

    def run(self) -> bool | None:
        """Not where it was cancelled meanwhile; what fails is an incident of this task, and no torn step."""
        if not self.has_state(TaskState.READY):
            return None
        try:
            self.workflow.top_workflow.keep_within_budget(self)
            result: bool | None = super().run()
        except (*INCIDENTS, WorkflowTaskException) as raised:
            error = raised.__context__ if isinstance(raised, WorkflowTaskException) else raised
            if not isinstance(error, INCIDENTS):
                raise (error or raised) from None
            if not self.workflow.top_workflow.event_manager.failed(self, error):
                self.fail(error)
            return False
        return result

    def complete(self) -> None:
        """Not where what it threw itself has cancelled it."""
        if not self.has_state(TaskState.CANCELLED):
            super().complete()
            self.workflow.top_workflow.left(self)

    def cancel(self) -> None:
        """With all that it holds: its instances, its sub-process; also where it has an incident."""
        if self.has_state(OVER):
            return
        for child in self.children:
            child.cancel()
        top = self.workflow.top_workflow
        if inner := top.get_subprocess(self):
            inner.cancel()
        top.left_inside(self, "cancelled")
        if self.has_state(TaskState.ERROR):
            self._set_state(TaskState.STARTED)
        super().cancel()

    def fail(self, error: AlurError, at: str = "") -> None:
        """Stay here with an incident; parameters are kept as a person reads them."""
        if self.has_state(AHEAD):
            self._set_state(TaskState.WAITING)  # it has come, and has a path
        self._set_state(TaskState.ERROR)
        params = {name: str(value) for name, value in error.params.items()}
        self.internal_data["incident"] = {"code": error.code, "message": error.message, "params": params}
        if at:
            self.internal_data[at] = True

    def renew(self, state: int) -> None:
        """Take away the incident and be in that state again, which for SpiffWorkflow lies behind."""
        del self.internal_data["incident"]
        self.be(state)

    @property
    def is_live(self) -> bool:
        """Whether a token is here, be it with an incident, or on its way here."""
        coming = self.has_state(TaskState.FUTURE) and self.parent.has_state(TaskState.COMPLETED)
        return bool(coming or self.has_state(UNFINISHED))

    @property
    def is_waiting(self) -> bool:
        """Whether what it waits for has not come, also where it has failed."""
        return self.has_state(TaskState.WAITING | TaskState.ERROR) and not self.internal_data.get("event_fired")

    @property
    def is_listening(self) -> bool:
        """Whether it is an event sub-process that has not started."""
        return bool(self.task_spec.starts_scope) and self.is_waiting

    @property
    def around(self) -> "Token":
        """The task that stands for it in its scope: of an instance, what repeats it."""
        parent = self.parent
        return parent if parent is not None and isinstance(parent.task_spec, LoopTask) else self

    @property
    def place(self) -> str:
        """The path of what holds it: what repeats it, or its sub-process; empty in the process itself."""
        return str(self.workflow.path if self.around is self else self.around.path)

    @property
    def runs(self) -> list["Token"]:
        """What has a scope of data around it, the innermost first."""
        found, holder = [], self.workflow.holder
        while holder is not None:
            found += [holder] if "data" in holder.internal_data else []
            holder = holder.workflow.holder
        return found

    @property
    def run_path(self) -> str:
        """The paths of these, from the outermost on; two tasks of the same are in the same run."""
        return "/".join(holder.path for holder in reversed(self.runs))

    def note_act(self) -> None:
        """Who goes on in its run finds the act of this one, and not another run's."""
        for holder in self.runs[:1]:
            acts = holder.internal_data.get("acts", {})
            holder.internal_data["acts"] = {**acts, self.task_spec.bpmn_id: self.path}

    @property
    def beside(self) -> list["Token"]:
        """What waits on its boundary."""
        split = self.around.parent
        if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
            return []
        return [child for child in split.children if child.task_spec.bounds]
