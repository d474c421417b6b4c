"""The checks, one after the other, in this process. Others call `engine.checker.check`, which bounds them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.bpmn import BadBpmn, Process, read_bpmn
from engine.checker.bindings import OperatorSignature, binding_findings, files_named
from engine.checker.calls import call_findings, called_by, undone_findings
from engine.checker.events import event_findings
from engine.checker.findings import Finding, Place, finding, in_file
from engine.checker.folding import folded
from engine.checker.overwriting import overwriting_findings
from engine.checker.scopes import levels_of, own_data
from engine.checker.structure import structure_findings
from engine.checker.support import support_findings


def findings(files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None) -> list[Finding]:
    """The findings about the `.bpmn` files and what they name, errors first; of too many, the rest is counted."""
    names = [name for name in sorted(files) if name.endswith(".bpmn")]
    found = [] if names else [finding("no_process", Place("", "", 1))]
    processes: list[Process] = []
    for name in names:
        read, strange = _read(name, files[name])
        processes += read
        found += in_file(name, strange)
    by_key = {process.id: process for process in reversed(processes)}
    running = [process for process in processes if process.executable]
    called = {each.id for process in running for each in called_by(process, by_key)}
    keys = Counter(process.id for process in running)
    for process in processes:
        runs = process.executable or process.id in called
        found += in_file(process.file, _process(process, by_key) if runs else [finding("not_executable", process)])
        if process.executable and keys[process.id] > 1:
            found += in_file(process.file, [finding("duplicate_process", process)])
    for group in _groups(running, by_key):
        among = list(levels_of(group))
        own = own_data(group, among)
        found += undone_findings(group, own)
        found += binding_findings(group, files, operators, own)
        found += overwriting_findings(group, files, among, own)
    return folded(list(dict.fromkeys(found)))


def named(bpmn: bytes) -> set[str]:
    """The files that the elements of a `.bpmn` name."""
    try:
        processes = read_bpmn(bpmn)[0]
    except BadBpmn:
        return set()  # the findings say what is wrong with it
    return {name for process in processes for element in process.elements for name in files_named(element)}


def _read(name: str, content: bytes) -> tuple[list[Process], list[Finding]]:
    try:
        processes, strange = read_bpmn(content)
    except BadBpmn as bad:
        place = Place("", name, int(str(bad.params["line"])))
        return [], [finding("bad_xml", place, file=name, reason=bad.params["reason"])]
    found = list(support_findings(strange))
    if not any(process.executable for process in processes):
        found.append(finding("no_process", Place("", name, 1)))
    return [replace(process, file=name) for process in processes], found


def _process(process: Process, processes: Mapping[str, Process]) -> Iterator[Finding]:
    for change in process.changes:
        yield finding(change.code, change, **change.params)
    yield from support_findings(process.foreign)
    yield from structure_findings(process)
    yield from event_findings(process)
    yield from call_findings(process, processes)


def _groups(running: list[Process], processes: Mapping[str, Process]) -> Iterator[list[Process]]:
    """Processes with what they call; those that only others call come with them."""
    of_each = {process.id: called_by(process, processes) for process in running}
    for process in running:
        callers = [each for each in running if process in of_each[each.id]]
        if all(caller in of_each[process.id] for caller in callers):
            yield [process, *of_each[process.id]]
