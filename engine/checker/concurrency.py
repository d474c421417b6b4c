"""Which nodes of one level of a process can hold tokens at the same time.

The least relation that the rules of the token game allow (Kovalyov and Esparza, 1996): what a node puts at once goes on
at once, and what goes on beside all that a node takes goes on beside what it puts. It is exact on sound models
whose conditions can all hold. A place is a flow, a node that no flow leads to, or (with a star) an activity, or the
whole level, beside which an event went on.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engine.bpmn import Element, upstream
from engine.checker.soundness import ends_all, ways_out
from engine.checker.structure import Graph

MOST = 300_000  # pairs
NONE: frozenset[str] = frozenset()
LEVEL = "*"
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
        self.whole = self._work_out([*self._begun(at_once), *self._moves()])
        at = {place: node.id for node in graph.nodes.values() for place in self._at(node)}
        self.with_it = {
            node.id: {at[other] for place in self._at(node) for other in self.rows[place] if other in at}
            for node in graph.nodes.values()
        }

    def _into(self, node: Element) -> list[str]:
        return [flow.id for flow in self.graph.incoming[node.id]] or [node.id]

    def _at(self, node: Element) -> list[str]:
        return [*self._into(node), f"{node.id}*"]

    def _begun(self, at_once: bool) -> Iterator[Move]:
        nodes = self.graph.nodes.values()
        for start in nodes:
            if start.kind == "startEvent":
                yield from (([], [*way, LEVEL], NONE) for way in self._ways(start))
        led_to = {flow.target for flows in self.graph.outgoing.values() for flow in flows}
        firsts = [
            node.id for node in nodes if not (node.id in led_to or node.attached_to or node.triggered or node.undoes)
        ]
        yield [], [*firsts, LEVEL] if at_once else [], NONE
        yield from self._came([LEVEL], f"{LEVEL}*", [node.id for node in nodes if node.triggered])

    def _moves(self) -> Iterator[Move]:
        nodes = self.graph.nodes.values()
        for node in nodes:
            on, events, ways = f"{node.id}*", self.graph.boundary[node.id], self._ways(node)
            ways += [[event.id] for event in events if event.interrupting]
            ways += [[each.id] for each in nodes if each.undoes and _calls_for_it(node)]
            yield from ((takes, puts, held) for takes, held in self._taken(node) for puts in ways)
            yield from self._came(self._into(node), on, [event.id for event in events])
            yield from (([on], puts, NONE) for puts in ways)

    def _ways(self, node: Element) -> list[list[str]]:
        ways = () if ends_all(node) else ways_out(node, self.graph.outgoing[node.id])
        return [[flow.id for flow in way] * node.yields for way in ways]

    def _came(self, places: Sequence[str], on: str, events: Sequence[str]) -> Iterator[Move]:
        """Events that let go on what they are beside, which has another place from then on."""
        came = [event for event in events if event in self.beside]
        yield from (([place], [on, *came], NONE) for place in places if came)
        yield from (([on], [on, event], NONE) for event in came if self.beside[event])

    def _taken(self, node: Element) -> Iterator[tuple[list[str], frozenset[str]]]:
        if node.kind == "parallelGateway":
            yield self._into(node), NONE
        elif node.kind == "inclusiveGateway":
            yield from self._joined(node)
        else:
            # What reaches a complex gateway after it went on is used up there.
            late = frozenset(flow.id for flow in self.graph.outgoing[node.id] if node.kind == "complexGateway")
            yield from (([place], late) for place in self._into(node))

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


def _calls_for_it(node: Element) -> bool:
    """Whether it lets what was done be undone."""
    throws = node.kind in ("intermediateThrowEvent", "endEvent")
    return throws and any(event.kind == "compensate" for event in node.events)
