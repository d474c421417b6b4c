"""Where a case stood after any of its entries, as marks on its diagram: read from the history alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import Element
from engine.history import Entry

# What may rest between two commands; a token that rests in anything else could not go on.
RESTING = (
    "userTask", "subProcess", "callActivity", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """The states of elements by id, as `diagram.draw` takes them, and the flows that were taken."""

    states: Mapping[str, tuple[str, ...]]
    taken: frozenset[str]


@dataclass(slots=True)
class _Trace:
    """Tokens inside elements, and what happened there so far."""

    tokens: Counter[str] = field(default_factory=Counter)
    finished: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    latest: set[str] = field(default_factory=set)

    def follow(self, entry: Entry) -> None:
        self.latest = set()
        for transition in entry["transitions"]:
            activity, event = transition["activity_id"], transition["event"]
            if event == "taken":
                self.taken.add(transition["flow_id"])
                continue
            self.latest.add(activity)
            self.tokens[activity] += 1 if event == "entered" else -1
            if event == "completed":
                self.finished.add(activity)

    def marks(self, elements: Mapping[str, Element]) -> Marks:
        states = {activity: tuple(self.states(activity, elements[activity].kind)) for activity in self.tokens}
        return Marks(states, frozenset(self.taken))

    def states(self, activity: str, kind: str) -> Iterator[str]:
        """What matters most of an element, and whether the last entry moved it."""
        if self.tokens[activity] > 0:
            again = "returned" if activity in self.finished else "active"
            yield again if kind in RESTING else "incident"
        elif activity in self.finished:
            yield "finished"
        if activity in self.latest:
            yield "latest"


def trail(entries: Iterable[Entry], elements: Mapping[str, Element]) -> Iterator[Marks]:
    """The marks after each of `entries`, which begin with the case's first."""
    trace = _Trace()
    for entry in entries:
        trace.follow(entry)
        yield trace.marks(elements)


def marks(entries: Iterable[Entry], elements: Mapping[str, Element]) -> Marks:
    """The marks after the last of `entries`, which begin with the case's first.

    An element is `active` while a token waits in it, `returned` when that happens after it was finished once,
    `incident` when something automatic could not go on; `latest` is what the last entry moved.
    """
    trace = _Trace()
    for entry in entries:
        trace.follow(entry)
    return trace.marks(elements)
