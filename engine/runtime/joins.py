"""Gateways that wait for several tokens: one unconsumed token per incoming flow, as BPMN has it."""

# mypy: disallow-subclassing-any=False

from collections import ChainMap
from collections.abc import Iterator, Mapping

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.util.task import TaskState

from engine.expressions import Expression
from engine.runtime.specs import Node
from engine.runtime.task import Token
from engine.runtime.values import ExcessToken


class Join(Node):
    """Takes one token from each incoming flow. A token that waits is WAITING and knows its flow."""

    joins = True
    reach: Mapping[str, frozenset[str]] = {}  # per incoming flow, the nodes from which a path leads to it

    def _update_hook(self, my_task: Token) -> bool:
        if my_task.has_state(TaskState.WAITING):
            return self._may_fire(my_task)
        my_task.turn(TaskState.WAITING)
        if any(other.flow == my_task.flow for other in self.waiting(my_task)):
            raise ExcessToken(gateway=self.bpmn_name or self.bpmn_id, flow=my_task.flow)
        return self._may_fire(my_task)

    def _may_fire(self, my_task: Token) -> bool:
        """Whether enough have come."""
        return len(self.waiting(my_task)) + 1 >= len(self.reach)

    def waiting(self, my_task: Token) -> list[Token]:
        """The other tokens that wait here, one per incoming flow, oldest first."""
        tokens = my_task.workflow.tokens_here()
        return [t for t in tokens if t.task_spec is self and t.state == TaskState.WAITING and t is not my_task]

    def _on_ready_hook(self, my_task: Token) -> None:
        for other in self.waiting(my_task):
            other.cancel()
        super()._on_ready_hook(my_task)

    def reaching(self, my_task: Token) -> Iterator[set[str]]:
        """For each token elsewhere that can still come here, the flows that it can come by."""
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.has_state(TaskState.ERROR) and "arriving" in task.internal_data:
                yield {task.flow}  # it comes once it is tried again
            elif task.task_spec is not self and task.is_live:
                flows = {flow for flow, nodes in self.reach.items() if task.task_spec.bpmn_id in nodes}
                if flows:
                    yield flows


class Gathering(Join, BpmnSpecMixin):
    """Before an activity that needs several tokens: those that wait have its paths, the last one stands for all."""

    joins = False  # by whichever flow a token comes; nothing but the next one is worth another look
    noted = False
    opens = True
    needs: int

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.waiting(my_task)) + 1 >= self.needs:
            return True
        my_task.internal_data["gathering"] = True
        my_task.turn(TaskState.WAITING)
        my_task.workflow.top_workflow.name(my_task, self.bpmn_id)
        return False


class ParallelGateway(Join, defaults.ParallelGateway):
    """Waits for all incoming flows, takes all outgoing ones."""

    def _run_hook(self, my_task: Token) -> bool:
        """There are no data to merge, and what another token here brought about stays."""
        return True


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Waits for every incoming flow that a token can still reach, takes every flow whose condition is true."""

    def _may_fire(self, my_task: Token) -> bool:
        filled = {task.flow for task in [my_task, *self.waiting(my_task)]}
        return all(flows & filled for flows in self.reaching(my_task))

    def _run_hook(self, my_task: Token) -> bool:
        """The choice alone, for the same reasons."""
        return bool(MultiChoice._run_hook(self, my_task))


class ComplexGateway(Join, BpmnSpecMixin):
    """Goes on once its condition holds for the tokens that have come; those that come after are used up.

    Having gone on, it leaves a token behind that knows which flows were used. When no other flow can bring one any
    more, it is as at the beginning.
    """

    activation: Expression | None = None

    def _update_hook(self, my_task: Token) -> bool:
        if "used" in my_task.internal_data:
            self._reset(my_task)
            return False
        if my_task.has_state(TaskState.WAITING):
            return False
        my_task.turn(TaskState.WAITING)
        has_gone_on = any("used" in token.internal_data for token in super().waiting(my_task))
        return not has_gone_on and self._is_met(my_task)

    def _is_met(self, my_task: Token) -> bool:
        came = {token.flow for token in [my_task, *self.waiting(my_task)]}
        names = {"activationCount": len(came)}
        return self.activation is None or self.activation.holds(ChainMap(names, my_task.data))

    def _on_ready_hook(self, my_task: Token) -> None:
        others = {token.flow: token for token in reversed(self.waiting(my_task)) if token.flow != my_task.flow}
        for token in others.values():
            token.cancel()
        used = {my_task.flow, *others}
        if len(used) < len(self.reach):
            left = my_task.workflow.task_tree.begin_child(self)
            left.internal_data["used"] = sorted(filter(None, used))
            left.turn(TaskState.WAITING)
        Node._on_ready_hook(self, my_task)

    def waiting(self, my_task: Token) -> list[Token]:
        return [token for token in super().waiting(my_task) if "used" not in token.internal_data]

    def _reset(self, left: Token) -> None:
        """Once no unused flow can bring a token: use up what came late, and look at what came for the next time."""
        used, came, scope = left.internal_data["used"], self.waiting(left), left.workflow
        unused = self.reach.keys() - set(used) - {token.flow for token in came}
        if any(flows & unused for flows in self.reaching(left)):
            return
        late = {token.flow: token for token in reversed(came) if token.flow not in used}
        for token in (left, *late.values()):
            token.cancel()
        again = [token for token in came if token.has_state(TaskState.WAITING)]
        if again:
            again[0].turn(TaskState.FUTURE)
            self._update(again[0])
        else:
            scope.begin(scope.spec.end)
