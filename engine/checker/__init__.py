"""What stands in the way of deploying a model: every finding names the element, the line, the reason and the mend."""

from collections import Counter
from collections.abc import Iterator, Mapping

from engine.bpmn import BadBpmn, Process, read_bpmn
from engine.checker.bindings import OperatorSignature, binding_findings, files_named
from engine.checker.findings import Finding, Place, finding
from engine.checker.structure import structure_findings
from engine.checker.support import support_findings

__all__ = ["Finding", "OperatorSignature", "check", "files_named"]

MOST = 500


def check(files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None = None) -> list[Finding]:
    """The findings (the first `MOST` of them) about the `.bpmn` files and what they name.

    Never raises, whatever the bytes. Without `operators`, service tasks are not held against the registry.
    """
    keys: Counter[str] = Counter()
    found = [f for name in sorted(files) if name.endswith(".bpmn") for f in _file(name, files, operators, keys)]
    if not any(name.endswith(".bpmn") for name in files):
        found.append(finding("no_process", Place("", "", 1)))
    return list(dict.fromkeys(found))[:MOST]


def _file(
    name: str, files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None, keys: Counter[str]
) -> Iterator[Finding]:
    try:
        processes, strange = read_bpmn(files[name])
    except BadBpmn as bad:
        place = Place("", name, int(str(bad.params["line"])))
        yield finding("bad_xml", place, file=name, reason=bad.params["reason"])
        return
    yield from support_findings(strange)
    if not any(process.executable for process in processes):
        yield finding("no_process", Place("", name, 1))
    for process in processes:
        if process.executable:
            keys[process.id] += 1
            yield from _process(process, files, operators, keys)
        else:
            yield finding("not_executable", process)


def _process(
    process: Process,
    files: Mapping[str, bytes],
    operators: Mapping[str, OperatorSignature] | None,
    keys: Counter[str],
) -> Iterator[Finding]:
    if keys[process.id] > 1:
        yield finding("duplicate_process", process)
    yield from support_findings(process.foreign)
    yield from structure_findings(process)
    yield from binding_findings(process, files, operators)
