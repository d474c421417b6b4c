"""Who catches what a token throws: errors and escalations on the way out, messages and signals all over the case."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event
from engine.canonical import canonical
from engine.expressions import ExpressionFailed
from engine.runtime.values import Sent

if TYPE_CHECKING:
    from tests.oracle.token import Token
    from tests.oracle.workflow import CaseWorkflow

# Caught where they pass on their way out; nothing waits for them with a token of its own.
THROWN_INSIDE = frozenset({"error", "escalation", "cancel"})


@dataclass(frozen=True, slots=True)
class Catcher:
    """An event on a boundary (`host` is the token inside), or an event sub-process of a scope."""

    spec: Any
    scope: Any
    host: "Token | None"


def catcher(case: "CaseWorkflow", token: "Token", event: Event, at_token: bool = False) -> Catcher | None:
    """What catches an error or escalation: the innermost around the token; of the same place, a named one first."""
    if at_token:
        spec = _match(token.task_spec.boundary, event)
        if spec is not None:
            return Catcher(spec, token.workflow, token)
    scope = token.workflow
    handled = False  # what an event sub-process throws is not caught beside it
    while True:
        spec = None if handled else _match(scope.spec.handlers, event)
        if spec is not None:
            return Catcher(spec, scope, None)
        if scope is case:
            return None
        host = case.tokens[scope.parent_task_id]
        spec = _match(host.task_spec.boundary, event)
        if spec is not None:
            return Catcher(spec, host.workflow, host)
        handled = host.task_spec.listens
        scope = host.workflow


def _match(specs: tuple[Any, ...], event: Event) -> Any:
    of_kind = [spec for spec in specs if spec.event.kind == event.kind]
    named = [spec for spec in of_kind if spec.event.name == event.name]
    return next(iter(named or [spec for spec in of_kind if not spec.event.name]), None)


def throw(case: "CaseWorkflow", token: "Token") -> None:
    """Throw what the node of a token carries; the token may not live on."""
    for event, payload in zip(token.task_spec.thrown, token.payloads, strict=True):
        if event.kind in THROWN_INSIDE:
            _throw_inside(case, token, event)
        elif event.kind in ("message", "signal"):
            send(case, token, event, payload, token.correlation)
        if case.tokens.get(token.id) is not token:
            return  # what it threw ended it


def throw_beside(case: "CaseWorkflow", token: "Token", event: Event) -> None:
    """Throw from an activity that goes on, unless what catches it ends it."""
    if event.kind in THROWN_INSIDE:
        found = catcher(case, token, event, at_token=True)
        if found is not None:
            _catch(case, found)
    else:
        send(case, token, event, None, None)


def send(case: "CaseWorkflow", token: "Token", event: Event, payload: Any, correlation: Any) -> None:
    """Give a message or signal to what waits for it here, and what is left of it to those outside."""
    name = token.task_spec.name
    if event.kind == "signal":
        case.sent.append(Sent(name, "signal", event.name, payload))
        broadcast(case, event.name, payload)
    elif not deliver(case, event.name, payload, correlation):
        case.sent.append(Sent(name, "message", event.name, payload, correlation))


def _throw_inside(case: "CaseWorkflow", token: "Token", event: Event) -> None:
    found = catcher(case, token, event)
    if found is not None:
        if found.spec.interrupting:
            case.remove(token)
        _catch(case, found)


def failed(case: "CaseWorkflow", token: "Token", code: str) -> bool:
    """A service task failed: whether an error event around it takes over."""
    found = catcher(case, token, Event("error", code), at_token=True)
    if found is not None:
        _catch(case, found)
    return found is not None


def broadcast(case: "CaseWorkflow", name: str, payload: Any) -> bool:
    """Give a signal to all that wait for it; whether anything did."""
    waiting = [token for token in case.tokens.values() if _awaits(token, "signal", name)]
    for token in waiting:
        if case.tokens.get(token.id) is token:
            case.trigger(token, payload)
    return bool(waiting)


def deliver(case: "CaseWorkflow", name: str, payload: Any, correlation: Any) -> bool:
    """Give a message to the first that waits for it; whether anything did."""
    for token in case.tokens.values():
        if _awaits(token, "message", name):
            wanted = token.internal_data["wait"].get("correlation")
            if canonical(wanted) == canonical(correlation):
                case.trigger(token, payload)
                return True
    return False


def condition_met(case: "CaseWorkflow") -> bool:
    """Nothing runs any more: let one event go on whose condition has become true."""
    if not case.blueprint.conditions:
        return False
    for token in list(case.tokens.values()):
        if _awaits(token, "conditional", "") and _becomes_true(token, token.internal_data["wait"]):
            case.trigger(token)
            return True
    return False


def _becomes_true(token: "Token", wait: dict[str, Any]) -> bool:
    condition, met = token.task_spec.expression, wait["met"]
    if not condition.is_known(token.data):
        return False  # what nobody has written yet is not true yet
    try:
        wait["met"] = condition.holds(token.data)
    except ExpressionFailed as error:
        token.fail(error)
        return False
    return bool(wait["met"] and not met)


def _catch(case: "CaseWorkflow", found: Catcher) -> None:
    if found.spec.interrupting:
        if found.host is not None:
            case.cancel(found.host)
        else:
            case.cancel_scope(found.scope)
    case.arrive(found.scope, found.spec.element, None)


def _awaits(token: "Token", kind: str, name: str) -> bool:
    wait = token.internal_data.get("wait")
    if wait is None or token._state != TaskState.WAITING:
        return False
    return (wait["kind"], wait.get("name", "")) == (kind, name)
