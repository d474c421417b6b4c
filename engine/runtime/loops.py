"""An activity done several times: SpiffWorkflow's loops, which keep what they count and give in one place."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Loop
from engine.expressions import Expression, ExpressionFailed
from engine.runtime.data import Local
from engine.runtime.specs import Node
from engine.runtime.task import UNFINISHED, Token
from engine.runtime.values import BadCount

MOST = 1_000
State = dict[str, Any]


class Repeated(Node, LoopTask):
    """The activity around its instances: it starts them, gathers what they give, and goes on after the last.

    What it counts stands in `loop`: instances `started` and `done`, of how many in `total`, `items` and `results`.
    """

    noted = False
    loop: Loop
    task_spec: str
    condition: Expression | None

    def _update_hook(self, my_task: Token) -> bool:
        """Starts the first instances; the data are the case's, and so there is none to merge."""
        my_task.internal_data["loop"] = {"started": 0, "done": 0, **self._plan(my_task)}
        my_task.turn(TaskState.STARTED)
        self.go_on(my_task)
        return False

    def merge_child(self, workflow: Any, child: Token) -> None:
        """An instance is over: gathers what it gives, and goes on."""
        my_task = child.parent
        if my_task is None or not my_task.has_state(TaskState.STARTED):
            return
        state = my_task.internal_data["loop"]
        state["done"] += 1
        self._gather(my_task, state, child)
        if self.loop.thrown is not None and (self.loop.behavior == "None" or state["done"] == 1):
            my_task.workflow.top_workflow.event_manager.throw_beside(my_task, self.loop.thrown)
        if my_task.has_state(TaskState.STARTED):
            self.go_on(my_task)

    def go_on(self, my_task: Token) -> None:
        """Start what is next, or complete."""
        try:
            if self._proceed(my_task):
                self._end(my_task)
        except (ExpressionFailed, BadCount) as error:
            my_task.fail(error)

    def _end(self, my_task: Token) -> None:
        for instance in list(self._instances(my_task)):
            if instance.has_state(UNFINISHED):
                instance.cancel()
        my_task.turn(TaskState.READY)

    def local(self, my_task: Token) -> State:
        """What is the next instance's own."""
        state = my_task.internal_data["loop"]
        own: State = {self.loop.result: None} if self.loop.result else {}
        if self.loop.item:
            own[self.loop.item] = state["items"][state["started"]]
        own["loopCounter"] = state["started"]
        state["started"] += 1
        return own

    def _plan(self, my_task: Token) -> State:
        return {}

    def _gather(self, my_task: Token, state: State, instance: Token) -> None:
        """What an instance gives."""

    def _proceed(self, my_task: Token) -> bool:
        """Start the instances that are due; True when all is done."""
        raise NotImplementedError

    def _holds(self, my_task: Token, names: State) -> bool:
        return self.condition is not None and self.condition.holds(Local(names, my_task.data))


class StandardLoopTask(Repeated, defaults.StandardLoopTask):
    """Again and again, one after the other, while a condition is true."""

    def _proceed(self, my_task: Token) -> bool:
        state = my_task.internal_data["loop"]
        done: int = state["done"]
        if state["started"] > done:
            return False
        if self.maximum is not None and done >= self.maximum:
            return True
        asked = done > 0 or self.loop.test_before
        if asked and self.condition is not None and not self._holds(my_task, {"loopCounter": done}):
            return True
        self.create_child(my_task)
        return False


class MultiInstance(Repeated):
    """As often as there are items, or as a number says."""

    cardinality: Expression

    def _plan(self, my_task: Token) -> State:
        value = self.cardinality.evaluate(my_task.data)
        items = value if isinstance(value, list) and self.loop.collection else None
        total = len(items) if items is not None else value
        if type(total) is not int or not 0 <= total <= MOST or (items is None and self.loop.collection):
            raise BadCount(activity=self.bpmn_name or self.bpmn_id, value=str(value)[:80], most=MOST)
        plan: State = {"total": total}
        if items is not None:
            plan["items"] = items
        if self.loop.results:
            plan["results"] = [None] * total
            my_task.data.put({self.loop.results: plan["results"]})
        return plan

    def _gather(self, my_task: Token, state: State, instance: Token) -> None:
        if self.loop.results:
            place = instance.internal_data["local"]["loopCounter"]
            state["results"][place] = instance.data.get(self.loop.result)
            my_task.data.put({self.loop.results: state["results"]})

    def _proceed(self, my_task: Token) -> bool:
        state = my_task.internal_data["loop"]
        total, started, done = state["total"], state["started"], state["done"]
        if done and self._is_enough(my_task, total, started, done):
            return True
        due = total - started if self.loop.kind == "parallel" else int(started == done < total)
        for _ in range(due):
            if my_task.has_state(TaskState.STARTED):  # what an instance threw may have ended all
                self.create_child(my_task, state["started"])
        return bool(state["done"] == total)

    def _is_enough(self, my_task: Token, total: int, started: int, done: int) -> bool:
        counts = (("Instances", total), ("ActiveInstances", started - done), ("CompletedInstances", done))
        names = {f"{prefix}{name}": n for name, n in counts for prefix in ("nrOf", "numberOf")}
        return self._holds(my_task, {**names, "loopCounter": done})


class ParallelMultiInstanceTask(MultiInstance, defaults.ParallelMultiInstanceTask):
    """All at once."""


class SequentialMultiInstanceTask(MultiInstance, defaults.SequentialMultiInstanceTask):
    """One after the other."""
