"""A running case inside SpiffWorkflow: the live tokens, and nothing that is over."""

# mypy: disallow-subclassing-any=False

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event
from engine.canonical import NotCanonical
from engine.errors import OperatorFailed
from engine.expressions import Environment, ExpressionFailed
from engine.functions import Ask
from engine.runtime.data import Data
from engine.runtime.values import NoBranch, Perform, Sent, Transition
from tests.oracle import catching, undoing
from tests.oracle.events import Waiting
from tests.oracle.loops import Repeated
from tests.oracle.process import Blueprint
from tests.oracle.specs import assign
from tests.oracle.token import Token, is_inside, is_listening, plant

Happening = Literal["entered", "completed", "cancelled", "taken"]
Wanted = dict[str, Any]
_ENGINE = PythonScriptEngine(environment=Environment())


def _nobody(call: Any) -> Any:
    raise OperatorFailed(cause=call.operator)


class CaseWorkflow(BpmnWorkflow):
    """The tokens of a case, in all scopes, and the record of the command that is running."""

    def __init__(self, blueprint: Blueprint, values: Data) -> None:
        self.values = values
        self.blueprint = blueprint
        self.tokens: dict[str, Token] = {}
        self.ordinals: dict[str, int] = {}
        self.contributions: dict[str, list[str]] = {}
        self.cancelled = False
        self.undoable: list[list[Any]] = []
        self.begin()
        super().__init__(blueprint.spec, blueprint.scopes, script_engine=_ENGINE, deserializing=True)
        plant(self)

    def begin(self, perform: Perform = _nobody, at: datetime | None = None) -> None:
        """Start the record of a command at a moment; without one, nothing of the last is held on to."""
        self.perform = perform
        self.ask: Ask | None = getattr(perform, "ask", None)
        self.at = at
        self.ready: deque[Token] = deque()
        self.transitions: list[Transition] = []
        self.opened: list[Token] = []
        self.closed: list[tuple[Token, Literal["completed", "cancelled"]]] = []
        self.sent: list[Sent] = []
        self.waiting_before = set(self.waiting()) if self.blueprint.waits else set()

    def waiting(self) -> Iterator[str]:
        """The paths of the tokens that wait for something from outside."""
        return (path for path, token in self.tokens.items() if "wait" in token.internal_data)

    def get_task_from_id(self, task_id: str) -> Token:
        """The live token of that path, in any scope."""
        return self.tokens[task_id]

    def note(self, token: Token, event: Happening, flow: str | None = None) -> None:
        """Record what happened to a token."""
        self.transitions.append(Transition(token.task_spec.name, event, flow))

    def place(self, workflow: Any, name: str, path: str, flow: str | None, state: int) -> Token:
        """A token at a node of a scope."""
        token = Token(workflow, workflow.spec.task_specs[name], path, flow, state)
        self.tokens[path] = token
        return token

    def spawn(self, workflow: Any, name: str, flow: str | None) -> Token:
        """A new token at a node, with a path that no other had."""
        label = workflow.spec.task_specs[name].label
        ordinal = self.ordinals[label] = self.ordinals.get(label, 0) + 1
        return self.place(workflow, name, f"{label}.{ordinal}", flow, TaskState.FUTURE)

    def arrive(self, workflow: Any, name: str, flow: str | None, local: dict[str, Any] | None = None) -> None:
        """A new token reaches a node."""
        token = self.spawn(workflow, name, flow)
        if local is not None:
            token.own(local)
        token.task_spec._update(token)

    def enter(self, token: Token) -> None:
        """A token is inside its node."""
        self.note(token, "entered")
        if token.task_spec.boundary:
            self.arm_boundary(token)

    def entered(self, token: Token) -> None:
        """A token became ready inside its node."""
        self.enter(token)
        if token.task_spec.manual:
            self.opened.append(token)
        else:
            self.ready.append(token)

    def leave(self, token: Token) -> None:
        """A token is done with its node and goes on along the flows that are chosen."""
        spec = token.task_spec
        try:
            flows = spec.choose(token.data)
            if spec.thrown:
                spec.load(token)
            if spec.after:
                assign(token, spec.after)
        except (ExpressionFailed, NoBranch, NotCanonical) as error:
            token.fail(error, at="done")
            return
        if not isinstance(spec, Repeated):
            self.note(token, "completed")
        if spec.boundary:
            self.disarm(token)
        if spec.thrown:
            catching.throw(self, token)
            if self.tokens.get(token.id) is not token:
                return  # what it threw ended it
        if spec.undo or spec.holds_undoing:
            undoing.remember(self, token)
        workflow = token.workflow
        self.remove(token)
        for flow in flows * spec.yields:
            self.note(token, "taken", flow.id)
            self.arrive(workflow, flow.target, flow.id)
        self._left(workflow, token, bool(flows))

    def _left(self, workflow: Any, token: Token, goes_on: bool) -> None:
        """A token has left its node: whoever waited for that goes on."""
        if "undoer" in token.internal_data:
            undoing.handled(self, token.internal_data["undoer"])
        elif workflow.spec.repeats is not None:
            workflow.spec.repeats.instance_done(self.tokens[workflow.parent_task_id], token)
        elif workflow.spec.adhoc:
            holder = self.tokens[workflow.parent_task_id]
            holder.task_spec.go_on(holder)
        elif not goes_on:
            self.settle(workflow)

    def remove(self, token: Token) -> None:
        """Forget a token."""
        del self.tokens[token.id], token.workflow.tasks[token.id]
        token.workflow.task_tree._children.remove(token.id)

    def open_scope(self, token: Token) -> None:
        """Start the sub-process that a token has entered."""
        scope = self.add_scope(token)
        if scope.spec.adhoc:
            self.listen(scope)
            if not token.task_spec.next(token, scope):
                self.settle(scope)
        else:
            self.start_scope(scope)

    def start_scope(self, workflow: Any, start: str | None = None) -> None:
        """Put a token on the start event of a scope; what may interrupt it listens first."""
        self.listen(workflow)
        self.arrive(workflow, start or workflow.spec.begin, None)

    def listen(self, workflow: Any) -> None:
        """Let the event sub-processes of a scope wait."""
        for spec in workflow.spec.handlers:
            if spec.event.kind not in catching.THROWN_INSIDE:
                self.arm(workflow, spec, "")

    def add_scope(self, token: Token) -> BpmnSubWorkflow:
        """An empty scope for a token at a sub-process."""
        scope = BpmnSubWorkflow(self.subprocess_specs[token.task_spec.inner], token.id, self, deserializing=True)
        scope.values = token.data
        plant(scope)
        self.subprocesses[token.id] = scope
        return scope

    def scope_of(self, token: Token) -> BpmnSubWorkflow:
        """The scope that a token holds."""
        return self.subprocesses.get(token.id) or self.add_scope(token)

    def settle(self, workflow: Any) -> None:
        """When the last token of a scope is gone, what still listens in it goes too, and its holder goes on."""
        left = [token for token in workflow.tasks.values() if token is not workflow.task_tree]
        if all(is_listening(token) for token in left):
            if workflow.spec.adhoc:
                holder = self.tokens[workflow.parent_task_id]
                if holder.task_spec.next(holder, workflow):
                    return
            for token in left:
                self.remove(token)
            if workflow is self:
                self.undoable = []
            else:
                del self.subprocesses[workflow.parent_task_id]
                self.tokens[workflow.parent_task_id].complete()

    def arm_boundary(self, token: Token) -> None:
        """Let the events on the boundary of an activity wait with it."""
        for spec in token.task_spec.boundary:
            if spec.event.kind not in catching.THROWN_INSIDE:
                self.arm(token.workflow, spec, token.id)

    def arm(
        self, workflow: Any, spec: Waiting, host: str | None, flow: str | None = None, wait: Wanted | None = None
    ) -> None:
        """A token that waits on the side: it is not inside its node before what it waits for comes."""
        token = self.spawn(workflow, spec.name, flow)
        token.internal_data["host"] = host
        if wait is None:
            spec.await_(token)
        else:
            token.internal_data["wait"] = wait
            token._set_state(TaskState.WAITING)

    def disarm(self, host: Token) -> None:
        """Forget the tokens that wait beside another."""
        for token in list(host.workflow.tasks.values()):
            if token.internal_data.get("host") == host.id:
                self.remove(token)

    def trigger(self, token: Token, payload: Any = None) -> None:
        """What a token waited for has come."""
        wait = token.internal_data.pop("wait")
        spec = token.task_spec
        if spec.event.variable:
            token.data.put({spec.event.variable: payload})
        spec.come(token, wait, token.internal_data.pop("host", None))

    def catcher(self, token: Token, event: Event) -> catching.Catcher | None:
        """What would catch an event that a token throws."""
        return catching.catcher(self, token, event)

    def cancel(self, token: Token) -> None:
        """End a token where it is, with all that it holds."""
        inner = self.subprocesses.pop(token.id, None)
        if inner is not None:
            self.cancel_scope(inner)
            undoing.forget(self, token.id)
        if token.task_spec.boundary:
            self.disarm(token)
        if is_inside(token):
            self.note(token, "cancelled")
            if "done" not in token.internal_data:
                self.closed.append((token, "cancelled"))
        token._state = TaskState.CANCELLED
        self.remove(token)

    def cancel_scope(self, workflow: Any, spare: Token | None = None) -> None:
        """Cancel all tokens of a scope, inner scopes first."""
        for token in list(workflow.tasks.values()):
            if token is not spare and token is not workflow.task_tree and token.id in self.tokens:
                self.cancel(token)
