"""A finding, and the sentence and the mend that belong to its code."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from engine.bpmn import Change, Element, Flow, Foreign, Process
from engine.checker.rules import RULES, Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; `message` and `hint` are English sentences to translate and fill with `params`.

    `line` is a line of `file`, the `.bpmn` that holds the element; empty where it is about several files, or none.
    """

    file: str
    code: str
    severity: Severity
    element_id: str
    element_name: str
    line: int
    message: str
    hint: str
    params: Mapping[str, object] = field(hash=False)


class Place(NamedTuple):
    """A place that is no element."""

    id: str
    name: str
    line: int


# What has a place in the file: an id, a name on the diagram, a line.
At = Process | Element | Flow | Foreign | Change | Place


def finding(code: str, at: At, message: str = "", /, **params: object) -> Finding:
    """The finding of that code; `message` is another's sentence, to be used instead of our own."""
    severity, sentence, hint = RULES[code]
    named = {"id": at.id, "name": at.name or at.id, **params}
    return Finding("", code, severity, at.id, at.name, at.line, message or sentence, hint, named)


def in_file(name: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, as those about a file."""
    return (replace(each, file=name) for each in found)
