"""Whether every event says what it waits for or throws, and stands where that works."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import partial

from engine import times
from engine.bpmn import ACTIVITIES, Element, Event, Process
from engine.checker.findings import Finding, finding
from engine.expressions import BadExpression, ExpressionFailed, compile_expression

_COMES = frozenset({"timer", "message", "signal", "conditional"})
_SENT = frozenset({"message", "signal", "escalation"})
# Of several events in one, those that may be among them.
_TOGETHER = _COMES | _SENT | {"error", "terminate"}
_SUPPORTED: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"message", "signal", "timer"}),
    "intermediateCatchEvent": _COMES | {"link"},
    "intermediateThrowEvent": _SENT | {"link", "compensate"},
    "boundaryEvent": _COMES | {"error", "escalation", "cancel", "compensate"},
    "endEvent": _SENT | {"terminate", "error", "cancel", "compensate"},
    "sendTask": frozenset({"message"}),
    "receiveTask": frozenset({"message"}),
}
_in_utc = partial(times.next_moment, zone=UTC)
_OF_EVENT_SUBPROCESS = _COMES | {"error", "escalation", "compensate"}
_ALWAYS_INTERRUPT = frozenset({"error", "cancel"})


def event_findings(process: Process) -> Iterator[Finding]:
    """All findings about the events of a process."""
    elements = {element.id: element for element in process.elements}
    for element in process.elements:
        if element.kind in ("task", "manualTask"):
            yield finding("passes_through", element)
        if element.event is None:
            if element.kind in ("intermediateCatchEvent", "boundaryEvent"):
                yield finding("no_event_name", element, kind="event")
        elif not _is_supported(element, element.event, elements):
            yield finding("unsupported", element, tag=_tag(element.event))
        else:
            for event in element.events:
                yield from _definition(element, event, process)
        if not element.needs or not element.yields:
            yield finding("unsupported_attribute", element, tag="startQuantity, completionQuantity")
        if element.adhoc is not None and element.adhoc.sequential:
            yield finding("adhoc_order", element)
        joins = element.kind == "complexGateway" and sum(flow.target == element.id for flow in process.flows) > 1
        if joins and not element.activation:
            yield finding("no_condition", element)
        if element.instantiate and not _begins(element, elements, process):
            yield finding("unsupported_attribute", element, tag="instantiate")
        if element.kind == "boundaryEvent":
            yield from _boundary(element, elements, process)
        if element.triggered:
            yield from _event_subprocess(element, process)
    yield from _links(process)
    yield from _compensation(process, elements)
    yield from _event_gateways(process, elements)


def _tag(event: Event) -> str:
    return "several eventDefinitions" if event.kind == "multiple" else f"{event.kind}EventDefinition"


def _is_supported(element: Element, event: Event, elements: Mapping[str, Element]) -> bool:
    allowed = _allowed(element, elements)
    if not event.parts:
        return event.kind in allowed
    if event.every and element.kind != "intermediateCatchEvent":
        return False
    together = _TOGETHER - {"error"} if element.kind == "endEvent" else _TOGETHER
    return all(part.kind in allowed & together for part in event.parts)


def _allowed(element: Element, elements: Mapping[str, Element]) -> frozenset[str]:
    scope = elements.get(element.scope)
    allowed = _SUPPORTED.get(element.kind, frozenset())
    if element.kind == "startEvent" and scope is not None:
        inside = scope.scope in elements  # the process itself is never undone
        return _OF_EVENT_SUBPROCESS - (set() if inside else {"compensate"}) if scope.triggered else frozenset()
    if element.kind == "endEvent" and not (scope is not None and scope.transaction):
        return allowed - {"cancel"}
    host = elements.get(element.attached_to)
    if element.kind == "boundaryEvent" and not (host is not None and host.transaction):
        return allowed - {"cancel"}
    return allowed


def _definition(element: Element, event: Event, process: Process) -> Iterator[Finding]:
    waits = element.kind not in ("endEvent", "intermediateThrowEvent", "sendTask")
    if event.kind in ("message", "signal") and not event.name:
        yield finding("no_event_name", element, kind=event.kind)
    starts_case = element.kind == "startEvent" and element.scope == process.id
    if event.kind == "timer":
        yield from _timer(element, event, starts_case)
    if event.kind == "conditional" and not event.expression:
        yield finding("no_condition", element)
    if waits and event.kind in _ALWAYS_INTERRUPT and not element.interrupting:
        yield finding("unsupported_attribute", element, tag="cancelActivity")


def _timer(element: Element, event: Event, starts_case: bool) -> Iterator[Finding]:
    """What is written down must be readable; what starts a case by itself has no data to read, and leaves a minute."""
    try:
        text, is_read = _written(event)
    except BadExpression:
        return  # named as such elsewhere
    except ExpressionFailed:
        text, is_read = None, False
    if is_read and not starts_case:
        return
    if times.first_due(event.timer, text, times.SOME_DAY, _in_utc) is None:
        yield finding("bad_time", element, value=event.expression)
    elif starts_case and event.timer == "timeCycle" and times.is_hasty(str(text)):
        yield finding("too_often", element, value=event.expression)


def _written(event: Event) -> tuple[object, bool]:
    """The time that is written down, and whether it is read from data or the calendar instead."""
    if times.is_literal(event.expression) or not event.expression:
        return event.expression, False
    expression = compile_expression(event.expression)
    return expression.constant, bool(expression.reads or expression.asks)


def _begins(element: Element, elements: Mapping[str, Element], process: Process) -> bool:
    """Whether a process begins with nothing else than this element, so that what comes for it begins a case."""
    into = [flow.source for flow in process.flows if flow.target == element.id]
    if element.scope != process.id or element.kind not in ("receiveTask", "eventBasedGateway") or len(into) != 1:
        return False
    start = elements[into[0]]
    beside = sum(flow.source == start.id for flow in process.flows)
    return start.kind == "startEvent" and start.event is None and beside == 1


def _boundary(element: Element, elements: Mapping[str, Element], process: Process) -> Iterator[Finding]:
    host = elements.get(element.attached_to)
    led_to = any(flow.target == element.id for flow in process.flows)
    if host is None or host.kind not in ACTIVITIES or host.scope != element.scope or led_to or host.triggered:
        yield finding("bad_boundary", element)
    elif host.undoes:
        yield finding("bad_compensation", element)  # what is interrupted on the way is half undone


def _event_subprocess(element: Element, process: Process) -> Iterator[Finding]:
    starts = [each for each in process.elements if each.scope == element.id and each.kind == "startEvent"]
    if len(starts) != 1 or starts[0].event is None or element.loop is not None:
        yield finding("bad_event_subprocess", element)


def _links(process: Process) -> Iterator[Finding]:
    links = [element for element in process.elements if element.event is not None and element.event.kind == "link"]
    catching = Counter((e.scope, e.event.name) for e in links if e.event and e.kind == "intermediateCatchEvent")
    for element in links:
        if element.event is not None and catching[element.scope, element.event.name] != 1:
            yield finding("link_alone", element)


def _compensation(process: Process, elements: Mapping[str, Element]) -> Iterator[Finding]:
    """What undoes is led to from the boundary of what it undoes, and by nothing else."""
    undoing = [element for element in elements.values() if element.undoing]
    hosts = Counter(element.attached_to for element in undoing)
    handlers = Counter(element.handler for element in undoing)
    for element in undoing:
        handler, host = elements.get(element.handler), elements.get(element.attached_to)
        fits = handler is not None and handler.undoes and handler.scope == element.scope and handlers[handler.id] == 1
        if not fits or host is None or host.loop is not None or hosts[host.id] > 1:
            yield finding("bad_compensation", element)
    for element in elements.values():
        if element.undoes and not handlers[element.id]:
            yield finding("bad_compensation", element)
        if element.event is not None and element.event.kind == "compensate" and element.event.name:
            target, scope = elements.get(element.event.name), elements.get(element.scope)
            around = {element.scope, scope.scope if scope is not None and scope.triggered else element.scope}
            if target is None or target.kind not in ACTIVITIES or target.scope not in around:
                yield finding("bad_compensation", element)


def _comes_alone(event: Event | None) -> bool:
    return event is not None and event.kind not in ("link", "multiple")


def _event_gateways(process: Process, elements: Mapping[str, Element]) -> Iterator[Finding]:
    led_to = Counter(flow.target for flow in process.flows)
    for flow in process.flows:
        source, target = elements.get(flow.source), elements.get(flow.target)
        if source is not None and target is not None and source.kind == "eventBasedGateway":
            attached = any(each.attached_to == target.id for each in process.elements)
            waits = target.kind == "receiveTask" and target.loop is None and not attached
            event = target.kind == "intermediateCatchEvent" and _comes_alone(target.event)
            if not (waits or event) or led_to[target.id] > 1:
                yield finding("bad_event_gateway", source, target=target.name or target.id)
