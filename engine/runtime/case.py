"""A case that runs: the commands, each of which returns the step that it made."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.bpmn import Event
from engine.canonical import canonical, normal
from engine.definitions import Definition
from engine.errors import CaseEnded, NoIncident
from engine.functions import asking
from engine.runtime import running, state
from engine.runtime.data import Data
from engine.runtime.events import definition as defined
from engine.runtime.task import Token
from engine.runtime.values import Incident, NotExpected, NotOpen, OpenTask, Perform, Sent, Status, Step, Wait
from engine.runtime.workflow import CaseWorkflow


class Case:
    """A case in memory. A refused command changes nothing; after any other exception, load it again.

    `at` is the moment of the command. Nothing here asks a clock; a model without timers needs none.
    """

    def __init__(self, definition: Definition, workflow: CaseWorkflow) -> None:
        self.definition = definition
        self._workflow = workflow
        self._open: set[str] = set()
        self._waited: set[str] = set()

    @classmethod
    def start(
        cls,
        definition: Definition,
        data: Mapping[str, Any],
        perform: Perform,
        at: datetime | None = None,
        start: str | None = None,
    ) -> tuple["Case", Step]:
        """Start a case with its first data, at that start event; else at the plain one."""
        values = Data({})
        values.put(data)
        workflow = CaseWorkflow(definition, values, start)
        workflow.record(perform, at)
        workflow.plant(TaskState.READY)
        case = cls(definition, workflow)
        return case, case._advance()

    @classmethod
    def load(cls, definition: Definition, text: str) -> "Case":
        """The case whose `dump` this is."""
        return cls(definition, state.load(definition, text))

    def complete(self, path: str, data: Mapping[str, Any], perform: Perform, at: datetime | None = None) -> Step:
        """Submit an open user task; raises `NotOpen`. The submission replaces what this form gave before."""
        token = self._workflow.tokens.get(path)
        if token is None or not _is_open(token):
            raise NotOpen(path=path)
        self._submit(token, data)
        self._begin(perform, at)
        return self._advance(token.run)

    def fire(self, path: str, perform: Perform, at: datetime) -> Step:
        """A timer has run out; raises `NotExpected` when none of that path has by then."""
        due = [
            (token, definition)
            for token, definition, wait, _ in state.waited(self._workflow)
            if wait.path == path and wait.due is not None and wait.due <= at
        ]
        if not due:
            raise NotExpected(name=path)
        self._begin(perform, at)
        token, definition = due[0]
        return self._advance(lambda: self._workflow.event_manager.bring(token, BpmnEvent(definition)))

    def deliver(
        self, name: str, payload: Any, perform: Perform, at: datetime | None = None, correlation: Any = None
    ) -> Step:
        """A message has come, for the first that waits for it; raises `NotExpected` when nothing does."""
        return self._come("message", name, payload, correlation, perform, at)

    def broadcast(self, name: str, payload: Any, perform: Perform, at: datetime | None = None) -> Step:
        """A signal has come, for all that wait for it; raises `NotExpected` when nothing does."""
        return self._come("signal", name, payload, None, perform, at)

    def _come(
        self, kind: str, name: str, payload: Any, correlation: Any, perform: Perform, at: datetime | None
    ) -> Step:
        event = BpmnEvent(defined(Event(kind, name)), payload=normal(payload), correlations={"key": correlation})
        if not any(token.task_spec.catches(token, event) for token in self._workflow.waiting()):
            raise NotExpected(name=name)
        self._begin(perform, at)
        return self._advance(lambda: self._workflow.send_event(event))

    def retry(self, perform: Perform, at: datetime | None = None) -> Step:
        """Let every token with an incident try again; raises `NoIncident`."""
        if self.status != "incident":
            raise NoIncident
        self._begin(perform, at)
        return self._advance(lambda: running.retry(self._workflow))

    def cancel(self) -> Step:
        """End the case where it stands; raises `CaseEnded`."""
        if self.status in ("completed", "cancelled"):
            raise CaseEnded
        self._begin()
        self._workflow.cancel()
        self._workflow.cancel_tokens()
        self._workflow.cancelled = True
        return self._step()

    def wait_until(self, path: str, due: datetime) -> None:
        """Let a timer run out at the moment that is told, rather than at the one that was reckoned."""
        kept = next(kept for _, _, wait, kept in state.waited(self._workflow) if wait.path == path)
        kept["due"] = clock.to_text(due)

    def dump(self) -> str:
        """The case as canonical JSON text; small, and no larger after many laps."""
        return state.dump(self._workflow)

    def is_kept_as(self, text: str, order: bool = True) -> bool:
        """Whether a stored text is this case; before version 3 the engine kept tokens in another order."""
        if order:
            return text == self.dump()
        return state.unordered(state.load(self.definition, text)) == state.unordered(self._workflow)

    def digest(self) -> str:
        """The state digest, version 1."""
        return state.digest(self._workflow)

    @property
    def data(self) -> Mapping[str, Any]:
        """The data that all activities of the case share; to be read, not written."""
        return self._workflow.values

    def seen_by(self, path: str) -> Mapping[str, Any]:
        """The data as an open task sees them, with what is its own; to be read, not written."""
        return self._workflow.tokens[path].data

    @property
    def status(self) -> Status:
        """Where the case stands."""
        return state.status(self._workflow)

    @property
    def open_tasks(self) -> list[OpenTask]:
        """The user tasks that wait for a person, oldest first."""
        tokens = self._workflow.tokens.values()
        return [OpenTask(token.path, token.task_spec.bpmn_id) for token in tokens if _is_open(token)]

    @property
    def waits(self) -> list[Wait]:
        """What the case waits for from outside: moments, messages, signals, conditions; oldest first."""
        return [wait for _, _, wait, _ in state.waited(self._workflow)]

    @property
    def incidents(self) -> list[Incident]:
        """The tokens that could not go on, oldest first."""
        return [
            Incident(token.path, token.task_spec.bpmn_id, **token.internal_data["incident"])
            for token in self._workflow.tokens.values()
            if token.state == TaskState.ERROR
        ]

    def _submit(self, token: Token, data: Mapping[str, Any]) -> None:
        activity, values = token.task_spec.bpmn_id, token.data
        home = values.home
        key = self.definition.elements[activity].properties.get("dataKey")
        if key:
            values.put({key: dict(data)})
            return
        canonical(dict(data))  # refuse before the earlier contribution is gone
        for name in home.contributions.get(activity, ()):
            home.pop(name, None)
        values.put(data)
        home.contributions[activity] = sorted(data)

    def _begin(self, *moment: Any) -> None:
        """Before a command: what is open and waited for now."""
        self._open = {task.path for task in self.open_tasks}
        self._waited = {wait.path for wait in self.waits}
        self._workflow.record(*moment)

    def _advance(self, first: Callable[[], object] = lambda: None) -> Step:
        """Do what comes first, then all that follows from it."""
        with asking(self._workflow.ask):
            first()
            running.advance(self._workflow)
        return self._step()

    def _step(self) -> Step:
        workflow = self._workflow
        running.settle(workflow)
        waits = self.waits
        step = Step(
            transitions=tuple(workflow.transitions),
            opened=tuple(task for task in self.open_tasks if task.path not in self._open),
            completed=tuple(path for path, how in workflow.closed if how == "completed" and path in self._open),
            cancelled=tuple(path for path, how in workflow.closed if how == "cancelled" and path in self._open),
            status=self.status,
            armed=tuple(wait for wait in waits if wait.path not in self._waited),
            disarmed=tuple(sorted(self._waited - {wait.path for wait in waits})),
            sent=tuple(map(_sent, workflow.get_events())),
        )
        workflow.record()
        return step


def _is_open(token: Token) -> bool:
    return bool(token.state == TaskState.READY and token.task_spec.manual)


def _sent(event: BpmnEvent) -> Sent:
    """What nothing in this case waited for, or a signal: for whoever listens outside."""
    thrown = event.event_definition.event
    activity = event.target.task_spec.bpmn_id
    return Sent(activity, thrown.kind, thrown.name, event.payload, event.correlations.get("key"))
