"""A feature: a model, what comes from outside, and what must have happened then; and how it turns out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.checker import Finding, check
from engine.definitions import Definition, read_definitions
from engine.errors import OperatorFailed
from engine.office import DEFAULT
from engine.runtime import Case, ServiceCall, Step
from engine.worktime import Calendar, answered
from tests.conformance.drawing import FORM, model

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OFFICE = json.loads(DEFAULT.read_text(encoding="utf-8"))
CALENDAR = Calendar.from_office(OFFICE)
TASKS = frozenset({"task", "manualTask", "userTask", "scriptTask", "serviceTask", "sendTask", "receiveTask"})
Move = tuple[str, Any] | str


@dataclass(frozen=True)
class Feature:
    """One thing that BPMN has. `trace` are the tasks completed, in order, then how the case stands; or the refusal.

    Moves: `u` completes the oldest open task of the activity `u`, `("u", data)` with data; `"+90m"` lets time pass and
    what is due fire; `("!m", payload)` is a message, `("!m/k", payload)` one with the correlation `k`, `"~s"` a signal.
    """

    group: str
    name: str
    text: str
    trace: str = ""
    moves: tuple[Move, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Outcome:
    """`right`, `refused` (by name) or `wrong`, with what was found."""

    feature: Feature
    verdict: str
    found: str
    findings: tuple[Finding, ...]


class Signature:
    """An operator that takes anything of one name."""

    required = frozenset({"n"})
    optional: frozenset[str] = frozenset()


def outcome(feature: Feature, run: "type[Run] | None" = None) -> Outcome:
    """Check a feature, and run it where it is not refused."""
    files = {"m.bpmn": model(feature.text), "f.json": FORM.encode()}
    findings = tuple(check(files, {"test/ok": Signature()}))
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        found = " ".join(dict.fromkeys(f"{error.code}@{error.element_id}" for error in errors))
        verdict = "refused" if feature.refused and feature.refused in found else "wrong"
        return Outcome(feature, verdict, found, findings)
    found = (run or Run)(definition_of(files), feature).trace()
    return Outcome(feature, "right" if found == feature.trace else "wrong", found, findings)


def definition_of(files: Mapping[str, bytes]) -> Definition:
    """The definition of the process `p`."""
    return next(each for each in read_definitions(files) if each.key == "p")


class Run:
    """The live case, and beside it the same one loaded anew before each step: they must never part."""

    case: Any = Case

    def __init__(self, definition: Definition, feature: Feature) -> None:
        self.definition, self.feature = definition, feature
        self.at = START
        self.steps: list[Step] = []
        self.live, first = self.case.start(definition, feature.data, operate, self.at)
        self.again, second = self.case.start(definition, feature.data, operate, self.at)
        self.agree(first, second)

    def trace(self) -> str:
        for move in self.feature.moves:
            name, data = (move, {}) if isinstance(move, str) else move
            for act, arguments in list(self.acts(name, data)):
                self.do(act, *arguments)
        elements = self.definition.elements
        done = [
            transition.activity_id
            for step in self.steps
            for transition in step.transitions
            if transition.event == "completed" and elements[transition.activity_id].kind in TASKS
        ]
        incidents = sorted({incident.code for incident in self.live.incidents})
        opened = sorted(task.activity_id for task in self.live.open_tasks)
        return " ".join([*done, "|", *incidents, *opened, self.live.status])

    def acts(self, name: str, data: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        if name.startswith("+"):
            until = self.at + timedelta(minutes=int(name[1:-1]) * {"m": 1, "h": 60, "d": 1440}[name[-1]])
            while due := sorted((w.due, w.path) for w in self.live.waits if w.due is not None and w.due <= until):
                self.at = due[0][0]
                self.do("fire", due[0][1], operate, self.at)
            self.at = until
        elif name == "cancel":
            yield "cancel", ()
        elif name == "retry":
            yield "retry", (operate, self.at)
        elif name.startswith("!"):
            message, _, key = name[1:].partition("/")
            yield "deliver", (message, data, operate, self.at, key or None)
        elif name.startswith("~"):
            yield "broadcast", (name[1:], data, operate, self.at)
        else:
            path = next(task.path for task in self.live.open_tasks if task.activity_id == name)
            yield "complete", (path, data, operate, self.at)

    def do(self, act: str, *arguments: Any) -> None:
        self.again = self.case.load(self.definition, self.again.dump())
        self.agree(getattr(self.live, act)(*arguments), getattr(self.again, act)(*arguments))

    def agree(self, first: Step, second: Step) -> None:
        self.steps.append(first)
        assert first == second
        assert (self.live.dump(), self.live.digest()) == (self.again.dump(), self.again.digest())
        assert self.case.load(self.definition, self.live.dump()).digest() == self.live.digest()
        assert self.live.waits == self.again.waits


class Operate:
    """An operator that gives back what it is given, and fails when that is negative; a calendar without holidays."""

    def __call__(self, call: ServiceCall) -> Any:
        n = call.parameters["n"]
        if isinstance(n, int) and n < 0:
            raise OperatorFailed(cause="negatif")
        return n

    def ask(self, question: list[Any]) -> Any:
        return answered(question, START, CALENDAR)


operate = Operate()
