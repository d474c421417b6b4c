"""A case that runs: the commands, each of which returns the step that it made."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.bpmn import Event
from engine.canonical import canonical, normal
from engine.definitions import Definition
from engine.errors import CaseEnded, NoIncident
from engine.functions import asking
from engine.runtime import running, state, tree
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
        workflow = CaseWorkflow(definition, Data({}), start)
        workflow.values.put({**workflow.spec.lists, **data})
        case = cls(definition, workflow)
        return case, case._run(lambda: workflow.plant(TaskState.READY), perform, at)

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
        token.note_act()
        return self._run(token.run, perform, at)

    def fire(self, path: str, perform: Perform, at: datetime) -> Step:
        """A timer has run out; raises `NotExpected` when none of that path has by then."""
        for token, definition, wait, _ in state.waited(self._workflow):
            if wait.path == path and wait.due is not None and wait.due <= at:
                return self._run(partial(self._workflow.event_manager.bring, token, BpmnEvent(definition)), perform, at)
        raise NotExpected(name=path)

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
        return self._run(lambda: self._workflow.send_event(event), perform, at)

    def retry(self, perform: Perform, at: datetime | None = None) -> Step:
        """Let every token with an incident try again; raises `NoIncident`."""
        if self.status != "incident":
            raise NoIncident
        return self._run(lambda: running.retry(self._workflow), perform, at)

    def cancel(self) -> Step:
        """End the case where it stands; raises `CaseEnded`."""
        if self.status in ("completed", "cancelled"):
            raise CaseEnded
        return self._run(self._workflow.cancel)

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
        return state.dump(state.load(self.definition, text), order) == state.dump(self._workflow, order)

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
        return [OpenTask(token.path, token.task_spec.bpmn_id, token.run_path) for token in tokens if _is_open(token)]

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

    def _run(self, first: Callable[[], object], *moment: Any) -> Step:
        """Do what a command does first, then all that follows from it."""
        workflow = self._workflow
        opened = {task.path for task in self.open_tasks}
        waited = {wait.path for wait in self.waits}
        workflow.record(*moment)
        with asking(workflow.ask):
            first()
            running.advance(workflow)
        if self.status == "completed":
            workflow.undoable = []
        tree.settle(workflow)
        waits = self.waits
        step = Step(
            transitions=tuple(workflow.transitions),
            opened=tuple(task for task in self.open_tasks if task.path not in opened),
            completed=tuple(path for path, how in workflow.closed if how == "completed" and path in opened),
            cancelled=tuple(path for path, how in workflow.closed if how == "cancelled" and path in opened),
            status=self.status,
            armed=tuple(wait for wait in waits if wait.path not in waited),
            disarmed=tuple(sorted(waited - {wait.path for wait in waits})),
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
