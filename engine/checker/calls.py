"""What is called and what is repeated."""

from collections.abc import Iterator, Mapping, Sequence

from engine.bpmn import SCOPES, Element, Loop, Process
from engine.checker.findings import At, Finding, finding, in_file
from engine.checker.overwriting import ITSELF
from engine.checker.scopes import Held
from engine.expressions import BadExpression, ExpressionFailed, compile_expression, is_field_name

# What an instance that is done may throw.
_BEHAVIOR = frozenset({"message", "signal", "escalation", "error"})


def call_findings(process: Process, processes: Mapping[str, Process]) -> Iterator[Finding]:
    """All findings about the calls and the repetitions of a process."""
    for element in process.elements:
        if element.loop is not None:
            yield from _loop(element, element.loop)
        if element.kind == "callActivity":
            yield from _call(element, processes)
    yield from _same_ids(process, processes)


def called_by(process: Process, processes: Mapping[str, Process]) -> list[Process]:
    """All processes that one calls, directly or not, without itself."""
    found: dict[str, Process] = {}
    ahead = [process]
    while ahead:
        for element in ahead.pop().elements:
            called = processes.get(element.called)
            if element.kind == "callActivity" and called is not None and called.id not in found:
                found[called.id] = called
                ahead.append(called)
    return [each for each in found.values() if each.id != process.id]


def _call(element: Element, processes: Mapping[str, Process]) -> Iterator[Finding]:
    called = processes.get(element.called)
    if called is None or not called.elements:
        yield finding("unknown_process", element, process=element.called)
    elif any(each.kind == "callActivity" and each.called == called.id for each in _reached(called, processes)):
        yield finding("recursive_call", element, process=called.name)
    elif not any(e.kind == "startEvent" and e.scope == called.id and e.event is None for e in called.elements):
        yield finding("not_callable", element, process=called.name)


def undone_findings(processes: Sequence[Process], own: frozenset[str]) -> Iterator[Finding]:
    """What is done several times cannot be undone from inside: which of the times, and its data, are not known then."""
    held = Held(processes)
    for process in processes:
        for element in process.elements:
            several = element.kind in SCOPES and (element.loop is not None or element.id in own)
            if several and any(each.undoing for each in held.within(element)):
                yield from in_file(process.file, [finding("unsupported", element, tag="compensateEventDefinition")])


def _reached(process: Process, processes: Mapping[str, Process]) -> Iterator[Element]:
    yield from process.elements
    for each in called_by(process, processes):
        yield from each.elements


def _same_ids(process: Process, processes: Mapping[str, Process]) -> Iterator[Finding]:
    """A case tells elements apart by id alone, also those of the processes that it calls."""
    seen = {part.id for part in _parts(process)}
    for called in called_by(process, processes):
        for part in _parts(called):
            if part.id in seen:
                yield finding("duplicate_id", part)
            seen.add(part.id)


def _parts(process: Process) -> Sequence[At]:
    return [process, *process.elements, *process.flows]


def _loop(element: Element, loop: Loop) -> Iterator[Finding]:
    if not _says_how_often(loop):
        yield finding("bad_loop", element)
    if loop.thrown is not None and not (loop.thrown.kind in _BEHAVIOR and loop.thrown.name):
        yield finding("unsupported_attribute", element, tag="behavior")
    for name in filter(None, (loop.item, loop.result, loop.results)):
        if not is_field_name(name):
            yield finding("bad_data_key", element, key=name)
    if element.kind == "userTask" and loop.kind == "sequential" and not element.properties.get("dataKey"):
        yield finding("overwritten", element, key="…", other=ITSELF)


def _says_how_often(loop: Loop) -> bool:
    if loop.kind == "standard":
        maximum = loop.maximum
        return bool(loop.condition or maximum) and (not maximum or (maximum.isdecimal() and int(maximum) >= 1))
    if bool(loop.collection) is bool(loop.cardinality) or bool(loop.results) is not bool(loop.result):
        return False
    if loop.item and not loop.collection:
        return False
    try:
        constant = compile_expression(loop.collection or loop.cardinality).constant
    except BadExpression:
        return True  # named as such elsewhere
    except ExpressionFailed:
        return False
    return constant is None or isinstance(constant, list) or (type(constant) is int and constant >= 0)
