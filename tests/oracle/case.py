"""A case that runs: the commands, each of which returns the step that it made."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import clock
from engine.canonical import canonical, normal
from engine.definitions import Definition
from engine.errors import CaseEnded, NoIncident
from engine.functions import asking
from engine.runtime.data import Data
from engine.runtime.values import Incident, NotExpected, NotOpen, OpenTask, Perform, Status, Step, Wait
from tests.oracle import catching, running, state
from tests.oracle.process import blueprint
from tests.oracle.token import Token, is_open
from tests.oracle.workflow import CaseWorkflow


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
        values = Data({})
        values.put(data)
        workflow = CaseWorkflow(blueprint(definition), values)
        workflow.begin(perform, at)
        with asking(workflow.ask):
            workflow.start_scope(workflow, start)
            running.advance(workflow)
        case = cls(definition, workflow)
        return case, case._step()

    @classmethod
    def load(cls, definition: Definition, text: str) -> "Case":
        """The case whose `dump` this is."""
        return cls(definition, state.load(definition, text))

    def complete(self, path: str, data: Mapping[str, Any], perform: Perform, at: datetime | None = None) -> Step:
        """Submit an open user task; raises `NotOpen`. The submission replaces what this form gave before."""
        token = self._workflow.tokens.get(path)
        if token is None or not is_open(token):
            raise NotOpen(path=path)
        self._submit(token, data)
        self._workflow.begin(perform, at)
        self._workflow.closed.append((token, "completed"))
        return self._advance(token.run)

    def fire(self, path: str, perform: Perform, at: datetime) -> Step:
        """A timer has run out; raises `NotExpected` when none of that path has by then."""
        if not any(wait.path == path and wait.due is not None and wait.due <= at for wait in self.waits):
            raise NotExpected(name=path)
        self._workflow.begin(perform, at)
        return self._advance(lambda: self._workflow.trigger(self._workflow.tokens[path]))

    def deliver(
        self, name: str, payload: Any, perform: Perform, at: datetime | None = None, correlation: Any = None
    ) -> Step:
        """A message has come, for the first that waits for it; raises `NotExpected` when nothing does."""
        return self._come(lambda case: catching.deliver(case, name, normal(payload), correlation), name, perform, at)

    def broadcast(self, name: str, payload: Any, perform: Perform, at: datetime | None = None) -> Step:
        """A signal has come, for all that wait for it; raises `NotExpected` when nothing does."""
        return self._come(lambda case: catching.broadcast(case, name, normal(payload)), name, perform, at)

    def _come(self, bring: Callable[[CaseWorkflow], bool], name: str, perform: Perform, at: datetime | None) -> Step:
        self._workflow.begin(perform, at)
        with asking(self._workflow.ask):
            if not bring(self._workflow):
                raise NotExpected(name=name)
        return self._advance()

    def _advance(self, first: Callable[[], object] = lambda: None) -> Step:
        """Do what comes first, then all that follows from it."""
        with asking(self._workflow.ask):
            first()
            running.advance(self._workflow)
        return self._step()

    def retry(self, perform: Perform, at: datetime | None = None) -> Step:
        """Let every token with an incident try again; raises `NoIncident`."""
        if self.status != "incident":
            raise NoIncident
        self._workflow.begin(perform, at)
        with asking(self._workflow.ask):
            running.retry(self._workflow)
        return self._step()

    def cancel(self) -> Step:
        """End the case where it stands; raises `CaseEnded`."""
        if self.status in ("completed", "cancelled"):
            raise CaseEnded
        self._workflow.begin()
        self._workflow.cancel_scope(self._workflow)
        self._workflow.cancelled = True
        return self._step()

    def wait_until(self, path: str, due: datetime) -> None:
        """Let a timer run out at the moment that is told, rather than at the one that was reckoned."""
        self._workflow.tokens[path].internal_data["wait"]["due"] = clock.to_text(due)

    def dump(self) -> str:
        """The case as canonical JSON text; small, and no larger after many laps."""
        return state.dump(self._workflow)

    def digest(self) -> str:
        """The state digest, version 1."""
        return state.digest(self._workflow)

    @property
    def data(self) -> Mapping[str, Any]:
        """The data that all activities of the case share; to be read, not written."""
        return self._workflow.values

    @property
    def status(self) -> Status:
        """Where the case stands."""
        return state.status(self._workflow)

    @property
    def open_tasks(self) -> list[OpenTask]:
        """The user tasks that wait for a person, oldest first."""
        return [OpenTask(token.id, token.task_spec.name) for token in self._workflow.tokens.values() if is_open(token)]

    @property
    def waits(self) -> list[Wait]:
        """What the case waits for from outside: moments, messages, signals, conditions; oldest first."""
        return state.waits(self._workflow)

    @property
    def incidents(self) -> list[Incident]:
        """The tokens that could not go on, oldest first."""
        return [
            Incident(token.id, token.task_spec.element, **token.internal_data["incident"])
            for token in self._workflow.tokens.values()
            if token._state == TaskState.ERROR
        ]

    def _submit(self, token: Token, data: Mapping[str, Any]) -> None:
        activity, values = token.task_spec.name, token.data
        key = self.definition.elements[activity].properties.get("dataKey")
        if key:
            values.put({key: dict(data)})
            return
        canonical(dict(data))  # refuse before the earlier contribution is gone
        for name in self._workflow.contributions.get(activity, ()):
            self._workflow.values.pop(name, None)
        values.put(data)
        self._workflow.contributions[activity] = sorted(data)

    def _step(self) -> Step:
        workflow = self._workflow
        live = workflow.tokens
        new = set(map(id, workflow.opened))
        before = workflow.waiting_before
        after = self.waits if workflow.blueprint.waits else []
        step = Step(
            transitions=tuple(workflow.transitions),
            opened=tuple(OpenTask(t.id, t.task_spec.name) for t in workflow.opened if live.get(t.id) is t),
            completed=_paths(workflow, new, "completed"),
            cancelled=_paths(workflow, new, "cancelled"),
            status=self.status,
            armed=tuple(wait for wait in after if wait.path not in before),
            disarmed=tuple(sorted(before - {wait.path for wait in after})),
            sent=tuple(workflow.sent),
        )
        workflow.begin()
        return step


def _paths(workflow: CaseWorkflow, new: set[int], how: str) -> tuple[str, ...]:
    return tuple(t.id for t, end in workflow.closed if end == how and t.task_spec.manual and id(t) not in new)
