"""What stands in the way of deploying a model: every finding names the element, the line, the reason and the mend.

A model may come from anybody. It is read in a process of its own, which is killed when it takes too long.
"""

from collections.abc import Mapping

from engine.checker.apart import Apart, Failed
from engine.checker.bindings import OperatorSignature, constant, files_named
from engine.checker.findings import Finding, Place, finding, in_file
from engine.checker.scopes import given, own_data

__all__ = ["Finding", "OperatorSignature", "check", "constant", "files_named", "finding", "given", "named", "own_data"]

_APART = Apart()


def check(
    files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None = None, apart: Apart = _APART
) -> list[Finding]:
    """The findings about the `.bpmn` files and what they name; never raises, never hangs, whatever the bytes.

    Without `operators`, service tasks are not held against the registry.
    """
    try:
        return apart.findings(files, operators)
    except Failed as failed:
        names = sorted(name for name in files if name.endswith(".bpmn"))
        found = finding("unread", Place("", ", ".join(names), 1), reason=failed.args[0])
        return list(in_file(names[0], [found])) if len(names) == 1 else [found]


def named(bpmn: bytes, apart: Apart = _APART) -> set[str]:
    """The files that a `.bpmn` names; none when it cannot be read."""
    try:
        return apart.named(bpmn)
    except Failed:
        return set()
