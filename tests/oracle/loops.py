"""An activity done several times: one token stands for all of it, its instances live in a scope of their own."""

# mypy: disallow-subclassing-any=False

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Loop
from engine.expressions import Expression, ExpressionFailed
from engine.runtime.data import Local
from engine.runtime.values import BadCount
from tests.oracle import catching
from tests.oracle.specs import Node

if TYPE_CHECKING:
    from tests.oracle.token import Token

MOST = 1_000
State = dict[str, Any]


class Repeated(Node, BpmnSpecMixin):
    """The activity around its instances: it starts them, gathers what they give, and goes on after the last."""

    inner: str
    loop: Loop
    condition: Expression | None = None

    def _on_ready(self, my_task: "Token") -> None:
        case = my_task.workflow.top_workflow
        case.arm_boundary(my_task)
        case.ready.append(my_task)

    def _run_hook(self, my_task: "Token") -> bool | None:
        my_task.internal_data["loop"] = {"started": 0, "done": 0, **self._plan(my_task)}
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.add_scope(my_task)
        return True if self._proceed(my_task) else None

    def instance_done(self, token: "Token", instance: "Token") -> None:
        """One instance is over."""
        state = token.internal_data["loop"]
        state["done"] += 1
        self._gather(token, state, instance)
        if self.loop.thrown is not None and (self.loop.behavior == "None" or state["done"] == 1):
            case = token.workflow.top_workflow
            catching.throw_beside(case, token, self.loop.thrown)
            if case.tokens.get(token.id) is not token:
                return  # what it threw ended it
        self.go_on(token)

    def go_on(self, token: "Token") -> None:
        """Start what is next, or complete."""
        token.internal_data.pop("incident", None)
        token._set_state(TaskState.STARTED)
        try:
            finished = self._proceed(token)
        except (ExpressionFailed, BadCount) as error:
            token.fail(error)
        else:
            if finished:
                token.complete()

    def _on_complete(self, my_task: "Token") -> None:
        case = my_task.workflow.top_workflow
        scope = case.subprocesses.pop(my_task.id, None)
        if scope is not None:
            case.cancel_scope(scope)
        super()._on_complete(my_task)

    def _plan(self, token: "Token") -> State:
        return {}

    def _gather(self, token: "Token", state: State, instance: "Token") -> None:
        """What an instance gives."""

    def _proceed(self, token: "Token") -> bool:
        """Start the instances that are due; True when all is done."""
        raise NotImplementedError

    def _spawn(self, token: "Token", own: State) -> None:
        state = token.internal_data["loop"]
        own["loopCounter"] = state["started"]
        state["started"] += 1
        case = token.workflow.top_workflow
        case.arrive(case.scope_of(token), self.name, None, own)

    def _holds(self, token: "Token", names: State) -> bool:
        return self.condition is not None and self.condition.holds(Local(names, token.data))


class StandardLoop(Repeated):
    """Again and again, one after the other, while a condition is true."""

    maximum: int | None = None

    def _proceed(self, token: "Token") -> bool:
        done: int = token.internal_data["loop"]["done"]
        if token.internal_data["loop"]["started"] > done:
            return False
        if self.maximum is not None and done >= self.maximum:
            return True
        asked = done > 0 or self.loop.test_before
        if asked and self.condition is not None and not self._holds(token, {"loopCounter": done}):
            return True
        self._spawn(token, {})
        return False


class MultiInstance(Repeated):
    """Once for each item of a list, or as often as a number says; all at once or one after the other."""

    count: Expression

    def _plan(self, token: "Token") -> State:
        value = self.count.evaluate(token.data)
        items = value if isinstance(value, list) and self.loop.collection else None
        total = len(items) if items is not None else value
        if type(total) is not int or not 0 <= total <= MOST or (items is None and self.loop.collection):
            raise BadCount(activity=self.bpmn_name or self.name, value=str(value)[:80], most=MOST)
        plan: State = {"total": total}
        if items is not None:
            plan["items"] = items
        if self.loop.results:
            plan["results"] = [None] * total
            token.data.put({self.loop.results: plan["results"]})
        return plan

    def _gather(self, token: "Token", state: State, instance: "Token") -> None:
        if self.loop.results:
            own = instance.internal_data["local"]
            state["results"][own["loopCounter"]] = own.get(self.loop.result)
            token.data.put({self.loop.results: state["results"]})

    def _proceed(self, token: "Token") -> bool:
        state = token.internal_data["loop"]
        total, started, done = state["total"], state["started"], state["done"]
        if done and self._is_enough(token, total, started, done):
            return True
        due = total - started if self.loop.kind == "parallel" else int(started == done < total)
        for _ in range(due):
            self._spawn(token, self._own(state))
        return bool(done == total)

    def _own(self, state: State) -> State:
        own: State = {self.loop.result: None} if self.loop.result else {}
        if self.loop.item:
            own[self.loop.item] = state["items"][state["started"]]
        return own

    def _is_enough(self, token: "Token", total: int, started: int, done: int) -> bool:
        counts = (("Instances", total), ("ActiveInstances", started - done), ("CompletedInstances", done))
        names = {f"{prefix}{name}": n for name, n in counts for prefix in ("nrOf", "numberOf")}
        return self._holds(token, {**names, "loopCounter": done})
