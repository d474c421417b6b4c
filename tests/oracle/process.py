"""From a definition to SpiffWorkflow's specs, once per definition; all its cases share them and none changes them.

Not by SpiffWorkflow's own parser: it orders flows by the diagram's y position, recurses along the model and drops what
has no id. The definition has been read and checked already.
"""

# mypy: disallow-subclassing-any=False

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition, TerminateEventDefinition

from engine.bpmn import SCOPES, Element, Event, Flow, Loop, upstream
from engine.definitions import Definition
from engine.expressions import Expression, compile_expression, compile_script
from engine.times import is_literal
from tests.oracle import events, loops, specs

_NOTHING = Event("")


class Scope(BpmnProcessSpec):
    """The nodes of a process or sub-process, or the one node that a repeated activity repeats."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs.clear()  # SpiffWorkflow's own nodes, whose names a model may use
        self.begin = ""
        self.handlers: tuple[events.EventSubProcess, ...] = ()
        self.repeats: loops.Repeated | None = None
        self.adhoc = False
        self.firsts: tuple[str, ...] = ()
        self.undoer = ""


@dataclass(frozen=True, eq=False)
class Blueprint:
    """The specs of a definition: the process, and by name all scopes in it."""

    definition: Definition
    spec: Scope
    scopes: Mapping[str, Scope]
    waits: bool
    conditions: bool


@lru_cache(maxsize=512)
def blueprint(definition: Definition) -> Blueprint:
    """The specs of a definition."""
    scopes: dict[str, Scope] = {definition.key: Scope(definition.key)}
    for element in definition.elements.values():
        for name in (element.scope, *([element.inside] if element.kind in SCOPES else [])):
            scopes.setdefault(name, Scope(name))
    for element in definition.elements.values():
        _place(scopes, element)
    for scope in list(scopes.values()):
        flows = [flow for flow in definition.flows.values() if flow.scope == scope.name]
        _connect(scope, flows, definition.elements)
    for element in definition.elements.values():
        if element.triggered:
            _handler(scopes[element.scope], element, definition)
    kinds = {event.kind for element in definition.elements.values() for event in element.events}
    for holder in definition.elements.values() if "compensate" in kinds else ():
        if holder.kind in SCOPES:
            spec = _holding(scopes, holder)
            spec.holds_undoing, spec.undoer = True, scopes[holder.inside].undoer
    waits = bool(kinds & {"timer", "message", "signal", "conditional"})
    return Blueprint(definition, scopes[definition.key], scopes, waits, "conditional" in kinds)


def _holding(scopes: Mapping[str, Scope], element: Element) -> Any:
    scope = scopes[f"{element.id}*" if element.loop is not None else element.scope]
    return scope.task_specs[element.id]


def _place(scopes: dict[str, Scope], element: Element) -> None:
    """The spec of an element in its scope; of a repeated one there stands what repeats it, and a scope below has it."""
    scope = scopes[element.scope]
    if element.loop is not None:
        outer = _repeated(scope, element, element.loop)
        outer.label, outer.inner = f"{element.id}*", f"{element.id}*"
        scope = scopes[outer.inner] = Scope(outer.inner)
        scope.repeats = outer
    spec = _spec(scope, element)
    spec.label, spec.needs, spec.yields = element.id, element.needs, element.yields
    spec.before, spec.after = _assignments(element.before), _assignments(element.after)
    if element.adhoc is not None:
        scopes[element.inside].adhoc = True
    if element.kind == "startEvent" and (not scope.begin or element.event is None):
        scope.begin = element.id


def _common(element: Element) -> dict[str, Any]:
    return {"lane": element.lane, "bpmn_name": element.name, "documentation": element.documentation}


def _spec(scope: Scope, element: Element) -> Any:
    common, event = _common(element), element.event or _NOTHING
    match element.kind:
        case "startEvent":
            return specs.StartEvent(scope, element.id, NoneEventDefinition(), **common)
        case "endEvent" if event.kind and not element.terminates:
            return _throwing(events.ThrowingEnd(scope, element.id, NoneEventDefinition(), **common), element, event)
        case "endEvent":
            definition = TerminateEventDefinition() if element.terminates else NoneEventDefinition()
            end = specs.EndEvent(scope, element.id, definition, **common)
            end.terminates = element.terminates
            return end
        case "intermediateCatchEvent" if event.parts:
            several = events.Several(scope, element.id, **common)
            several.every = event.every
            several.parts = tuple(_parts(scope, element, events.Part))
            return several
        case "boundaryEvent" if event.parts:
            _parts(scope, element, events.BoundaryEvent)
            return specs.Pass(scope, element.id, **common)
        case "boundaryEvent" if event.kind == "compensate":
            return specs.Pass(scope, element.id, **common)
        case "intermediateCatchEvent" | "receiveTask" if event.kind != "link":
            return _waiting(events.CatchEvent(scope, element.id, **common), element, event)
        case "boundaryEvent":
            boundary = events.BoundaryEvent(scope, element.id, **common)
            boundary.interrupting = element.interrupting
            return _waiting(boundary, element, event)
        case "intermediateThrowEvent" | "sendTask" if event.kind not in ("", "link"):
            return _throwing(events.ThrowEvent(scope, element.id, **common), element, event)
        case "eventBasedGateway":
            return events.EventGateway(scope, element.id, **common)
        case "userTask":
            return specs.UserTask(scope, element.id, **common)
        case "scriptTask":
            script = specs.ScriptTask(scope, element.id, element.script, **common)
            script.code = compile_script(element.script)
            return script
        case "serviceTask":
            service = specs.ServiceTask(scope, element.id, **common)
            service.operator, service.result = element.operator or "", element.result
            service.parameters = {name: compile_expression(text) for name, text in element.parameters.items()}
            return service
        case "subProcess" | "callActivity":
            kind = events.EventSubProcess if element.triggered else specs.AdHoc if element.adhoc else specs.SubProcess
            holder = kind(scope, element.id, subworkflow_spec=element.inside, **common)
            holder.inner = element.inside
            if element.adhoc is not None:
                holder.sequential, holder.cancels = element.adhoc.sequential, element.adhoc.cancels
                text = element.adhoc.condition
                holder.condition = compile_expression(text) if text else None
            return holder
        case "complexGateway":
            gateway = specs.ComplexGateway(scope, element.id, **common)
            gateway.activation = compile_expression(element.activation) if element.activation else None
            return gateway
        case "exclusiveGateway":
            return specs.ExclusiveGateway(scope, element.id, **common)
        case "parallelGateway":
            return specs.ParallelGateway(scope, element.id, **common)
        case "inclusiveGateway":
            return specs.InclusiveGateway(scope, element.id, **common)
    return specs.Pass(scope, element.id, **common)


def _parts(scope: Scope, element: Element, kind: type[Any], start: Element | None = None) -> list[Any]:
    """A node for each of the several events that an element, or the start of what it is, waits for."""
    told = start or element
    made = []
    for number, event in enumerate(told.events, 1):
        name = f"{element.id}#{number}"
        options = {"subworkflow_spec": element.inside} if element.triggered else {}
        part = kind(scope, name, **options, **_common(element))
        part.label, part.interrupting = name, told.interrupting
        part.inner = element.inside
        made.append(_waiting(part, told, event))
    return made


def _assignments(said: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Expression], ...]:
    return tuple((name, compile_expression(text)) for name, text in said)


def _waiting(spec: events.Waiting, element: Element, event: Event) -> events.Waiting:
    spec.event = event
    if event.kind in ("timer", "conditional"):
        literal = event.kind == "timer" and is_literal(event.expression)
        spec.expression = event.expression if literal else compile_expression(event.expression)
    spec.correlation = _correlation(element)
    return spec


def _throwing(spec: Any, element: Element, event: Event) -> Any:
    spec.thrown = event.parts or (event,)
    spec.payloads = tuple(compile_expression(e.expression) if e.expression else None for e in spec.thrown)
    spec.terminates = any(each.kind == "terminate" for each in spec.thrown)
    spec.correlation = _correlation(element)
    return spec


def _correlation(element: Element) -> Expression | None:
    text = element.properties.get("correlation")
    return compile_expression(text) if text else None


def _repeated(scope: Scope, element: Element, loop: Loop) -> loops.Repeated:
    kind = loops.StandardLoop if loop.kind == "standard" else loops.MultiInstance
    spec = kind(scope, element.id, **_common(element))
    spec.loop = loop
    spec.condition = compile_expression(loop.condition) if loop.condition else None
    if isinstance(spec, loops.StandardLoop):
        spec.maximum = int(loop.maximum) if loop.maximum else None
    else:
        spec.count = compile_expression(loop.collection or loop.cardinality)
    return spec


def _connect(scope: Scope, flows: list[Flow], elements: Mapping[str, Element]) -> None:
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    incoming: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
    of = {name: elements[name.partition("#")[0]] for name in scope.task_specs}
    undoing = [e for e in of.values() if e.event is not None and e.event.kind == "compensate" and e.attached_to]
    undone = {e.attached_to: e.handler for e in undoing}
    hosts = {name: e.attached_to for name, e in of.items() if e.attached_to and e not in undoing}
    if scope.adhoc:
        beside = {e.id for e in of.values() if e.attached_to or e.triggered or e.undoes}
        scope.firsts = tuple(name for name in of if not incoming[name] and name not in beside and "#" not in name)
    for name, node in scope.task_specs.items():
        node.outgoing, node.incoming = tuple(outgoing[name]), tuple(incoming[name])
        if scope.repeats is None:
            node.boundary = tuple(
                spec for each, spec in scope.task_specs.items() if hosts.get(each) == name and hasattr(spec, "event")
            )
            node.undo = undone.get(name, "")
        default = of[name].default
        node.default = next((flow for flow in node.outgoing if flow.id == default), None)
        node.conditions = tuple((f, _condition(f)) for f in node.outgoing if f is not node.default)
        node.conditional = node.default is not None or any(condition for _, condition in node.conditions)
        if isinstance(node, specs.InclusiveGateway | specs.ComplexGateway):
            node.reach = {flow.id: upstream(flow, incoming, hosts) for flow in node.incoming}


def _handler(scope: Scope, element: Element, definition: Definition) -> None:
    """An event sub-process waits for what its start event says."""
    start = next(e for e in definition.elements.values() if e.scope == element.id and e.kind == "startEvent")
    if start.event is not None and start.event.kind == "compensate":
        scope.undoer = element.id
        return
    if start.event is not None and start.event.parts:
        scope.handlers = (*scope.handlers, *_parts(scope, element, events.EventSubProcess, start))
        return
    spec = scope.task_specs[element.id]
    spec.interrupting = start.interrupting
    _waiting(spec, start, start.event or _NOTHING)
    scope.handlers = (*scope.handlers, spec)


def _condition(flow: Flow) -> Any:
    return None if flow.condition is None else compile_expression(flow.condition)
