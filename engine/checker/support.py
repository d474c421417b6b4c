"""Refusing by name what the engine would not run right."""

from collections.abc import Iterable, Iterator

from engine.bpmn import Foreign
from engine.checker.findings import Finding, finding

# Extensions of the editor we recommend that change what a model does; the engine would do it otherwise or not at all.
_MEANINGFUL = frozenset({"preScript", "postScript", "variableName", "calledDecisionId"})


def support_findings(foreign: Iterable[Foreign]) -> Iterator[Finding]:
    """What a process holds that is neither run nor merely drawn."""
    for each in foreign:
        prefix, _, local = each.tag.rpartition(":")
        if each.drawn:
            yield finding("drawn_only", each, tag=each.tag)
        elif each.tag.startswith("@"):
            yield finding("unsupported_attribute", each, tag=each.tag[1:])
        elif prefix and not (prefix == "spiffworkflow" and local in _MEANINGFUL):
            yield finding("extension_ignored", each, tag=each.tag)
        else:
            yield finding("unsupported", each, tag=each.tag)
