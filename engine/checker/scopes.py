"""Which activities have data of their own, since what they hold can go on twice at once, and what is seen where.

These are: each instance of a sub-process or call that is repeated in parallel, each run of an event sub-process that
ends nothing, each call of a process that another call, or the same once more, can run at the same time; and whatever
says that it gives data out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from engine.bpmn import SCOPES, Element, Process
from engine.checker.concurrency import NONE, Concurrency
from engine.checker.structure import Graph, levels, resting

CASE = ""  # the scope of all data that are in no other
_COMES_AGAIN = frozenset({"message", "signal", "conditional", "escalation"})


class Level(NamedTuple):
    """A process or sub-process, with what goes on at once in it."""

    process: Process
    graph: Graph
    concurrency: Concurrency


def levels_of(processes: Sequence[Process]) -> Iterator[Level]:
    """All levels of processes that run together."""
    for process in processes:
        graphs = levels(process)
        beside = _beside(process, graphs)
        free = {e.id for e in process.elements if e.adhoc is not None and not e.adhoc.sequential}
        for scope, graph in graphs.items():
            yield Level(process, graph, Concurrency(graph, beside, at_once=scope in free))


def own_data(processes: Sequence[Process], among: Sequence[Level] = ()) -> frozenset[str]:
    """The ids of the activities with data of their own, where the first process runs and calls the others."""
    held = Held(processes)
    elements = [element for each in held.by_level.values() for element in each]
    own = {element.id for element in elements if _is_scope(element, held)}
    if all(element.kind != "callActivity" for element in elements):
        return frozenset(own)
    found = set(own)
    for _, graph, concurrency in among or levels_of(processes):
        calls = {node.id: held.calls(node, own) for node in graph.nodes.values() if node.kind in SCOPES}
        for one, called in calls.items():
            for other in concurrency.with_it[one] & calls.keys():
                both = called.keys() & calls[other].keys()
                outermost = held.calls(graph.nodes[one], own, both) if both else {}
                found.update(*(outermost[each] for each in both & outermost.keys()))
    return frozenset(found)


def given(element: Element) -> list[str]:
    """The names whose values an activity with data of its own adds to the lists of these names around it."""
    said = element.properties.get("keluarData", "") if element.kind in SCOPES else ""
    return [name.strip() for name in said.split(",") if name.strip()]


class Held:
    """What levels hold, by their ids."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self.by_level: Mapping[str, list[Element]] = defaultdict(list)
        for process in processes:
            for element in process.elements:
                self.by_level[element.scope].append(element)

    def within(self, holder: Element) -> Iterator[Element]:
        """All that an activity holds, at any depth."""
        seen, ahead = set[str](), [holder.inside]
        while ahead:
            level = ahead.pop()
            if level not in seen:
                seen.add(level)
                yield from self.by_level[level]
                ahead += [each.inside for each in self.by_level[level] if each.kind in SCOPES]

    def calls(self, element: Element, own: Set[str], whole: Set[str] = NONE) -> Mapping[str, set[str]]:
        """The calls in an element and in what it calls, by process; but not in what is `whole`, or of its own data."""
        found, ahead, seen = defaultdict[str, set[str]](set), [element], set[str]()
        while ahead:
            each = ahead.pop()
            if each.id not in own and each.id not in seen and each.kind in SCOPES:
                seen.add(each.id)
                if each.kind == "callActivity":
                    found[each.called].add(each.id)
                ahead += [] if each.called in whole else self.by_level[each.inside]
        return found


class Visible:
    """In which scopes the elements of processes are, and so which data they see."""

    def __init__(self, processes: Sequence[Process], own: frozenset[str]) -> None:
        self.own = own
        held = Held(processes)
        self._of: Mapping[str, set[str]] = defaultdict(set, {processes[0].id: {CASE}})  # by level
        self._around: Mapping[str, set[str]] = defaultdict(set)
        ahead = [processes[0].id]
        while ahead:
            level = ahead.pop()
            for element in held.by_level[level]:
                if element.kind in SCOPES:
                    scopes = {element.id} if element.id in own else self._of[level]
                    new = not (self._of[level] <= self._around[element.id] and scopes <= self._of[element.inside])
                    self._around[element.id] |= self._of[level]
                    self._of[element.inside] |= scopes
                    ahead += [element.inside] if new else []

    def around(self, element: Element) -> set[str]:
        """The scopes in which it may be."""
        return self._of[element.scope]

    def inside(self, element: Element) -> set[str]:
        """The scopes in which what it holds may be; its own, where it has one."""
        return {element.id} if element.id in self.own else self.around(element)

    def seen_by(self, element: Element, outside: bool = False) -> set[str]:
        """The scopes whose data it may see; `outside` is what is read before a run begins, or after it."""
        before = outside and element.kind == "startEvent"  # its event sub-process has not begun
        here = self._around[element.scope] if before and element.scope in self.own else self.around(element)
        found, ahead = set[str](), [*here, *(() if outside else self.inside(element))]
        while ahead:
            scope = ahead.pop()
            if scope not in found:
                found.add(scope)
                ahead += self._around[scope]
        return found


def _is_scope(element: Element, held: Held) -> bool:
    """Whether several of it go on at once, whatever is around it."""
    if element.kind not in SCOPES:
        return False
    starts = [each for each in held.by_level[element.inside] if each.kind == "startEvent"] if element.triggered else []
    parallel = element.loop is not None and element.loop.kind == "parallel"
    return parallel or bool(given(element)) or any(not start.interrupting for start in starts)


def _beside(process: Process, graphs: Mapping[str, Graph]) -> dict[str, bool]:
    """The events on borders and the event sub-processes that end nothing: whether they may come again meanwhile.

    What rests nowhere is over before the next can come.
    """
    rest, found = resting(process), dict[str, bool]()
    triggered = {element.id for element in process.elements if element.triggered}
    for element in process.elements:
        starts = element.kind == "startEvent" and element.scope in triggered
        if not element.interrupting and (starts or element.kind == "boundaryEvent"):
            again = any(event.kind in _COMES_AGAIN or event.timer == "timeCycle" for event in element.events)
            led_to = graphs[element.scope].reached([element.id])
            found[element.scope if starts else element.id] = again and not rest.isdisjoint(led_to)
    return found
