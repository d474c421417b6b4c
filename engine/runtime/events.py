"""What events wait for and what they throw: SpiffWorkflow's event definitions, with Alur's times, names and data."""

# mypy: disallow-subclassing-any=False

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CancelEventDefinition,
    MultipleEventDefinition,
    NoneEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event
from engine.canonical import canonical
from engine.expressions import Expression
from engine.runtime import timers
from engine.runtime.task import Token
from engine.runtime.values import BadTimer

State = dict[str, Any]


class Named(EventDefinition):
    """One event of a model, such as a message for one receiver or a signal for all.

    An event that comes is brought by the definition that waits for it: that one, no other.
    """

    def __init__(
        self, event: Event, expression: Expression | str | None = None, correlation: Expression | None = None
    ) -> None:
        super().__init__(name=event.name)
        self.event, self.expression, self.correlation = event, expression, correlation

    __eq__, __hash__ = object.__eq__, object.__hash__

    def wait(self, my_task: Token) -> State:
        """What to wait for, worked out when the waiting begins."""
        wait: State = {"kind": self.event.kind, "name": self.event.name}
        if self.correlation is not None:
            wait["correlation"] = self.correlation.evaluate(my_task.data)
        return wait

    def again(self, wait: Any, top: Any) -> State | None:
        """What an event that does not interrupt waits for next, if anything."""
        return wait  # type: ignore[no-any-return]

    def meets(self, wait: State, event: BpmnEvent) -> bool:
        """Whether that is what was waited for."""
        thrown = event.event_definition
        return thrown is self or (
            (thrown.event.kind, thrown.name) == (wait["kind"], wait.get("name"))
            and canonical(wait.get("correlation")) == canonical(event.correlations.get("key"))
        )

    def update_task(self, my_task: Token) -> None:
        """Begin to wait."""
        if "wait" not in my_task.internal_data:
            my_task.internal_data["wait"] = self.wait(my_task)

    def catches(self, my_task: Token, event: BpmnEvent) -> bool:
        wait = my_task.internal_data.get("wait")
        return wait is not None and self.meets(wait, event)

    def catch(self, my_task: Token, event: BpmnEvent) -> None:
        """It has come."""
        my_task.internal_data.pop("wait", None)
        self.take(my_task, event)
        super().catch(my_task, event)

    def take(self, my_task: Token, event: BpmnEvent) -> None:
        """Put what it carries where the model says."""
        if self.event.variable:
            my_task.task_spec.receive(my_task, {self.event.variable: event.payload})

    def reset(self, my_task: Token) -> None:
        my_task.internal_data.pop("event_fired", None)

    def throw(self, my_task: Token) -> None:
        """Give it to what waits for it."""
        top = my_task.workflow.top_workflow
        data = my_task.data
        payload = self.expression.evaluate(data) if isinstance(self.expression, Expression) else None
        key = None if self.correlation is None else self.correlation.evaluate(data)
        top.catch(BpmnEvent(self, payload=payload, correlations={"key": key}, target=my_task))


class Inside(Named):
    """Caught where it passes on its way out; nothing waits for it from outside."""

    def update_task(self, my_task: Token) -> None:
        """There is nothing to work out."""


class Error(Inside):
    """Ends what it leaves; somebody must catch it."""

    def throw(self, my_task: Token) -> None:
        """Raises `Uncaught` where nothing around catches it."""
        my_task.workflow.top_workflow.event_manager.require_catcher(my_task, self.event)
        super().throw(my_task)


class Cancel(Error, CancelEventDefinition):
    """Ends a transaction, whose boundary must catch it."""


class Timer(Named):
    """Due as the office's calendar reckons from the moment of the command."""

    def wait(self, my_task: Token) -> State:
        at = my_task.workflow.top_workflow.at
        assert at is not None, "a model with timers runs at a moment"
        value = self.expression
        if isinstance(value, Expression):
            value = value.evaluate(my_task.data)
        wait = timers.first(self.event.timer, value, at, my_task.workflow.top_workflow.ask)
        if wait is None:
            spec = my_task.task_spec
            raise BadTimer(event=spec.bpmn_name or spec.bpmn_id, value=value)
        return wait

    def again(self, wait: State, top: Any) -> State | None:
        return timers.again(wait, top.at, top.ask)


class Conditional(Named):
    """Comes when its condition becomes true; looked at once nothing else moves."""

    def wait(self, my_task: Token) -> State:
        return {"kind": "conditional", "met": False}

    def again(self, wait: State, top: Any) -> State:
        return {**wait, "met": True}

    def becomes_true(self, my_task: Token, wait: State) -> bool:
        """Whether it is true and was not; what nobody has written yet is not true yet."""
        condition, met = self.expression, wait["met"]
        if not isinstance(condition, Expression) or not condition.is_known(my_task.data):
            return False
        wait["met"] = condition.holds(my_task.data)
        return bool(wait["met"] and not met)


class Compensation(NoneEventDefinition):
    """Undoes what was completed: all of the scope, or one activity."""

    def __init__(self, activity: str) -> None:
        super().__init__()
        self.activity = activity


class Several(MultipleEventDefinition):
    """One of several, or every one; each that is still to come stands in `parts` with a path of its own."""

    def __init__(self, parts: list[Any] | None = None, parallel: bool = False) -> None:
        super().__init__(parts or [], parallel)
        # For each part: what its path calls it, the element that it is, the flow that leads on from it.
        self.places: list[tuple[str, str, str]] = []

    def update_task(self, my_task: Token) -> None:
        """Begin to wait for each."""
        internal = my_task.internal_data
        if "parts" not in internal:
            waits = [definition.wait(my_task) for definition in self.event_definitions]
            top = my_task.workflow.top_workflow
            paths = [top.next_path(label) for label, _, _ in self.places]
            internal["parts"] = [
                {"n": n, "path": path, "wait": wait} for n, (path, wait) in enumerate(zip(paths, waits, strict=True))
            ]

    def has_fired(self, my_task: Token) -> bool:
        parts = my_task.internal_data.get("parts")
        return parts is not None and len(parts) <= (0 if self.parallel else len(self.event_definitions) - 1)

    def catches(self, my_task: Token, event: BpmnEvent) -> bool:
        return self._part(my_task, event) is not None

    def catch(self, my_task: Token, event: BpmnEvent) -> None:
        part = self._part(my_task, event)
        if part is not None:
            internal = my_task.internal_data
            definition = self.event_definitions[part["n"]]
            definition.take(my_task, event)
            internal["parts"] = [each for each in internal["parts"] if each is not part]
            internal["came"] = part["path"]
            internal["seen_events"] = [BpmnEvent(definition, payload=event.payload)]

    def _part(self, my_task: Token, event: BpmnEvent) -> State | None:
        parts = my_task.internal_data.get("parts", ())
        return next((p for p in parts if self.event_definitions[p["n"]].meets(p["wait"], event)), None)

    def reset(self, my_task: Token) -> None:
        my_task.internal_data.pop("parts", None)
        super().reset(my_task)

    def throw(self, my_task: Token) -> None:
        """Throw each, until one of them has ended the thrower."""
        for definition in self.event_definitions:
            if my_task.has_state(TaskState.READY):
                definition.throw(my_task)


KINDS: dict[str, type[EventDefinition]] = {
    "message": Named,
    "signal": Named,
    "error": Error,
    "escalation": Inside,
    "cancel": Cancel,
    "timer": Timer,
    "conditional": Conditional,
}


def definition(event: Event, *said: Any) -> EventDefinition:
    """What SpiffWorkflow calls an event's definition."""
    if event.kind == "terminate":
        return TerminateEventDefinition()
    if event.kind == "compensate":
        return Compensation(event.name)
    kind = KINDS.get(event.kind)
    return NoneEventDefinition() if kind is None else kind(event, *said)
