"""From a definition to SpiffWorkflow's specs, once per definition; all its cases share them and none changes them.

Not by SpiffWorkflow's own parser: it orders flows by the diagram's y position and drops what has no id. The definition
has been read and checked already. A name with an apostrophe is of a spec that no element stands for.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.bpmn import SCOPES, Element, Event, Flow, Loop, upstream
from engine.checker import given
from engine.definitions import Definition
from engine.expressions import compile_expression
from engine.runtime import catching, events, joins, loops, specs
from engine.times import is_literal

_NOTHING = Event("")
_PLAIN: dict[str, type[specs.Node]] = {
    "userTask": specs.UserTask,
    "exclusiveGateway": specs.ExclusiveGateway,
    "parallelGateway": joins.ParallelGateway,
    "inclusiveGateway": joins.InclusiveGateway,
    "complexGateway": joins.ComplexGateway,
}
_LOOPS = {
    "standard": loops.StandardLoopTask,
    "parallel": loops.ParallelMultiInstanceTask,
    "sequential": loops.SequentialMultiInstanceTask,
}
_EVENTS: dict[str, Any] = {
    "intermediateCatchEvent": catching.IntermediateCatchEvent,
    "receiveTask": catching.ReceiveTask,
    "intermediateThrowEvent": catching.IntermediateThrowEvent,
    "sendTask": catching.SendTask,
    "endEvent": catching.EndEvent,
}


@dataclass(frozen=True, eq=False)
class Blueprint:
    """The specs of a definition: the process, and by name all scopes in it."""

    definition: Definition
    spec: specs.Process
    scopes: Mapping[str, specs.Process]


@lru_cache(maxsize=512)
def blueprint(definition: Definition, start: str | None = None) -> Blueprint:
    """The specs of a definition, whose cases begin at that element; else at the plain start event."""
    build = _Build(definition, start)
    return Blueprint(definition, build.scopes[definition.key], build.scopes)


class _Build:
    def __init__(self, definition: Definition, start: str | None) -> None:
        self.elements, self.key, self.start = definition.elements, definition.key, start
        self.own = definition.own_data
        self.inside: dict[str, list[Element]] = defaultdict(list)
        self.flows: dict[str, list[Flow]] = defaultdict(list)
        for element in definition.elements.values():
            self.inside[element.scope].append(element)
        for flow in definition.flows.values():
            self.flows[flow.scope].append(flow)
        called = {e.inside for e in definition.elements.values() if e.kind in SCOPES}
        self.scopes = {name: specs.Process(name) for name in (definition.key, *called)}
        for name in self.scopes:
            _Scope(self, name).connect()
        if any(event.kind == "compensate" for e in definition.elements.values() for event in e.events):
            self.hold_undoing()

    def hold_undoing(self) -> None:
        """Sub-processes remember what was completed in them, and know what undoes it."""
        for scope in self.scopes.values():
            for element in self.inside[scope.name]:
                if element.kind in SCOPES:
                    spec = scope.of(element.id)
                    spec.holds_undoing, spec.undoer = True, self.scopes[element.inside].undoer

    def start_of(self, element: Element) -> Element:
        """The start event of an event sub-process."""
        return next(each for each in self.inside[element.id] if each.kind == "startEvent")


class _Scope:
    """The building of one scope: its nodes, then what leads from one to the next."""

    def __init__(self, build: _Build, name: str) -> None:
        self.build, self.spec = build, build.scopes[name]
        self.elements = {element.id: element for element in build.inside[name]}
        self.holder = build.elements.get(name)
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        for flow in build.flows[name]:
            self.outgoing[flow.source].append(flow)
            self.incoming[flow.target].append(flow)
        # What a token comes to first, and what it leaves last; two nodes where something waits on a boundary.
        self.first: dict[str, Any] = {}
        self.last: dict[str, Any] = {}

    def connect(self) -> None:
        """Make all specs of the scope and connect them."""
        for element in self.elements.values():
            self.place(element)
        for element in self.elements.values():
            if element.attached_to and not element.undoing:
                self.bound(element)
        for element in self.elements.values():
            if element.needs > 1:
                self.gather(element)
            if element.triggered:
                self.listen(element)
        for element in self.elements.values():
            self.lead_on(element)
        self.lead_in()

    def place(self, element: Element) -> None:
        """The spec of an element; of a repeated one, what repeats it comes first."""
        name = specs.name_of(element.id)
        if element.loop is None:
            spec = made = self.made(element, name)
        else:
            made = self.made(element, f"{name} [child]")
            spec = self.repeated(element, element.loop, name, made.name)
            made.inputs = [spec]
            made.completed_event.connect(spec.merge_child)
            spec.label = f"{element.id}*"
        made.label = element.id
        spec.yields = element.yields
        before = [specs.Assign(name, compile_expression(text)) for name, text in element.before]
        encloses = element.id in self.build.own
        made.post_assign = [specs.Assign(name, compile_expression(text), encloses) for name, text in element.after]
        if isinstance(made, specs.Holder):
            made.before, made.encloses, made.gives = tuple(before), encloses, tuple(given(element))
        else:
            made.pre_assign = before
        for each in (spec, made):
            each.bpmn_id = element.id
        self.first[element.id] = self.last[element.id] = spec

    def made(self, element: Element, name: str) -> Any:
        """The node of an element, by itself."""
        common = {"lane": element.lane, "bpmn_name": element.name, "documentation": element.documentation}
        event, kind = element.event or _NOTHING, element.kind
        if kind == "startEvent":
            return specs.StartEvent(self.spec, name, NoneEventDefinition(), **common)
        if kind == "endEvent" or (kind in _EVENTS and event.kind not in ("", "link")):
            spec = _EVENTS[kind](self.spec, name, self.definition(element, event), **common)
            if kind == "endEvent":
                spec.terminates = any(part.kind == "terminate" for part in element.events)
            return spec
        if kind == "boundaryEvent" and not (event.parts or element.undoing):
            definition = self.definition(element, event)
            return catching.BoundaryEvent(self.spec, name, definition, element.interrupting, **common)
        if kind == "eventBasedGateway":
            return catching.EventBasedGateway(self.spec, name, events.Several(), **common)
        if kind == "scriptTask":
            return specs.ScriptTask(self.spec, name, element.script, **common)
        if kind == "serviceTask":
            service = specs.ServiceTask(self.spec, name, **common)
            service.operator, service.result = element.operator or "", element.result
            service.parameters = {name: compile_expression(text) for name, text in element.parameters.items()}
            return service
        if kind in SCOPES:
            return self.holding(element, name, common)
        spec = _PLAIN.get(kind, specs.Pass)(self.spec, name, **common)
        if element.activation:
            spec.activation = compile_expression(element.activation)
        return spec

    def holding(self, element: Element, name: str, common: Mapping[str, Any]) -> Any:
        """What holds a scope of its own."""
        if element.adhoc is not None:
            spec = specs.AdHocSubprocess(self.spec, name, subworkflow_spec=element.inside, **common)
            spec.sequential, spec.cancels = element.adhoc.sequential, element.adhoc.cancels
            spec.condition = compile_expression(element.adhoc.condition) if element.adhoc.condition else None
            return spec
        if element.triggered:
            return specs.EventSubprocess(self.spec, name, subworkflow_spec=element.inside, **common)
        if element.transaction:
            return specs.TransactionSubprocess(self.spec, name, subworkflow_spec=element.inside, **common)
        kind = specs.CallActivity if element.kind == "callActivity" else specs.SubWorkflowTask
        return kind(self.spec, name, subworkflow_spec=element.inside, **common)

    def repeated(self, element: Element, loop: Loop, name: str, instance: str) -> Any:
        """What repeats an activity."""
        options: dict[str, Any] = {"task_spec": instance, "condition": loop.condition or None}
        if loop.kind == "standard":
            maximum = int(loop.maximum) if loop.maximum else None
            options |= {"maximum": maximum, "test_before": loop.test_before}
        spec: Any = _LOOPS[loop.kind](self.spec, name, lane=element.lane, bpmn_name=element.name, **options)
        spec.loop = loop
        spec.ends = compile_expression(loop.condition) if loop.condition else None
        if loop.kind != "standard":
            spec.count = compile_expression(loop.collection or loop.cardinality)
        return spec

    def definition(self, element: Element, event: Event) -> Any:
        """What an element waits for or throws."""
        if event.parts:
            several = events.Several([self.one(element, part) for part in event.parts], event.every)
            several.places = [(f"{element.id}#{n}", element.id, "") for n in range(1, len(event.parts) + 1)]
            return several
        return self.one(element, event)

    def one(self, element: Element, event: Event) -> Any:
        expression: Any = event.expression or None
        if expression is not None and not (event.kind == "timer" and is_literal(expression)):
            expression = compile_expression(expression)
        said = element.properties.get("correlation")
        return events.definition(event, expression, compile_expression(said) if said else None)

    def bound(self, element: Element) -> None:
        """Let an event wait on the boundary of its activity."""
        host = element.attached_to
        if self.first[host] is self.last[host]:
            split = specs.BoundaryEventSplit(self.spec, f"{host}'split")
            split.bpmn_id, split.noted = host, False
            join = specs.BoundaryEventJoin(self.spec, f"{host}'join", split_task=split.name, cancel=True)
            split.connect(self.last[host])
            self.last[host].connect(join)
            self.first[host] = split
        join = self.spec.task_specs[f"{host}'join"]
        for event in self.boundary_events(element, element, catching.BoundaryEvent):
            self.first[host].connect(event)
            if event.cancel_activity:
                event.connect(join)
            if event is not self.last[element.id]:
                event.connect(self.first[element.id])

    def gather(self, element: Element) -> None:
        """Let tokens wait before an activity until there are as many as it needs."""
        gathering = joins.Gathering(self.spec, f"{element.id}'gathering", bpmn_name=element.name)
        gathering.bpmn_id, gathering.needs = element.id, element.needs
        gathering.connect(self.first[element.id])
        self.first[element.id] = gathering

    def boundary_events(self, element: Element, told: Element, kind: Any) -> list[Any]:
        """What waits for an event; of several events, each by itself."""
        event = told.event or _NOTHING
        if kind is catching.BoundaryEvent and not event.parts:
            return [self.last[element.id]]
        made = []
        for n, part in enumerate(event.parts or (event,), 1):
            name = f"{element.id}#{n}" if event.parts else f"{element.id}'event"
            spec = kind(self.spec, name, self.one(told, part), told.interrupting, bpmn_name=element.name)
            spec.bpmn_id, spec.noted = element.id, False
            spec.label = name if event.parts else element.id
            made.append(spec)
        return made

    def listen(self, element: Element) -> None:
        """Let an event sub-process wait for what its start event says, from the start of its scope on."""
        start = self.build.start_of(element)
        handler = self.last[element.id]
        if start.event is not None and start.event.kind == "compensate":
            self.spec.undoer = element.id
            return
        for listener in self.boundary_events(element, start, catching.Listener):
            self.spec.start.connect(listener)
            listener.connect(handler)

    def lead_in(self) -> None:
        """Where the scope begins: at its start event, or one by one where it is ad hoc."""
        if self.holder is not None and self.holder.adhoc is not None:
            for element in self.elements.values():
                if self.is_first(element):
                    first = self.first[element.id]
                    first.inputs = [self.spec.start]
                    self.spec.firsts.append(first.name)
            self.spec.start.connect(self.spec.end)
            return
        begin = self.build.start if self.spec.name == self.build.key else None
        starts = [e for e in self.elements.values() if e.kind == "startEvent"]
        plain = [e for e in starts if e.event is None] or starts[:1]
        self.spec.start.connect(self.first[begin or plain[-1].id])

    def is_first(self, element: Element) -> bool:
        aside = element.attached_to or element.triggered or element.undoes
        return not (self.incoming[element.id] or aside)

    def lead_on(self, element: Element) -> None:
        """What comes after an element."""
        node = self.last[element.id]
        if element.undoing:
            self.last[element.attached_to].undo = element.handler
            return
        if element.undoes or element.id == self.spec.undoer:
            node.inputs = [self.spec.start]
            return
        flows = self.outgoing[element.id]
        targets = [self.towards(flow, flows) for flow in flows]
        if isinstance(node, joins.Join):
            hosts = {e.id: e.attached_to for e in self.elements.values() if e.attached_to and not e.undoing}
            node.reach = {f.id: upstream(f, self.incoming, hosts) for f in self.incoming[element.id]}
        if not flows:
            node.connect(self.spec.end)
        elif element.kind in ("parallelGateway", "eventBasedGateway"):
            for target in targets:
                node.connect(target)
        elif element.kind in ("exclusiveGateway", "inclusiveGateway"):
            self.choose(element, node, flows, targets)
        elif element.default or any(flow.condition for flow in flows):
            choice = specs.Choice(self.spec, f"{element.id}'choice")
            choice.bpmn_id, choice.bpmn_name, choice.label = element.id, element.name, element.id
            node.connect(choice)
            node = choice
            self.choose(element, choice, flows, targets)
        else:
            for target in targets:
                node.connect(target)
        if element.kind == "eventBasedGateway":
            node.event_definition.places = [(flow.target, flow.target, flow.id) for flow in flows]
        for flow, target in zip(flows, targets, strict=True):
            self.spec.flows[node.name, target.name] = flow

    def towards(self, flow: Flow, flows: list[Flow]) -> Any:
        """The first spec of a flow's target; a second flow to the same one goes by a spec of its own."""
        target = self.first[flow.target]
        if next(each for each in flows if each.target == flow.target) is flow:
            return target
        way = specs.Node(self.spec, f"{flow.id}'flow")
        way.connect(target)
        return way

    def choose(self, element: Element, node: Any, flows: list[Flow], targets: list[Any]) -> None:
        """Connect by conditions, in order; what an exclusive gateway takes when none holds comes last."""
        name, exclusive = element.name or element.id, element.kind == "exclusiveGateway"
        tests = {f.id: specs.Condition(compile_expression(f.condition) if f.condition else None) for f in flows}
        others = tuple(test for flow, test in tests.items() if flow != element.default and test.condition is not None)
        otherwise = specs.Otherwise(name, () if exclusive else others, element.default is not None)
        ways = [(flow.id, target) for flow, target in zip(flows, targets, strict=True)]
        if exclusive:
            ways.sort(key=lambda way: way[0] == element.default)
        for flow, target in ways:
            node.connect_if(otherwise if flow == element.default else tests[flow], target)
        free = not exclusive and any(test.condition is None for test in tests.values())
        if element.default is None and not free:
            node.connect_if(otherwise, self.spec.end)
