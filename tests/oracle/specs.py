"""What each kind of BPMN node does with a token: SpiffWorkflow's task specs, with the hooks that we need otherwise.

Left out on purpose: predictions (nobody reads them, and they cost most of a step), data copied from task to task (the
data belongs to the case), and finished tasks (the history has them). Specs are shared by all cases of a definition and
hold nothing of any of them.
"""

# mypy: disallow-subclassing-any=False

from collections import ChainMap
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event, Flow
from engine.canonical import NotCanonical
from engine.expressions import Expression, ExpressionFailed, Script
from engine.runtime.values import ExcessToken, NoBranch, ServiceCall, TooDeep

if TYPE_CHECKING:
    from tests.oracle.token import Token


class Node:
    """The way of a token through any node: it arrives, becomes ready, runs, and leaves along flows."""

    name: str
    bpmn_name: str
    manual: bool
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    conditions: tuple[tuple[Flow, Expression | None], ...] = ()
    default: Flow | None = None
    conditional = False
    boundary: tuple[Any, ...] = ()
    thrown: tuple[Event, ...] = ()
    undo = ""  # the activity that undoes this one
    undoer = ""  # the event sub-process that undoes what this one holds
    holds_undoing = False
    listens = False  # whether it is an event sub-process
    needs, yields = 1, 1  # tokens to begin with, and to end with
    before: tuple[tuple[str, Expression], ...] = ()
    after: tuple[tuple[str, Expression], ...] = ()
    # What a path calls the node; the activity around the instances of a repeated one has a star.
    label: str

    def _predict(self, my_task: "Token", *args: Any, **kwargs: Any) -> None:
        """Do not make tasks for what may happen."""

    @property
    def element(self) -> str:
        """The id of the element that the node is, or is a part of."""
        return self.name.partition("#")[0]

    def _update(self, my_task: "Token") -> None:
        if (self.needs == 1 or self._has_enough(my_task)) and self._update_hook(my_task):
            my_task._ready()

    def _has_enough(self, my_task: "Token") -> bool:
        """Whether as many tokens have come as the node needs; the last one stands for all."""
        others = [t for t in my_task.workflow.tasks.values() if t.task_spec is self and "gathering" in t.internal_data]
        if len(others) + 1 < self.needs:
            my_task.internal_data["gathering"] = True
            my_task._set_state(TaskState.WAITING)
            return False
        for other in others:
            my_task.workflow.top_workflow.remove(other)
        return True

    def _update_hook(self, my_task: "Token") -> bool:
        return True

    def _on_ready(self, my_task: "Token") -> None:
        try:
            assign(my_task, self.before)
        except (ExpressionFailed, NotCanonical) as error:
            my_task.fail(error, at="arriving")
        else:
            my_task.workflow.top_workflow.entered(my_task)

    def _run_hook(self, my_task: "Token") -> bool | None:
        return True

    def _on_complete(self, my_task: "Token") -> None:
        my_task.workflow.top_workflow.leave(my_task)

    def choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        """The flows to go on along, in the order of the document; the default when no condition is true."""
        if not self.conditional:
            return self.outgoing
        free = {flow.id for flow, condition in self.conditions if condition is None}
        met = {flow.id for flow, condition in self.conditions if condition is not None and condition.holds(data)}
        if self.default is not None and not met:
            met.add(self.default.id)
        chosen = tuple(flow for flow in self.outgoing if flow.id in free or flow.id in met)
        return chosen or self.no_branch()

    def no_branch(self) -> Any:
        """Raise that no flow can be taken."""
        raise NoBranch(gateway=self.bpmn_name or self.name)


def assign(token: "Token", assignments: tuple[tuple[str, Expression], ...]) -> None:
    """Set what the data associations of a node say."""
    for name, expression in assignments:
        token.data.put({name: expression.evaluate(token.data)})


class StartEvent(Node, defaults.StartEvent):
    """Where a token comes to life."""


class Pass(Node, BpmnSpecMixin):
    """A token passes: plain and manual tasks, which no computer does, link events, throws of nothing."""


class EndEvent(Node, defaults.EndEvent):
    """Where a token ends; a terminating one takes all others of its scope with it."""

    terminates = False

    def _on_complete(self, my_task: "Token") -> None:
        if self.terminates:
            my_task.workflow.top_workflow.cancel_scope(my_task.workflow, spare=my_task)
        super()._on_complete(my_task)


class UserTask(Node, defaults.UserTask):
    """Waits for a person."""


class ScriptTask(Node, defaults.ScriptTask):
    """Assigns values."""

    code: Script

    def _run_hook(self, my_task: "Token") -> bool | None:
        my_task.data.put(self.code.run(my_task.data))
        return True


class ServiceTask(Node, defaults.ServiceTask):
    """Asks an operator, through the command that is running."""

    operator: str
    parameters: Mapping[str, Expression]
    result: str | None

    def _run_hook(self, my_task: "Token") -> bool | None:
        data = my_task.data
        parameters = {name: expression.evaluate(data) for name, expression in self.parameters.items()}
        call = ServiceCall(my_task.id, self.name, self.operator, parameters, MappingProxyType(data))
        result = my_task.workflow.top_workflow.perform(call)
        if self.result:
            data.put({self.result: result})
        return True


class SubProcess(Node, defaults.SubWorkflowTask):
    """Holds a scope of its own, drawn in it or called; its token goes on when the scope has none left."""

    inner: str

    def _run_hook(self, my_task: "Token") -> bool | None:
        require_depth(my_task, self.bpmn_name or self.name)
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open_scope(my_task)
        return None


DEEPEST = 20


def require_depth(token: "Token", name: str) -> None:
    """Raise `TooDeep` where calls lead into each other without end."""
    case, depth, scope = token.workflow.top_workflow, 0, token.workflow
    while scope is not case:
        scope, depth = case.tokens[scope.parent_task_id].workflow, depth + 1
    if depth >= DEEPEST:
        raise TooDeep(activity=name, most=DEEPEST)


class AdHoc(SubProcess):
    """Holds activities that nothing leads to: done at once or one by one, until all are or a condition holds."""

    sequential = False
    cancels = True
    condition: Expression | None = None

    def next(self, my_task: "Token", scope: Any) -> bool:
        """Start what is next; False when nothing is left."""
        todo: list[str] = my_task.internal_data.setdefault("todo", list(scope.spec.firsts))
        due, my_task.internal_data["todo"] = (todo[:1], todo[1:]) if self.sequential else (todo, [])
        for name in due:
            my_task.workflow.top_workflow.arrive(scope, name, None)
        return bool(due)

    def go_on(self, my_task: "Token") -> None:
        """One of its activities is done: it may be over."""
        my_task._set_state(TaskState.STARTED)
        try:
            condition, data = self.condition, my_task.data
            over = condition is not None and condition.is_known(data) and condition.holds(data)
        except ExpressionFailed as error:
            my_task.fail(error)
            return
        case = my_task.workflow.top_workflow
        scope = case.subprocesses[my_task.id]
        if over:
            my_task.internal_data["todo"] = []
            if self.cancels:
                case.cancel_scope(scope)
        case.settle(scope)


class ExclusiveGateway(Node, defaults.ExclusiveGateway):
    """The first true condition, else the default. Every token passes by itself."""

    def choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        for flow, condition in self.conditions:
            if condition is None or condition.holds(data):
                return (flow,)
        if self.default is None:
            return self.no_branch() if self.outgoing else ()
        return (self.default,)


class Join(Node):
    """A gateway that takes one token from each incoming flow. A token that waits is WAITING and knows its flow."""

    def _update_hook(self, my_task: "Token") -> bool:
        waiting = self.waiting(my_task.workflow)
        if any(other.flow == my_task.flow for other in waiting):
            error = ExcessToken(gateway=self.bpmn_name or self.name, flow=my_task.flow)
            my_task.fail(error, at="arriving")
            return False
        my_task._set_state(TaskState.WAITING)
        return len(waiting) + 1 >= len(self.incoming)

    def waiting(self, workflow: Any) -> list["Token"]:
        """The tokens that wait here, one per incoming flow, oldest first."""
        return [task for task in workflow.tasks.values() if task.task_spec is self and task._state == TaskState.WAITING]

    def _on_ready(self, my_task: "Token") -> None:
        for other in self.waiting(my_task.workflow):
            my_task.workflow.top_workflow.remove(other)
        super()._on_ready(my_task)


class ParallelGateway(Join, defaults.ParallelGateway):
    """Waits for all incoming flows, takes all outgoing ones."""

    def choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        return self.outgoing


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits for every incoming flow that a token can still reach, takes every flow whose condition is true."""

    reach: Mapping[str, frozenset[str]] = {}

    def may_fire(self, workflow: Any) -> bool:
        """BPMN's rule: no token elsewhere can reach an empty incoming flow, unless it can also reach a filled one."""
        filled = {token.flow for token in self.waiting(workflow)}
        for token in workflow.tasks.values():
            if token.task_spec is not self and token is not workflow.task_tree:
                reached = {flow for flow, nodes in self.reach.items() if token.task_spec.name in nodes}
                if reached and not reached & filled:
                    return False
        return True


class ComplexGateway(Join, BpmnSpecMixin):
    """Goes on once its condition holds for the tokens that have come; those that come after are used up.

    Having gone on, it leaves a token behind that knows which flows were used. When no other flow can bring one any
    more, it is as at the beginning.
    """

    reach: Mapping[str, frozenset[str]] = {}
    activation: Expression | None = None

    def _update_hook(self, my_task: "Token") -> bool:
        my_task._set_state(TaskState.WAITING)
        return self.behind(my_task.workflow) is None and self._is_met(my_task)

    def _is_met(self, my_task: "Token") -> bool:
        if self.activation is None:
            return True
        came = {token.flow for token in self.waiting(my_task.workflow)}
        try:
            return self.activation.holds(ChainMap({"activationCount": len(came)}, my_task.data))
        except ExpressionFailed as error:
            my_task.fail(error, at="arriving")
            return False

    def _on_ready(self, my_task: "Token") -> None:
        used = {token.flow for token in self.waiting(my_task.workflow)} | {my_task.flow}
        case = my_task.workflow.top_workflow
        for flow in used - {my_task.flow}:
            case.remove(next(token for token in self.waiting(my_task.workflow) if token.flow == flow))
        if len(used) < len(self.incoming):
            left = case.spawn(my_task.workflow, self.name, None)
            left.internal_data["used"] = sorted(filter(None, used))
            left._set_state(TaskState.WAITING)
        Node._on_ready(self, my_task)

    def behind(self, workflow: Any) -> "Token | None":
        """The token that was left behind."""
        return next((t for t in workflow.tasks.values() if t.task_spec is self and "used" in t.internal_data), None)

    def waiting(self, workflow: Any) -> list["Token"]:
        return [token for token in super().waiting(workflow) if "used" not in token.internal_data]

    def may_reset(self, left: "Token") -> bool:
        """Whether every flow that was not used has a token, or can have none any more."""
        workflow, used = left.workflow, left.internal_data["used"]
        open_ = self.reach.keys() - set(used) - {token.flow for token in self.waiting(workflow)}
        others = (t for t in workflow.tasks.values() if t.task_spec is not self and t is not workflow.task_tree)
        return not any(token.task_spec.name in self.reach[flow] for token in others for flow in open_)

    def reset(self, left: "Token") -> None:
        """Use up what came late, and look at what came for the next time."""
        workflow, used = left.workflow, left.internal_data["used"]
        case = workflow.top_workflow
        case.remove(left)
        late = {token.flow: token for token in reversed(self.waiting(workflow)) if token.flow not in used}
        for token in late.values():
            case.remove(token)
        again = self.waiting(workflow)
        if again and self._is_met(again[0]):
            again[0]._ready()
        elif not again:
            case.settle(workflow)
