"""Which nodes of one level of a process can hold tokens at the same time.

The least relation that the rules of the token game allow (Kovalyov and Esparza, 1996): what a node puts at once goes on
at once, and what goes on beside all that a node takes goes on beside what it puts. It is exact on sound models;
conditions are not looked at. A place is a flow, a node that no flow leads to, or (with a star) an activity beside which
an event on its border went on.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engine.bpmn import Element, upstream
from engine.checker.soundness import ends_all, ways_out
from engine.checker.structure import Graph

MOST = 300_000  # pairs
NONE: frozenset[str] = frozenset()
# The places from which a token is taken, those where one is put, and those that hold none meanwhile.
Move = tuple[Sequence[str], Sequence[str], frozenset[str]]


class Concurrency:
    """Of one level; `beside` are its events that end nothing, and whether each may come again meanwhile.

    A level that begins `at_once` begins with all nodes that nothing leads to. Of each node, `with_it` are those that
    can go on with it, itself when it can twice. `whole` says that all was worked out.
    """

    def __init__(self, graph: Graph, beside: Mapping[str, bool], at_once: bool) -> None:
        self.graph, self.beside = graph, beside
        self.rows: Mapping[str, set[str]] = defaultdict(set)
        led_to = {flow.target for flows in graph.outgoing.values() for flow in flows}
        firsts = [e.id for e in graph.nodes.values() if at_once and e.id not in led_to and not _is_beside(e)]
        self.whole = self._work_out([((), firsts, NONE), *self._moves()])
        at = {place: node.id for node in graph.nodes.values() for place in self._at(node)}
        self.with_it = {
            node.id: {at[other] for place in self._at(node) for other in self.rows[place] if other in at}
            for node in graph.nodes.values()
        }
        for name in graph.nodes.keys() & beside.keys():
            if graph.nodes[name].triggered:
                self._goes_on_with_all(name)

    def _goes_on_with_all(self, event_subprocess: str) -> None:
        for name, node in self.graph.nodes.items():
            if self.beside[name] if name == event_subprocess else self._stays(node):
                self.with_it[name].add(event_subprocess)
                self.with_it[event_subprocess].add(name)

    def _stays(self, node: Element) -> bool:
        return node.kind != "startEvent" and (not node.triggered or node.id in self.beside)

    def _into(self, node: Element) -> list[str]:
        return [flow.id for flow in self.graph.incoming[node.id]] or [node.id]

    def _at(self, node: Element) -> list[str]:
        return [*self._into(node), f"{node.id}*"]

    def _moves(self) -> Iterator[Move]:
        nodes = self.graph.nodes.values()
        for node in nodes:
            flows, events = self.graph.outgoing[node.id], self.graph.boundary[node.id]
            ways = [] if ends_all(node) else [[f.id for f in way] * node.yields for way in ways_out(node, flows)]
            ways += [[event.id] for event in events if event.interrupting]
            ways += [[each.id] for each in nodes if each.undoes and _calls_for_it(node)]
            yield from ((takes, puts, held) for takes, held in self._taken(node) for puts in ways)
            came = [event.id for event in events if event.id in self.beside]
            if came:
                on = f"{node.id}*"
                yield from (([place], [on, *came], NONE) for place in self._into(node))
                yield from (([on], [on, event], NONE) for event in came if self.beside[event])
                yield from (([on], puts, NONE) for puts in ways)

    def _taken(self, node: Element) -> Iterator[tuple[list[str], frozenset[str]]]:
        places = self._into(node)
        if node.kind == "parallelGateway":
            yield places, NONE
        elif node.kind == "inclusiveGateway":
            yield from self._joined(node)
        else:
            # What reaches a complex gateway after it went on is used up there.
            late = frozenset(flow.id for flow in self.graph.outgoing[node.id] if node.kind == "complexGateway")
            yield from (([place], late) for place in places)

    def _joined(self, join: Element) -> Iterator[tuple[list[str], frozenset[str]]]:
        """Of each flow into an inclusive gateway, the places that it waits for when a token has come by that flow."""
        hosts = {e.id: host for host, events in self.graph.boundary.items() for e in events}
        reach = {flow.id: upstream(flow, self.graph.incoming, hosts) for flow in self.graph.incoming[join.id]}
        for place in reach:
            others = [other for other in reach if other != place]
            before = NONE.union(*(reach[other] for other in others)) - reach[place]
            yield [place], NONE.union(others, *(self._at(e) for e in self.graph.nodes.values() if e.id in before))

    def _work_out(self, moves: list[Move]) -> bool:
        left, last = MOST, -1
        while left != last:
            last = left
            for takes, puts, held in moves:
                meanwhile = set.intersection(*(self.rows[place] for place in takes)) - held if takes else set[str]()
                for n, put in enumerate(puts):
                    new = meanwhile.union(puts[:n], puts[n + 1 :]) - self.rows[put]
                    self.rows[put].update(new)
                    left -= len(new)
                    for other in new:
                        self.rows[other].add(put)
                    if left < 0:
                        return False
            moves.reverse()  # whichever way they are drawn
        return True


def _is_beside(node: Element) -> bool:
    return bool(node.attached_to or node.triggered or node.undoes)


def _calls_for_it(node: Element) -> bool:
    """Whether it lets what was done be undone."""
    throws = node.kind in ("intermediateThrowEvent", "endEvent")
    return throws and any(event.kind == "compensate" for event in node.events)
