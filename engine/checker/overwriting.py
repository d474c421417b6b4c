"""What is saved and then lost, since something that goes on at the same time saves under the same name.

All of a case is one object, also inside what is repeated or called. Only an instance of a repeated activity has names
of its own: its input and its output item. Whoever gives scopes data of their own changes `_own_names`.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from engine.bpmn import SCOPES, Element, Process
from engine.checker.concurrency import NONE, Concurrency
from engine.checker.findings import Finding, finding, in_file
from engine.checker.structure import Graph, levels, resting
from engine.errors import N_
from engine.expressions import BadExpression, Expression, compile_expression, compile_script
from forms.schema import FormInvalid, read_form

ITSELF = N_("another instance of it")
_SENDS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_COMES_AGAIN = frozenset({"message", "signal", "conditional", "escalation"})


class Write(NamedTuple):
    """An element saves something under a name. Two of the same `kind` do no harm: both add to it, or say the same."""

    name: str
    element: Element
    file: str
    kind: str = ""

    def harms(self, other: "Write") -> bool:
        """Whether one can lose what the other saved."""
        return self.name == other.name and not (self.kind and self.kind == other.kind)


def overwriting_findings(processes: Sequence[Process], files: Mapping[str, bytes]) -> Iterator[Finding]:
    """All findings about what the elements of processes save that share their data, since one calls the other."""
    saved = _Saved(processes, files)
    for process in processes:
        graphs = levels(process)
        beside = _beside(process, graphs)
        free = {e.id for e in process.elements if e.adhoc is not None and not e.adhoc.sequential}
        for scope, graph in graphs.items():
            concurrency = Concurrency(graph, beside, at_once=scope in free)
            if not concurrency.whole:
                yield from in_file(process.file, [finding("not_proven", process)])
            for write, other in _lost(graph, concurrency, saved, process.file):
                who = ITSELF if other is write else f"“{other.element.name or other.element.id}”"
                yield from in_file(write.file, [finding("overwritten", write.element, key=write.name, other=who)])


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


def _lost(graph: Graph, concurrency: Concurrency, saved: "_Saved", file: str) -> Iterator[tuple[Write, Write]]:
    """What may be lost on a level, each with the first that harms it."""
    earlier: Mapping[str, list[tuple[str, Write]]] = defaultdict(list)
    for element in graph.nodes.values():
        with_it, writes = concurrency.with_it[element.id], list(saved.by(element, file))
        several = writes if element.id in with_it else _of_each_instance(element, writes)
        yield from ((write, write) for write in saved.kept_by_none(element, file))
        for write in writes:
            others = [write, *several] if write in several else []
            others += [other for node, other in earlier[write.name] if node in with_it]
            yield from ((write, other) for other in islice(filter(write.harms, others), 1))
        for write in writes if with_it else ():
            earlier[write.name].append((element.id, write))


def _of_each_instance(element: Element, writes: Sequence[Write]) -> list[Write]:
    """What instances that go on at once save; the list that gathers it is of the whole."""
    loop = element.loop
    if loop is None or loop.kind != "parallel":
        return []
    return [write for write in writes if write.element is not element or write.name != loop.results]


def _own_names(element: Element) -> frozenset[str]:
    """The names that every instance of an activity has for itself."""
    loop = element.loop
    return frozenset() if loop is None or loop.kind == "standard" else frozenset({loop.item, loop.result})


class _Saved:
    """What elements save, with all that they hold or call."""

    def __init__(self, processes: Sequence[Process], files: Mapping[str, bytes]) -> None:
        self.files = files
        self.held: Mapping[str, list[tuple[Element, str]]] = defaultdict(list)
        for process in processes:
            for element in process.elements:
                self.held[element.scope].append((element, process.file))

    def by(self, element: Element, file: str) -> Iterator[Write]:
        """What one element saves for all to see; names that instances have for themselves are not among it."""
        seen, ahead = set[tuple[str, frozenset[str]]](), deque([(element, file, NONE)])
        while ahead:
            each, file, around = ahead.popleft()
            hidden = around | _own_names(each)
            yield from (write for write in self._work(each, file) if write.name not in hidden)
            if each.loop is not None and each.loop.results and each.loop.results not in around:
                yield Write(each.loop.results, each, file)
            if each.kind in SCOPES and (each.inside, hidden) not in seen:
                seen.add((each.inside, hidden))
                ahead += [(*held, hidden) for held in self.held[each.inside]]

    def kept_by_none(self, element: Element, file: str) -> Iterator[Write]:
        """What an instance saves under a name of its own that nothing gathers, and nothing in it can read."""
        loop = element.loop
        if loop is not None and element.kind not in SCOPES:
            gathered = loop.result if loop.results else ""
            own = _own_names(element) - {gathered}
            yield from (write for write in self._work(element, file) if write.name in own)

    def _work(self, element: Element, file: str) -> Iterator[Write]:
        names = self._answers(element) if element.kind == "userTask" else []
        names += [element.result] if element.kind == "serviceTask" and element.result else []
        names += [event.variable for event in element.events if event.variable and element.kind not in _SENDS]
        yield from (Write(name, element, file) for name in names)
        with suppress(BadExpression):  # named as such elsewhere
            for name, expression in compile_script(element.script).assignments if element.script else ():
                yield Write(name, element, file, _kind(name, expression))
            for name, text in (*element.before, *element.after):
                yield Write(name, element, file, _kind(name, compile_expression(text)))

    def _answers(self, task: Element) -> list[str]:
        """The names under which a form's answers are kept."""
        if task.properties.get("dataKey"):
            return [task.properties["dataKey"]]
        with suppress(FormInvalid):
            return list(
                read_form(self.files.get(task.properties.get("formJsonSchemaFilename", ""), b"")).schema["properties"]
            )
        return []


def _kind(name: str, expression: Expression) -> str:
    if name in {read.partition(".")[0] for read in expression.reads}:
        return "adds"
    return "" if expression.reads or expression.asks else expression.text.strip()
