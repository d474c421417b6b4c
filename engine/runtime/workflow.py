"""A running case inside SpiffWorkflow: the live tokens, and nothing that is over."""

# mypy: disallow-subclassing-any=False

from collections import deque
from collections.abc import Iterator
from typing import Any, cast

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Flow
from engine.canonical import NotCanonical
from engine.errors import AlurError, OperatorFailed
from engine.expressions import Environment, ExpressionFailed
from engine.runtime.data import Data
from engine.runtime.process import Blueprint
from engine.runtime.specs import InclusiveGateway, StartEvent, UserTask
from engine.runtime.values import NoBranch, Perform, StepBudget, Stuck, Transition

BUDGET = 1_000
_ENGINE = PythonScriptEngine(environment=Environment())
_INCIDENTS = (ExpressionFailed, OperatorFailed, NoBranch, NotCanonical)
_ARRIVING = frozenset({"excess_token", "stuck"})  # incidents of tokens that are not yet inside their node


def _nobody(call: Any) -> Any:
    raise OperatorFailed(cause=call.operator)


class Token(Task):
    """A SpiffWorkflow task that is named by its path and knows neither clock nor log. Finished ones are not kept."""

    def __init__(self, workflow: Any, task_spec: Any, path: str, flow: str | None, state: int) -> None:
        # Not Task.__init__: it takes a random id and the time.
        self.id = path
        self.workflow = workflow
        self.task_spec = task_spec
        self.flow = flow
        self.leaving: tuple[Flow, ...] = ()
        self.data: Data = workflow.top_workflow.values
        self.internal_data: dict[str, Any] = {}
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

    def fail(self, error: AlurError) -> None:
        """Stay here with an incident; parameters are kept as a person reads them."""
        self._state = TaskState.ERROR
        params = {name: str(value) for name, value in error.params.items()}
        self.internal_data["incident"] = {"code": error.code, "message": error.message, "params": params}


class CaseWorkflow(BpmnWorkflow):
    """The tokens of a case, in all scopes, and the record of the command that is running."""

    def __init__(self, blueprint: Blueprint, values: Data) -> None:
        self.values = values
        self.blueprint = blueprint
        self.tokens: dict[str, Token] = {}
        self.ordinals: dict[str, int] = {}
        self.contributions: dict[str, list[str]] = {}
        self.cancelled = False
        self.begin()
        super().__init__(blueprint.spec, blueprint.scopes, script_engine=_ENGINE, deserializing=True)
        _plant(self)

    def begin(self, perform: Perform = _nobody) -> None:
        """Start the record of a command; without one, nothing of the last is held on to."""
        self.perform = perform
        self.ready: deque[Token] = deque()
        self.transitions: list[Transition] = []
        self.opened: list[Token] = []
        self.closed: list[Token] = []

    def get_task_from_id(self, task_id: str) -> Token:
        """The live token of that path, in any scope."""
        return self.tokens[task_id]

    def place(self, workflow: Any, name: str, path: str, flow: str | None, state: int) -> Token:
        """A token at a node of a scope."""
        token = Token(workflow, workflow.spec.task_specs[name], path, flow, state)
        self.tokens[path] = token
        return token

    def arrive(self, workflow: Any, name: str, flow: Flow | None) -> None:
        """A new token reaches a node."""
        ordinal = self.ordinals[name] = self.ordinals.get(name, 0) + 1
        flow_id = None if flow is None else flow.id
        token = self.place(workflow, name, f"{name}.{ordinal}", flow_id, TaskState.FUTURE)
        token.task_spec._update(token)

    def entered(self, token: Token) -> None:
        """A token became ready inside its node."""
        self.transitions.append(Transition(token.task_spec.name, "entered"))
        if token.task_spec.manual:
            self.opened.append(token)
        else:
            self.ready.append(token)

    def leave(self, token: Token) -> None:
        """A token is done with its node and goes on along the flows that were chosen."""
        name, workflow = token.task_spec.name, token.workflow
        self.transitions.append(Transition(name, "completed"))
        self.remove(token)
        for flow in token.leaving:
            self.transitions.append(Transition(name, "taken", flow.id))
            self.arrive(workflow, flow.target, flow)
        if len(workflow.tasks) == 1 and workflow is not self:
            self.close_scope(workflow)

    def remove(self, token: Token) -> None:
        """Forget a token."""
        del self.tokens[token.id], token.workflow.tasks[token.id]
        token.workflow.task_tree._children.remove(token.id)

    def open_scope(self, token: Token) -> None:
        """Start the sub-process that a token has entered."""
        scope = self.add_scope(token)
        self.arrive(scope, start_of(scope), None)

    def add_scope(self, token: Token) -> BpmnSubWorkflow:
        """An empty scope for a token at a sub-process."""
        spec = self.subprocess_specs[token.task_spec.name]
        scope = BpmnSubWorkflow(spec, token.id, self, deserializing=True)
        _plant(scope)
        self.subprocesses[token.id] = scope
        return scope

    def close_scope(self, scope: BpmnSubWorkflow) -> None:
        """The last token of a sub-process is gone: the one that holds it goes on."""
        del self.subprocesses[scope.parent_task_id]
        self.tokens[scope.parent_task_id].complete()

    def cancel_scope(self, workflow: Any, spare: Token | None = None) -> None:
        """Cancel all tokens of a scope, inner scopes first."""
        for token in [t for t in workflow.tasks.values() if t is not spare and t is not workflow.task_tree]:
            inner = self.subprocesses.pop(token.id, None)
            if inner is not None:
                self.cancel_scope(inner)
            if not is_arriving(token):
                self.transitions.append(Transition(token.task_spec.name, "cancelled"))
            self.closed.append(token)
            token._state = TaskState.CANCELLED
            self.remove(token)

    def advance(self) -> None:
        """Run all that needs nobody, first come first served, until only people can move the case."""
        budget = BUDGET
        while self.ready or self._fire_inclusive():
            token = self.ready.popleft()
            if token._state != TaskState.READY:
                continue  # cancelled by a terminating end event
            if not budget:
                token.fail(StepBudget(budget=BUDGET))
                continue
            budget -= 1
            try:
                token.run()
            except _INCIDENTS as error:
                token.fail(error)
        if all(token._state & (TaskState.WAITING | TaskState.STARTED) for token in self.tokens.values()):
            for token in self._waiting():
                token.fail(Stuck(gateway=token.task_spec.bpmn_name or token.task_spec.name))

    def retry(self) -> None:
        """Let the tokens with an incident try again."""
        for token in [token for token in self.tokens.values() if token._state == TaskState.ERROR]:
            arriving = is_arriving(token)
            token.internal_data.clear()
            if arriving:
                token._state = TaskState.FUTURE
                token.task_spec._update(token)
            else:
                token._state = TaskState.READY
                self.ready.append(token)
        self.advance()

    def _fire_inclusive(self) -> bool:
        """Nothing runs any more: let one inclusive gateway go on that no further token can reach."""
        for token in self._waiting():
            if isinstance(token.task_spec, InclusiveGateway) and token.task_spec.may_fire(token.workflow):
                token._ready()
                return True
        return False

    def _waiting(self) -> Iterator[Token]:
        return (token for token in self.tokens.values() if token._state == TaskState.WAITING)


def is_open(token: Token | None) -> bool:
    """Whether the token is a user task that waits for a person."""
    return token is not None and token._state == TaskState.READY and isinstance(token.task_spec, UserTask)


def is_arriving(token: Token) -> bool:
    """Whether the token is still on its flow, in front of a join."""
    incident = token.internal_data.get("incident")
    return token._state == TaskState.WAITING or (incident is not None and incident["code"] in _ARRIVING)


def start_of(workflow: Any) -> str:
    """The start event of a scope."""
    return next(str(name) for name, spec in workflow.spec.task_specs.items() if isinstance(spec, StartEvent))


def _plant(workflow: Any) -> None:
    """The root that SpiffWorkflow's iterators start from; all live tokens are its children."""
    workflow.task_tree = None
    root = workflow.task_tree = cast(Any, Token.__new__(Token))
    Token.__init__(root, workflow, workflow.spec.start, "", None, TaskState.COMPLETED)
