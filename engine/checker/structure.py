"""Whether the diagram holds together: ids, flows, conditions, and a way from the start to an end."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from engine.bpmn import ACTIVITIES, CHOOSING, Element, Flow, Process
from engine.checker.findings import At, Finding, Place, finding
from engine.checker.soundness import soundness_findings

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
Neighbours = Callable[[str], Iterator[str]]
# Where a case rests until something comes from outside.
_RESTING = frozenset({"userTask", "receiveTask", "eventBasedGateway", "callActivity"})


class Graph:
    """One level of a process: its nodes and the flows between them."""

    def __init__(self) -> None:
        self.nodes: dict[str, Element] = {}
        self.outgoing: Mapping[str, list[Flow]] = defaultdict(list)
        self.incoming: Mapping[str, list[Flow]] = defaultdict(list)
        self.boundary: Mapping[str, list[Element]] = defaultdict(list)

    def before(self, name: str) -> Iterator[str]:
        """The nodes that lead to this one, once per flow; to an event on a boundary, its activity."""
        yield from (flow.source for flow in self.incoming[name])
        if self.nodes[name].attached_to in self.nodes:
            yield self.nodes[name].attached_to

    def after(self, name: str) -> Iterator[str]:
        """The nodes that this one leads to, once per flow, and the events on its boundary."""
        yield from (flow.target for flow in self.outgoing[name])
        yield from (event.id for event in self.boundary[name])

    def reached(self, names: Iterable[str]) -> frozenset[str]:
        """These nodes, and all that they lead to."""
        seen, ahead = set[str](), list(names)
        while ahead:
            name = ahead.pop()
            if name not in seen:
                seen.add(name)
                ahead += [each for each in self.after(name) if each in self.nodes]
        return frozenset(seen)


def levels(process: Process) -> Mapping[str, Graph]:
    """The graph of the process and of each of its sub-processes, by id."""
    graphs: Mapping[str, Graph] = defaultdict(Graph)
    for element in process.elements:
        graphs[element.scope].nodes[element.id] = element
        if element.attached_to and not element.undoing:
            graphs[element.scope].boundary[element.attached_to].append(element)
    for flow in process.flows:
        graphs[flow.scope].outgoing[flow.source].append(flow)
        graphs[flow.scope].incoming[flow.target].append(flow)
    return graphs


def structure_findings(process: Process) -> Iterator[Finding]:
    """All findings about the shape of a process; what needs a whole graph waits until ids and flows are right."""
    broken = [*_ids(process), *_ends_of_flows(process)]
    yield from broken
    if broken:
        return
    scopes: list[tuple[str, At]] = [(process.id, process)]
    scopes += [(element.id, element) for element in process.elements if element.kind == "subProcess"]
    waiting, graphs = resting(process), levels(process)
    for scope, owner in scopes:
        graph = graphs[scope]
        free = isinstance(owner, Element) and owner.adhoc is not None
        if not free:
            yield from _starts(graph, owner)
        yield from _unreachable(graph)
        yield from _automatic_loops(graph, waiting)
        for element in graph.nodes.values():
            yield from _flows(graph, element, free)
            yield from _conditions(element, graph.outgoing[element.id])
        if any(_counts(graph, element) for element in graph.nodes.values()):
            yield finding("not_proven", owner)
            continue
        yield from soundness_findings(owner, graph.nodes, graph.incoming, graph.outgoing, graph.boundary)


def _counts(graph: Graph, element: Element) -> bool:
    """Whether more than one token is of consequence there, which the game on markings does not play."""
    joins = element.kind == "complexGateway" and len(graph.incoming[element.id]) > 1
    return joins or (element.needs, element.yields) != (1, 1)


def _ids(process: Process) -> Iterator[Finding]:
    parts: list[At] = [process, *process.elements, *process.flows]
    seen: Counter[str] = Counter()
    for part in parts:
        seen[part.id] += 1
        if not _ID.fullmatch(part.id):
            yield finding("bad_id", part)
        elif seen[part.id] == 2:
            yield finding("duplicate_id", part)


def _ends_of_flows(process: Process) -> Iterator[Finding]:
    level = {element.id: element.scope for element in process.elements}
    for flow in process.flows:
        if {level.get(flow.source), level.get(flow.target)} != {flow.scope}:
            yield finding("dangling_flow", flow, source=flow.source, target=flow.target)


def _starts(graph: Graph, owner: At) -> Iterator[Finding]:
    starts = [element for element in graph.nodes.values() if element.kind == "startEvent"]
    plain = [element for element in starts if element.event is None]
    if not starts or len(plain) > 1 or (len(starts) > 1 and not isinstance(owner, Process)):
        line = starts[1].line if len(starts) > 1 else owner.line
        yield finding("start_events", Place(owner.id, owner.name, line), count=len(plain))


def _unreachable(graph: Graph) -> Iterator[Finding]:
    starts = [element.id for element in graph.nodes.values() if element.kind == "startEvent"]
    reached = graph.reached(starts + [e.id for e in graph.nodes.values() if e.triggered or e.undoes or e.undoing])
    for element in graph.nodes.values():
        if starts and element.id not in reached:
            yield finding("unreachable", element)


def resting(process: Process) -> frozenset[str]:
    """The nodes where a case rests, and sub-processes that hold one at any depth."""
    scope_of = {element.id: element.scope for element in process.elements}
    waiting: set[str] = set()
    for element in process.elements:
        rests = element.kind in _RESTING or (element.kind == "intermediateCatchEvent" and not _is_link(element))
        name = element.id if rests else ""
        while name and name not in waiting:
            waiting.add(name)
            name = scope_of[name] if scope_of[name] in scope_of else ""
    return frozenset(waiting)


def _automatic_loops(graph: Graph, waiting: frozenset[str]) -> Iterator[Finding]:
    """What has automatic steps both before and after it, however often one looks, is on a loop or between two."""
    automatic = graph.nodes.keys() - waiting
    looping = _peeled(_peeled(automatic, graph.before, graph.after), graph.after, graph.before)
    first = next((element for name, element in graph.nodes.items() if name in looping), None)
    if first is not None:
        leads_out = any(name not in looping for each in looping for name in graph.after(each))
        yield finding("automatic_loop" if leads_out else "endless_loop", first)


def _peeled(names: Set[str], before: Neighbours, after: Neighbours) -> set[str]:
    """What is left of the nodes when those that have none of the others before them are taken away, again and again."""
    left = set(names)
    feeders = {name: sum(each in left for each in before(name)) for name in left}
    ahead = [name for name in left if not feeders[name]]
    while ahead:
        name = ahead.pop()
        left.remove(name)
        for each in after(name):
            if each in left:
                feeders[each] -= 1
                if not feeders[each]:
                    ahead.append(each)
    return left


def _flows(graph: Graph, element: Element, free: bool) -> Iterator[Finding]:
    outgoing, incoming = graph.outgoing[element.id], graph.incoming[element.id]
    if element.kind == "startEvent" and incoming:
        yield finding("into_start", element)
    if element.kind == "endEvent":
        if outgoing:
            yield finding("out_of_end", element)
    elif element.triggered:
        if outgoing or incoming:
            yield finding("bad_event_subprocess", element)
    elif element.undoes or element.undoing:
        if outgoing or incoming:
            yield finding("bad_compensation", element)
    elif not outgoing:
        if not free:
            yield finding("dead_end", element)
    elif sum(flow.condition is None and flow.id != element.default for flow in outgoing) > 1 and _splits(element):
        yield finding("implicit_split", element)


def _splits(element: Element) -> bool:
    return not element.kind.endswith("Gateway")


def _is_link(element: Element) -> bool:
    return element.event is not None and element.event.kind == "link"


def _conditions(element: Element, outgoing: list[Flow]) -> Iterator[Finding]:
    choosing = element.kind in CHOOSING
    may_choose = choosing or element.kind in ACTIVITIES or element.kind == "complexGateway"
    default = next((flow for flow in outgoing if flow.id == element.default), None)
    if element.default and (default is None or not may_choose):
        yield finding("bad_default", element)
    for flow in outgoing:
        if flow.condition is not None and not may_choose:
            yield finding("condition_misplaced", element, flow=flow.name or flow.id)
        elif flow.condition is not None and flow is default:
            yield finding("condition_of_default", element, flow=flow.name or flow.id)
        elif flow.condition is None and choosing and flow is not default and len(outgoing) > 1:
            yield finding("condition_missing", element, flow=flow.name or flow.id)
    unconditional = any(flow.condition is None for flow in outgoing)
    if may_choose and default is None and any(flow.condition for flow in outgoing) and not unconditional:
        yield finding("no_default", element)
