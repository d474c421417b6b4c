"""From a definition to SpiffWorkflow's specs, once per definition; all its cases share them and none changes them.

Not by SpiffWorkflow's own parser: it orders flows by the diagram's y position and drops what has no id. The definition
has been read and checked already. A name with an apostrophe is of a spec that no element stands for.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition

from engine.bpmn import CHOOSING, SCOPES, Element, Event, Flow, Loop, upstream
from engine.checker import given
from engine.definitions import Definition
from engine.expressions import Expression, compile_expression
from engine.runtime import catching, events, joins, loops, specs
from engine.times import is_literal

_NOTHING = Event("")
_KINDS: dict[str, Any] = {
    "userTask": specs.UserTask,
    "scriptTask": specs.ScriptTask,
    "serviceTask": specs.ServiceTask,
    "sendTask": catching.SendTask,
    "receiveTask": catching.ReceiveTask,
    "subProcess": specs.SubWorkflowTask,
    "callActivity": specs.CallActivity,
    "exclusiveGateway": specs.ExclusiveGateway,
    "parallelGateway": joins.ParallelGateway,
    "inclusiveGateway": joins.InclusiveGateway,
    "complexGateway": joins.ComplexGateway,
    "eventBasedGateway": catching.EventBasedGateway,
    "startEvent": specs.StartEvent,
    "intermediateCatchEvent": catching.IntermediateCatchEvent,
    "intermediateThrowEvent": catching.IntermediateThrowEvent,
    "boundaryEvent": catching.BoundaryEvent,
    "endEvent": catching.EndEvent,
}
_OF_EVENTS = {"sendTask", "receiveTask", "intermediateCatchEvent", "intermediateThrowEvent"}
_LOOPS: dict[str, Any] = {
    "standard": loops.StandardLoopTask,
    "parallel": loops.ParallelMultiInstanceTask,
    "sequential": loops.SequentialMultiInstanceTask,
}


def can_run(definition: Definition) -> bool:
    """Whether there are specs for a definition; for those that the checker lets through, there always are."""
    try:
        blueprint(definition)
    except Exception:  # it was deployed by another version, and may lack anything
        return False
    return True


@lru_cache(maxsize=512)
def blueprint(definition: Definition, start: str | None = None) -> Mapping[str, specs.Process]:
    """The specs of a definition's process and of all scopes in it, by name.

    Its cases begin at the element `start`; else at the plain start event.
    """
    holders = [element for element in definition.elements.values() if element.kind in SCOPES]
    scopes = {name: specs.Process(name) for name in (definition.key, *(holder.inside for holder in holders))}
    for spec in scopes.values():
        spec.lists = _lists(definition, holders, spec.name)
        _Scope(definition, spec, start).connect()
    if any(event.kind == "compensate" for element in definition.elements.values() for event in element.events):
        for holder in holders:  # they remember what was completed in them, and know what undoes it
            node = scopes[holder.scope].of(holder.id)
            node.holds_undoing, node.undoer = True, scopes[holder.inside].undoer
    return scopes


def _lists(definition: Definition, holders: Sequence[Element], level: str) -> dict[str, Any]:
    """An empty list under each name to which what a level holds gives, at any depth that shares its data."""
    found, ahead, seen = dict[str, Any](), [level], set[str]()
    while ahead:
        level = ahead.pop()
        held = [] if level in seen else [each for each in holders if each.scope == level]
        found |= {name: [] for each in held if each.id in definition.own_data for name in given(each)}
        ahead += [each.inside for each in held if each.id not in definition.own_data]
        seen.add(level)
    return found


class _Scope:
    """The building of one scope: its nodes, then what leads from one to the next."""

    def __init__(self, definition: Definition, spec: specs.Process, start: str | None) -> None:
        self.definition, self.spec, self.start = definition, spec, start
        self.elements = [element for element in definition.elements.values() if element.scope == spec.name]
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.incoming: dict[str, list[Flow]] = defaultdict(list)
        for flow in definition.flows.values():
            if flow.scope == spec.name:
                self.outgoing[flow.source].append(flow)
                self.incoming[flow.target].append(flow)
        # What a token comes to first, and what it leaves last; two nodes where something waits on a boundary.
        self.first: dict[str, Any] = {}
        self.last: dict[str, Any] = {}

    def connect(self) -> None:
        """Make all specs of the scope and connect them."""
        for element in self.elements:
            self.place(element)
        for element in self.elements:
            if element.attached_to and not element.undoing:
                self.bound(element)
        for element in self.elements:
            if element.needs > 1:
                self.gather(element)
            if element.triggered:
                self.listen(element)
        for element in self.elements:
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
        encloses = element.id in self.definition.own_data
        made.post_assign = [specs.Assign(name, compile_expression(text), encloses) for name, text in element.after]
        if isinstance(made, specs.Holder):
            made.before, made.encloses, made.gives = tuple(before), encloses, tuple(given(element))
        else:
            made.pre_assign = before
        for each in (spec, made):
            each.bpmn_id = element.id
        self.first[element.id] = self.last[element.id] = spec

    def made(self, element: Element, name: str) -> Any:
        """The node of an element, by itself; of what an element says, each kind takes what it has a use for."""
        spec = _kind(element)(
            self.spec,
            name,
            lane=element.lane,
            bpmn_name=element.name,
            documentation=element.documentation,
            script=element.script,
            subworkflow_spec=element.inside,
            event_definition=self.defined(element),
            cancel_activity=element.interrupting,
        )
        if element.kind == "endEvent":
            spec.terminates = any(event.kind == "terminate" for event in element.events)
        if element.kind == "serviceTask":
            spec.operator, spec.result = element.operator or "", element.result
            spec.parameters = {name: compile_expression(text) for name, text in element.parameters.items()}
        if element.kind == "complexGateway":
            spec.activation = _compiled(element.activation)
        if element.adhoc is not None:
            spec.sequential, spec.cancels = element.adhoc.sequential, element.adhoc.cancels
            spec.condition = _compiled(element.adhoc.condition)
        return spec

    def repeated(self, element: Element, loop: Loop, name: str, instance: str) -> Any:
        """What repeats an activity."""
        spec = _LOOPS[loop.kind](
            self.spec,
            name,
            lane=element.lane,
            bpmn_name=element.name,
            task_spec=instance,
            condition=_compiled(loop.condition),
            cardinality=_compiled(loop.collection or loop.cardinality),
            maximum=int(loop.maximum) if loop.maximum else None,
            test_before=loop.test_before,
        )
        spec.loop = loop
        return spec

    def defined(self, element: Element) -> Any:
        """What an element waits for or throws."""
        event = element.event or _NOTHING
        if element.kind == "eventBasedGateway":
            return events.Several()
        if element.kind == "startEvent":
            return NoneEventDefinition()
        if not event.parts:
            return _one(element, event)
        several = events.Several([_one(element, part) for part in event.parts], event.every)
        several.places = [(f"{element.id}#{n}", element.id, "") for n in range(1, len(event.parts) + 1)]
        return several

    def bound(self, element: Element) -> None:
        """Let an event wait on the boundary of its activity."""
        host, event = element.attached_to, self.last[element.id]
        if self.first[host] is self.last[host]:
            split = specs.BoundaryEventSplit(self.spec, f"{host}'split")
            split.bpmn_id, split.noted = host, False
            join = specs.BoundaryEventJoin(self.spec, f"{host}'join", split_task=split.name, cancel=True)
            split.connect(self.last[host])
            self.last[host].connect(join)
            self.first[host] = split
        several = isinstance(event, specs.Pass)
        for each in self.waiting(element, element, catching.BoundaryEvent) if several else [event]:
            self.first[host].connect(each)
            if each.cancel_activity:
                each.connect(self.spec.task_specs[f"{host}'join"])
            if several:
                each.connect(event)

    def listen(self, element: Element) -> None:
        """Let an event sub-process wait for what its start event says, from the start of its scope on."""
        inside = self.definition.elements.values()
        start = next(each for each in inside if each.scope == element.id and each.kind == "startEvent")
        if start.event is not None and start.event.kind == "compensate":
            self.spec.undoer = element.id
            return
        for listener in self.waiting(element, start, catching.Listener):
            self.spec.start.connect(listener)
            listener.connect(self.last[element.id])

    def waiting(self, element: Element, told: Element, kind: Any) -> list[Any]:
        """What waits for the event of an element; of several events, each by itself."""
        made, several = [], bool(told.event and told.event.parts)
        for n, event in enumerate(told.events, 1):
            name = f"{element.id}#{n}" if several else f"{element.id}'event"
            spec = kind(self.spec, name, _one(told, event), told.interrupting, bpmn_name=element.name)
            spec.bpmn_id, spec.noted, spec.label = element.id, False, name if several else element.id
            made.append(spec)
        return made

    def gather(self, element: Element) -> None:
        """Let tokens wait before an activity until there are as many as it needs."""
        gathering = joins.Gathering(self.spec, f"{element.id}'gathering", bpmn_name=element.name)
        gathering.bpmn_id, gathering.needs = element.id, element.needs
        gathering.connect(self.first[element.id])
        self.first[element.id] = gathering

    def lead_in(self) -> None:
        """Where the scope begins: at its start event, or one by one where it is ad hoc."""
        holder = self.definition.elements.get(self.spec.name)
        if holder is not None and holder.adhoc is not None:
            for element in self.elements:
                if not (self.incoming[element.id] or element.attached_to or element.triggered or element.undoes):
                    first = self.first[element.id]
                    first.inputs = [self.spec.start]
                    self.spec.firsts.append(first.name)
            self.spec.start.connect(self.spec.end)
            return
        begin = self.start if self.spec.name == self.definition.key else None
        starts = [e for e in self.elements if e.kind == "startEvent"]
        plain = [e for e in starts if e.event is None] or starts[:1]
        self.spec.start.connect(self.first[begin or plain[-1].id])

    def lead_on(self, element: Element) -> None:
        """What comes after an element."""
        node, flows = self.last[element.id], self.outgoing[element.id]
        if element.undoing:
            self.last[element.attached_to].undo = element.handler
            return
        if element.undoes or element.id == self.spec.undoer:
            node.inputs = [self.spec.start]
            return
        if isinstance(node, joins.Join):
            hosts = {e.id: e.attached_to for e in self.elements if e.attached_to and not e.undoing}
            node.reach = {f.id: upstream(f, self.incoming, hosts) for f in self.incoming[element.id]}
        if element.kind == "eventBasedGateway":
            node.event_definition.places = [(flow.target, flow.target, flow.id) for flow in flows]
        chooses, said = element.kind in CHOOSING, element.default or any(flow.condition for flow in flows)
        if flows and said and not chooses and element.kind not in ("parallelGateway", "eventBasedGateway"):
            choice = specs.Choice(self.spec, f"{element.id}'choice")
            choice.bpmn_id, choice.bpmn_name, choice.label = element.id, element.name, element.id
            node.connect(choice)
            node, chooses = choice, True
        targets = [self.towards(flow, flows) for flow in flows]
        if flows and chooses:
            self.choose(element, node, flows, targets)
        else:
            for target in targets or [self.spec.end]:
                node.connect(target)
        for flow, target in zip(flows, targets, strict=True):
            self.spec.flows[node.name, target.name] = flow

    def towards(self, flow: Flow, flows: list[Flow]) -> Any:
        """The first spec of a flow's target; a second flow to the same one goes by a spec of its own."""
        target = self.first[flow.target]
        if next(each for each in flows if each.target == flow.target) is flow:
            return target
        way = specs.Node(self.spec, f"{flow.id}'flow")  # SpiffWorkflow takes the second for the first
        way.connect(target)
        return way

    def choose(self, element: Element, node: Any, flows: list[Flow], targets: list[Any]) -> None:
        """Connect by conditions, in order; an exclusive gateway asks for its default last, when none has held."""
        exclusive = element.kind == "exclusiveGateway"
        tests = [specs.Condition(None if flow.id == element.default else _compiled(flow.condition)) for flow in flows]
        others = [test for test in tests if test.condition is not None]
        ways = list(zip(flows, tests, targets, strict=True))
        if exclusive:
            ways.sort(key=lambda way: way[0].id == element.default)
        for flow, test, target in ways:
            by_default = flow.id == element.default and not exclusive
            node.connect_if(specs.Otherwise(others) if by_default else test, target)
        if element.default is None and (exclusive or len(others) == len(flows)):
            node.connect_if(specs.Otherwise(others, element.name or element.id), self.spec.end)


def _kind(element: Element) -> Any:
    """Which spec an element has; tokens pass where there is nothing to do, and where several events come before."""
    event = element.event or _NOTHING
    if element.adhoc is not None:
        return specs.AdHocSubprocess
    if element.triggered:
        return specs.EventSubprocess
    if element.transaction:
        return specs.TransactionSubprocess
    if element.kind in _OF_EVENTS and event.kind in ("", "link"):
        return specs.Pass
    if element.kind == "boundaryEvent" and (event.parts or element.undoing):
        return specs.Pass
    return _KINDS.get(element.kind, specs.Pass)


def _one(element: Element, event: Event) -> Any:
    """The definition of one event of an element."""
    literal = event.kind == "timer" and is_literal(event.expression)
    expression = event.expression if literal else _compiled(event.expression)
    return events.definition(event, expression, _compiled(element.properties.get("correlation")))


def _compiled(text: str | None) -> Expression | None:
    return compile_expression(text) if text else None
