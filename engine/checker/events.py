"""Whether every event says what it waits for or throws, and stands where that works."""

from collections import Counter
from collections.abc import Iterator, Mapping

from engine import times
from engine.bpmn import ACTIVITIES, Element, Event, Process
from engine.checker.findings import Finding, finding
from engine.expressions import BadExpression, ExpressionFailed, compile_expression

_COMES = frozenset({"timer", "message", "signal", "conditional"})
_SUPPORTED: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"message", "signal", "timer"}),
    "intermediateCatchEvent": _COMES | {"link"},
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "link"}),
    "boundaryEvent": _COMES | {"error", "escalation", "cancel"},
    "endEvent": frozenset({"terminate", "message", "signal", "error", "escalation", "cancel"}),
    "sendTask": frozenset({"message"}),
    "receiveTask": frozenset({"message"}),
}
_OF_EVENT_SUBPROCESS = _COMES | {"error", "escalation"}
_ALWAYS_INTERRUPT = frozenset({"error", "cancel"})


def event_findings(process: Process) -> Iterator[Finding]:
    """All findings about the events of a process."""
    elements = {element.id: element for element in process.elements}
    for element in process.elements:
        if element.kind in ("task", "manualTask"):
            yield finding("passes_through", element)
        if element.event is None:
            yield from _without(element)
        elif element.event.kind not in _allowed(element, elements):
            yield finding("unsupported", element, tag=_tag(element.event))
        else:
            yield from _definition(element, element.event, process)
        if element.instantiate and not _begins(element, elements, process):
            yield finding("unsupported_attribute", element, tag="instantiate")
        if element.kind == "boundaryEvent":
            yield from _boundary(element, elements, process)
        if element.triggered:
            yield from _event_subprocess(element, process)
    yield from _links(process)
    yield from _event_gateways(process, elements)


def _tag(event: Event) -> str:
    return "several eventDefinitions" if event.kind == "multiple" else f"{event.kind}EventDefinition"


def _allowed(element: Element, elements: Mapping[str, Element]) -> frozenset[str]:
    scope = elements.get(element.scope)
    allowed = _SUPPORTED.get(element.kind, frozenset())
    if element.kind == "startEvent" and scope is not None:
        return _OF_EVENT_SUBPROCESS if scope.triggered else frozenset()
    if element.kind == "endEvent" and not (scope is not None and scope.transaction):
        return allowed - {"cancel"}
    host = elements.get(element.attached_to)
    if element.kind == "boundaryEvent" and not (host is not None and host.transaction):
        return allowed - {"cancel"}
    return allowed


def _without(element: Element) -> Iterator[Finding]:
    if element.kind in ("intermediateCatchEvent", "boundaryEvent"):
        yield finding("no_event_name", element, kind="event")


def _definition(element: Element, event: Event, process: Process) -> Iterator[Finding]:
    waits = element.kind not in ("endEvent", "intermediateThrowEvent", "sendTask")
    if event.kind in ("message", "signal") and not event.name:
        yield finding("no_event_name", element, kind=event.kind)
    starts_case = element.kind == "startEvent" and element.scope == process.id
    if event.kind == "timer" and not _is_time(event, starts_case):
        yield finding("bad_time", element, value=event.expression)
    if event.kind == "conditional" and not event.expression:
        yield finding("no_condition", element)
    if waits and event.kind in _ALWAYS_INTERRUPT and not element.interrupting:
        yield finding("unsupported_attribute", element, tag="cancelActivity")


def _is_time(event: Event, starts_case: bool) -> bool:
    """What is written down must be readable; what starts a case by itself has no data to read."""
    if not event.timer or not event.expression:
        return False
    text: object = event.expression
    if not times.is_literal(event.expression):
        try:
            expression = compile_expression(event.expression)
            text = expression.constant
        except BadExpression:
            return True  # named as such elsewhere
        except ExpressionFailed:
            return False
        if expression.reads:
            return not starts_case
    return times.first_due(event.timer, text, times.SOME_DAY) is not None


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


def _event_gateways(process: Process, elements: Mapping[str, Element]) -> Iterator[Finding]:
    led_to = Counter(flow.target for flow in process.flows)
    for flow in process.flows:
        source, target = elements.get(flow.source), elements.get(flow.target)
        if source is not None and target is not None and source.kind == "eventBasedGateway":
            attached = any(each.attached_to == target.id for each in process.elements)
            waits = target.kind == "receiveTask" and target.loop is None and not attached
            event = target.kind == "intermediateCatchEvent" and target.event is not None and target.event.kind != "link"
            if not (waits or event) or led_to[target.id] > 1:
                yield finding("bad_event_gateway", source, target=target.name or target.id)
