"""Nodes that wait for something from outside or throw something: what it is, and what happens when it comes."""

# mypy: disallow-subclassing-any=False

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event
from engine.canonical import NotCanonical
from engine.expressions import Expression, ExpressionFailed
from engine.runtime import timers
from engine.runtime.values import BadTimer, Uncaught
from tests.oracle import undoing
from tests.oracle.specs import EndEvent, Node, SubProcess

if TYPE_CHECKING:
    from tests.oracle.token import Token
    from tests.oracle.workflow import CaseWorkflow

UNREADABLE = (ExpressionFailed, BadTimer, NotCanonical)


class Waiting(Node):
    """A node whose token waits. What for is worked out when the waiting begins, and kept with the token."""

    event: Event
    expression: Expression | str | None = None  # the time or the condition; a text is the time itself
    correlation: Expression | None = None

    def await_(self, token: "Token") -> bool:
        """Let a token wait; False, with an incident, when it cannot be worked out what for."""
        try:
            token.internal_data["wait"] = self._wait(token)
        except UNREADABLE as error:
            token.fail(error, at="arriving")
            return False
        token._set_state(TaskState.WAITING)
        return True

    def _wait(self, token: "Token") -> dict[str, Any]:
        kind = self.event.kind
        if kind == "timer":
            return self._moment(token)
        if kind == "conditional":
            return {"kind": kind, "met": False}
        wait: dict[str, Any] = {"kind": kind, "name": self.event.name}
        if self.correlation is not None:
            wait["correlation"] = self.correlation.evaluate(token.data)
        return wait

    def _moment(self, token: "Token") -> dict[str, Any]:
        at = token.workflow.top_workflow.at
        assert at is not None, "a model with timers runs at a moment"
        value = self.expression
        if isinstance(value, Expression):
            value = value.evaluate(token.data)
        wait = timers.first(self.event.timer, value, at, token.workflow.top_workflow.ask)
        if wait is None:
            raise BadTimer(event=self.bpmn_name or self.name, value=value)
        return wait

    def again(self, wait: dict[str, Any], case: "CaseWorkflow") -> dict[str, Any] | None:
        """What a wait that does not interrupt waits for next, if anything."""
        if wait["kind"] == "timer":
            assert case.at is not None, "a timer runs out at a moment"
            return timers.again(wait, case.at, case.ask)
        return {**wait, "met": True} if wait["kind"] == "conditional" else wait


class CatchEvent(Waiting, BpmnSpecMixin):
    """An intermediate catching event, or a receive task."""

    def _update_hook(self, my_task: "Token") -> bool:
        if self.await_(my_task):
            my_task.workflow.top_workflow.enter(my_task)
        return False

    def come(self, token: "Token", wait: dict[str, Any], host: str | None) -> None:
        """What it waited for came; after an event-based gateway, its rivals are given up."""
        case = token.workflow.top_workflow
        if host is None:
            token._set_state(TaskState.READY)
            case.ready.append(token)
        else:
            gateway = case.tokens[host]
            gateway._set_state(TaskState.COMPLETED)
            case.note(gateway, "completed")
            case.disarm(gateway)
            case.remove(gateway)
            case.note(gateway, "taken", token.flow)
            token._ready()


class EventGateway(Node, BpmnSpecMixin):
    """Waits for the first of several events, and goes on there."""

    def _update_hook(self, my_task: "Token") -> bool:
        my_task._set_state(TaskState.WAITING)
        case = my_task.workflow.top_workflow
        case.enter(my_task)
        for flow in self.outgoing:
            case.arm(my_task.workflow, my_task.workflow.spec.task_specs[flow.target], my_task.id, flow.id)
        return False


class Several(Node, BpmnSpecMixin):
    """An intermediate event that waits for one of several, or for every one; each waits with a token of its own."""

    parts: tuple["Part", ...] = ()
    every = False

    def _update_hook(self, my_task: "Token") -> bool:
        my_task._set_state(TaskState.WAITING)
        case = my_task.workflow.top_workflow
        case.enter(my_task)
        for part in self.parts:
            case.arm(my_task.workflow, part, my_task.id)
        return False

    def part_came(self, token: "Token") -> None:
        """One of them came."""
        left = any(each.internal_data.get("host") == token.id for each in token.workflow.tasks.values())
        if not (self.every and left):
            case = token.workflow.top_workflow
            case.disarm(token)
            token._set_state(TaskState.READY)
            case.ready.append(token)


class Part(Waiting, BpmnSpecMixin):
    """One of several that an intermediate event waits for."""

    def come(self, token: "Token", wait: dict[str, Any], host: str | None) -> None:
        """What it waited for came."""
        case = token.workflow.top_workflow
        case.remove(token)
        around = case.tokens[host]
        around.task_spec.part_came(around)


class BoundaryEvent(Waiting, BpmnSpecMixin):
    """An event on the boundary of an activity, which it ends or leaves going on."""

    interrupting = True

    def come(self, token: "Token", wait: dict[str, Any], host: str | None) -> None:
        """What it waited for came."""
        case = token.workflow.top_workflow
        if self.interrupting:
            case.cancel(case.tokens[host])
        else:
            again = self.again(wait, case)
            if again is not None:
                case.arm(token.workflow, self, host, wait=again)
        land(token, self)


class EventSubProcess(SubProcess, Waiting):
    """A sub-process that starts when something comes, while its scope is going on."""

    interrupting = True
    listens = True

    def come(self, token: "Token", wait: dict[str, Any], host: str | None) -> None:
        """What it waited for came."""
        case = token.workflow.top_workflow
        if self.interrupting:
            case.cancel_scope(token.workflow, spare=token)
        else:
            again = self.again(wait, case)
            if again is not None:
                case.arm(token.workflow, self, "", wait=again)
        land(token, self)


def land(token: "Token", spec: Waiting) -> None:
    """Go on in the node itself; what is a part of an event, in the whole."""
    if spec.name == spec.element:
        token._ready()
    else:
        case = token.workflow.top_workflow
        case.remove(token)
        case.arrive(token.workflow, spec.element, None)


class Throwing(Node):
    """A node that throws what it carries when its token leaves."""

    payloads: tuple[Expression | None, ...] = ()
    correlation: Expression | None = None

    def _run_hook(self, my_task: "Token") -> bool | None:
        case = my_task.workflow.top_workflow
        for thrown in self.thrown:
            if thrown.kind in ("error", "cancel") and case.catcher(my_task, thrown) is None:
                raise Uncaught(event=self.bpmn_name or self.name, error=thrown.name or thrown.kind)
        return undoing.undo(case, my_task, self.thrown[0]) or None

    def load(self, token: "Token") -> None:
        """Work out what is thrown, just before it is."""
        data = token.data
        token.payloads = [None if payload is None else payload.evaluate(data) for payload in self.payloads]
        token.correlation = None if self.correlation is None else self.correlation.evaluate(data)


class ThrowEvent(Throwing, BpmnSpecMixin):
    """An intermediate throwing event, or a send task."""


class ThrowingEnd(Throwing, EndEvent):
    """An end event that throws."""
