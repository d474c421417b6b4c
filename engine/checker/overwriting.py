"""What is saved and then lost, since something that goes on at the same time saves under the same name.

An instance of a repeated activity has names of its own: its input and its output item. What has a scope of its own
keeps all that is saved in it, but for what it gives out. All other data of a case are one object.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from engine.bpmn import SCOPES, Element, Process
from engine.checker.concurrency import NONE, Concurrency
from engine.checker.findings import Finding, finding, in_file
from engine.checker.scopes import Held, Level, given
from engine.checker.structure import Graph
from engine.errors import N_
from engine.expressions import BadExpression, Expression, compile_expression, compile_script
from forms.schema import FormInvalid, read_form

ITSELF = N_("another instance of it")
ADDS, GATHERS = "adds", "gathers"
_SENDS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})


class Write(NamedTuple):
    """An element saves something under a name. Two of the same `kind` do no harm: both add to it, or say the same."""

    name: str
    element: Element
    file: str
    kind: str = ""

    def harms(self, other: "Write") -> bool:
        """Whether one can lose what the other saved."""
        return self.name == other.name and not (self.kind and self.kind == other.kind)


def overwriting_findings(
    processes: Sequence[Process], files: Mapping[str, bytes], among: Sequence[Level], own: frozenset[str]
) -> Iterator[Finding]:
    """All findings about what the elements of processes save that share their data, but in the scopes of `own`."""
    saved = _Saved(processes, files, own)
    for process, graph, concurrency in among:
        if not concurrency.whole:
            yield from in_file(process.file, [finding("not_proven", process)])
        for write, other in _lost(graph, concurrency, saved):
            who = ITSELF if other is write else f"“{other.element.name or other.element.id}”"
            yield from in_file(write.file, [finding("overwritten", write.element, key=write.name, other=who)])
        for element in graph.nodes.values():
            for write in saved.added_to_outside(element):
                yield from in_file(write.file, [finding("kept_inside", write.element, field=write.name)])


def _lost(graph: Graph, concurrency: Concurrency, saved: "_Saved") -> Iterator[tuple[Write, Write]]:
    """What may be lost on a level, each with the first that harms it."""
    earlier: Mapping[str, list[tuple[str, Write]]] = defaultdict(list)
    for element in graph.nodes.values():
        with_it, writes = concurrency.with_it[element.id], list(saved.by(element))
        several = writes if element.id in with_it else _of_each_instance(element, writes)
        yield from ((write, write) for write in saved.kept_by_none(element))
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

    def __init__(self, processes: Sequence[Process], files: Mapping[str, bytes], own: frozenset[str]) -> None:
        self.files, self.own = files, own
        self.held = Held(processes)
        self.file_of = {element.id: process.file for process in processes for element in process.elements}

    def by(self, element: Element) -> Iterator[Write]:
        """What one element saves for all to see; names that instances have for themselves are not among it."""
        seen, ahead = set[tuple[str, frozenset[str]]](), deque([(element, NONE)])
        while ahead:
            each, around = ahead.popleft()
            hidden = around | _own_names(each)
            yield from (write for write in self._work(each) if write.name not in hidden)
            if each.loop is not None and each.loop.results and each.loop.results not in around:
                yield self._write(each.loop.results, each)
            if each.kind in SCOPES and each.id not in self.own and (each.inside, hidden) not in seen:
                seen.add((each.inside, hidden))
                ahead += [(held, hidden) for held in self.held.by_level[each.inside]]

    def kept_by_none(self, element: Element) -> Iterator[Write]:
        """What an instance saves under a name of its own that nothing gathers, and nothing in it can read."""
        loop = element.loop
        if loop is not None and element.kind not in SCOPES:
            gathered = loop.result if loop.results else ""
            own = _own_names(element) - {gathered}
            yield from (write for write in self._work(element) if write.name in own)

    def added_to_outside(self, element: Element) -> Iterator[Write]:
        """What is added, inside a scope of its own, to what stands outside: the sum would be kept by nobody."""
        if element.id in self.own:
            inside = [write for held in self.held.by_level[element.inside] for write in self.by(held)]
            begun = {write.name for write in inside if write.kind != ADDS} | _own_names(element)
            begun |= {name for name, _ in element.before}
            yield from (write for write in inside if write.name not in begun)

    def _work(self, element: Element) -> Iterator[Write]:
        """What an element saves around it, without what it holds."""
        names = self._answers(element) if element.kind == "userTask" else []
        names += [element.result] if element.kind == "serviceTask" and element.result else []
        names += [event.variable for event in element.events if event.variable and element.kind not in _SENDS]
        yield from (self._write(name, element) for name in names)
        if element.id in self.own:
            yield from (self._write(name, element, GATHERS) for name in given(element))
        with suppress(BadExpression):  # named as such elsewhere
            for name, expression in compile_script(element.script).assignments if element.script else ():
                yield self._write(name, element, _kind(name, expression))
            for name, text in (*(() if element.id in self.own else element.before), *element.after):
                yield self._write(name, element, _kind(name, compile_expression(text)))

    def _write(self, name: str, element: Element, kind: str = "") -> Write:
        return Write(name, element, self.file_of[element.id], kind)

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
        return ADDS
    return "" if expression.reads or expression.asks else expression.text.strip()
