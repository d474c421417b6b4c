"""What a BPMN file says, as plain values."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import N_, AlurError


class BadBpmn(AlurError):
    """A file that cannot be read as XML, or must not be."""

    code = "bad_xml"
    message = N_("This file cannot be read: %(reason)s (line %(line)s)")


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws. `kind` is its definition's tag: `timer`, `message`, `error` …

    `name` tells messages, signals, errors (by code), escalations (by code) and links apart; empty for none.
    `expression` is the time, the condition, or what a thrown message carries; `variable` is where that is put.
    Of the kind `multiple` it has `parts`, of which one must come, or `every` one. Of the kind `compensate`, `name` is
    the id of the activity to undo.
    """

    kind: str
    name: str = ""
    timer: str = ""
    expression: str = ""
    variable: str = ""
    parts: tuple["Event", ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is done: `kind` is `standard`, `parallel` or `sequential`.

    With the behavior `None`, each instance that is done throws `thrown`; with `One`, the first.
    """

    kind: str
    condition: str = ""
    test_before: bool = False
    maximum: str = ""
    cardinality: str = ""
    collection: str = ""
    item: str = ""
    results: str = ""
    result: str = ""
    behavior: str = "All"
    thrown: Event | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """How an ad-hoc sub-process goes on: all at once or `sequential`, until all is done or a condition holds."""

    sequential: bool
    condition: str
    cancels: bool


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram; `kind` is its BPMN tag, `scope` the process or sub-process that holds it."""

    id: str
    name: str
    kind: str
    lane: str | None
    line: int
    scope: str
    properties: Mapping[str, str]
    documentation: str = ""
    default: str | None = None
    operator: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str | None = None
    script: str = ""
    event: Event | None = None
    attached_to: str = ""
    interrupting: bool = True
    loop: Loop | None = None
    called: str = ""
    triggered: bool = False
    transaction: bool = False
    instantiate: bool = False
    handler: str = ""  # of a compensation event on a boundary: the activity that undoes
    undoes: bool = False
    activation: str = ""
    adhoc: AdHoc | None = None
    needs: int = 1
    yields: int = 1
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()

    @property
    def terminates(self) -> bool:
        """Whether it ends all that its scope still holds."""
        return self.event is not None and self.event.kind == "terminate"

    @property
    def undoing(self) -> bool:
        """Whether it is the event on a boundary that leads to the activity that undoes."""
        return self.kind == "boundaryEvent" and self.event is not None and self.event.kind == "compensate"

    @property
    def events(self) -> tuple[Event, ...]:
        """What it waits for or throws, one by one."""
        return () if self.event is None else self.event.parts or (self.event,)

    @property
    def separate_from(self) -> tuple[str, ...]:
        """The activities that this one must not share its person with, as the property of that name lists them."""
        return tuple(name for part in self.properties.get("separate_from", "").split(",") if (name := label(part)))

    @property
    def inside(self) -> str:
        """The scope that a token in it opens: its own, or the process that it calls."""
        return self.called if self.kind == "callActivity" else self.id


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, in the order of the document."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    line: int
    scope: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and the ids that it names itself, rather than through a lane inside it."""

    name: str
    line: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that we do not run: an element (`tag`) or an attribute (`@name`), at or in the element `id`.

    What is `drawn` only stands on the diagram and has no part in running it.
    """

    tag: str
    id: str
    name: str
    line: int
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was mended on the way in; `code` is a finding's."""

    code: str
    id: str
    name: str
    line: int
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a file, as it is drawn. Ids may be doubled or dangling."""

    id: str
    name: str
    line: int
    executable: bool
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    properties: Mapping[str, str]
    documentation: str
    foreign: tuple[Foreign, ...]
    changes: tuple[Change, ...] = ()
    file: str = ""  # its name, where several are read together


def truth(text: str | None, absent: bool = False) -> bool:
    """A truth value as XML writes it."""
    return absent if text is None else text.strip() in ("true", "1")


def label(text: str | None) -> str:
    """A name as people compare it: NFC, white space folded."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def upstream(flow: Flow, incoming: Mapping[str, Sequence[Flow]], hosts: Mapping[str, str]) -> frozenset[str]:
    """The nodes from which a path leads to a gateway by this one of its flows, without passing the gateway before.

    From an activity a path also leads through the events on its boundary, whose activities `hosts` names.
    """
    seen: set[str] = set()
    ahead = [flow.source]
    while ahead:
        name = ahead.pop()
        if name != flow.target and name not in seen:
            seen.add(name)
            ahead += [before.source for before in incoming.get(name, ())]
            if name in hosts:
                ahead.append(hosts[name])
    return frozenset(seen)
