"""What each kind of BPMN node does with a token: SpiffWorkflow's task specs, with the hooks that we need otherwise.

Left out on purpose: predictions (nobody reads them, and they cost most of a step), data copied from task to task (the
data belongs to the case), and finished tasks (the history has them). Specs are shared by all cases of a definition and
hold nothing of any of them.
"""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Flow
from engine.expressions import Expression, Script
from engine.runtime.values import ExcessToken, NoBranch, ServiceCall

if TYPE_CHECKING:
    from engine.runtime.workflow import Token


class Node:
    """The way of a token through any node: it arrives, becomes ready, runs, and leaves along flows."""

    name: str
    bpmn_name: str
    manual: bool
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()

    def _predict(self, my_task: "Token", *args: Any, **kwargs: Any) -> None:
        """Do not make tasks for what may happen."""

    def _update(self, my_task: "Token") -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: "Token") -> bool:
        return True

    def _on_ready(self, my_task: "Token") -> None:
        my_task.workflow.top_workflow.entered(my_task)

    def _run_hook(self, my_task: "Token") -> bool | None:
        my_task.leaving = self.outgoing
        return True

    def _on_complete(self, my_task: "Token") -> None:
        my_task.workflow.top_workflow.leave(my_task)


class StartEvent(Node, defaults.StartEvent):
    """Where a token comes to life."""


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
        return super()._run_hook(my_task)


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
        return super()._run_hook(my_task)


class SubProcess(Node, defaults.SubWorkflowTask):
    """Holds a scope of its own; its token goes on when the scope has none left."""

    def _run_hook(self, my_task: "Token") -> bool | None:
        my_task.leaving = self.outgoing
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open_scope(my_task)
        return None


class Gateway(Node):
    """Chooses among its outgoing flows, in the order in which they stand in the document."""

    conditions: tuple[tuple[Flow, Expression | None], ...] = ()
    default: Flow | None = None

    def _choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        return self.outgoing

    def _run_hook(self, my_task: "Token") -> bool | None:
        chosen = self._choose(my_task.data) or ((self.default,) if self.default else ())
        if not chosen:
            raise NoBranch(gateway=self.bpmn_name or self.name)
        my_task.leaving = chosen
        return True


class ExclusiveGateway(Gateway, defaults.ExclusiveGateway):
    """The first true condition, else the default. Every token passes by itself."""

    def _choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        for flow, condition in self.conditions:
            if condition is None or condition.holds(data):
                return (flow,)
        return ()


class Join(Gateway):
    """A gateway that takes one token from each incoming flow. A token that waits is WAITING and knows its flow."""

    def _update_hook(self, my_task: "Token") -> bool:
        waiting = self.waiting(my_task.workflow)
        if any(other.flow == my_task.flow for other in waiting):
            my_task.fail(ExcessToken(gateway=self.bpmn_name or self.name, flow=my_task.flow))
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


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits for every incoming flow that a token can still reach, takes every flow whose condition is true."""

    reach: Mapping[str, frozenset[str]] = {}

    def _choose(self, data: Mapping[str, Any]) -> tuple[Flow, ...]:
        return tuple(flow for flow, condition in self.conditions if condition is None or condition.holds(data))

    def may_fire(self, workflow: Any) -> bool:
        """BPMN's rule: no token elsewhere can reach an empty incoming flow, unless it can also reach a filled one."""
        filled = {token.flow for token in self.waiting(workflow)}
        for token in workflow.tasks.values():
            if token.task_spec is not self and token is not workflow.task_tree:
                reached = {flow for flow, nodes in self.reach.items() if token.task_spec.name in nodes}
                if reached and not reached & filled:
                    return False
        return True
