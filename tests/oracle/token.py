"""A token: where it is, what it waits for, what went wrong with it."""

# mypy: disallow-subclassing-any=False

from typing import Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import AlurError
from engine.runtime.data import Data, Local
from tests.oracle.loops import Repeated
from tests.oracle.specs import Join, UserTask


class Token(Task):
    """A SpiffWorkflow task that is named by its path and knows neither clock nor log. Finished ones are not kept.

    What is kept with it: `incident`; `arriving` or `done` when that came before or after the work of its node; `wait`;
    `host`, beside which it waits (a token's path, or empty for its scope); `loop` and `local` of repeated ones.
    """

    def __init__(self, workflow: Any, task_spec: Any, path: str, flow: str | None, state: int) -> None:
        # Not Task.__init__: it takes a random id and the time.
        self.id = path
        self.workflow = workflow
        self.task_spec = task_spec
        self.flow = flow
        self.data: Data | Local = workflow.values
        self.internal_data: dict[str, Any] = {}
        self.payloads: list[Any] = []
        self.correlation: Any = None
        self.triggered, self.thread_id, self.last_state_change = False, 0, 0.0
        self._state = state
        self._children: list[str] = []
        self._parent = None
        workflow.tasks[path] = self
        if workflow.task_tree is not self:
            self._parent = workflow.task_tree.id
            workflow.task_tree._children.append(path)

    def _set_state(self, value: int) -> None:
        self._state = value

    def fail(self, error: AlurError, at: str = "") -> None:
        """Stay here with an incident; parameters are kept as a person reads them."""
        self._state = TaskState.ERROR
        params = {name: str(value) for name, value in error.params.items()}
        self.internal_data["incident"] = {"code": error.code, "message": error.message, "params": params}
        if at:
            self.internal_data[at] = True

    def own(self, local: dict[str, Any]) -> None:
        """Give it data of its own, beside everybody's."""
        self.internal_data["local"] = local
        self.data = Local(local, self.workflow.values)


def is_open(token: Token | None) -> bool:
    """Whether the token is a user task that waits for a person."""
    return token is not None and token._state == TaskState.READY and isinstance(token.task_spec, UserTask)


def is_listening(token: Token) -> bool:
    """Whether it is an event sub-process that has not started: it does not keep its scope going."""
    return token.internal_data.get("host") == ""


# What a token keeps that is not, or not yet, in its node: it waits on the side, for more of its kind, or undoes.
_OUTSIDE = frozenset({"arriving", "host", "gathering", "reopened", "used"})


def is_inside(token: Token) -> bool:
    """Whether a token is in its node and not done: not in front of a join, not waiting on the side, not several."""
    internal, spec = token.internal_data, token.task_spec
    outside = isinstance(spec, Repeated) or not internal.keys().isdisjoint(_OUTSIDE)
    in_front = token._state == TaskState.WAITING and isinstance(spec, Join)
    return not outside and not in_front and token._state != TaskState.COMPLETED


def plant(workflow: Any) -> None:
    """The root that SpiffWorkflow's iterators start from; all live tokens are its children."""
    workflow.task_tree = None
    root = workflow.task_tree = cast(Any, Token.__new__(Token))
    Token.__init__(root, workflow, workflow.spec.start, "", None, TaskState.COMPLETED)
