"""A case that runs: the commands, each of which returns the step that it made."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.canonical import canonical
from engine.definitions import Definition
from engine.errors import CaseEnded, NoIncident
from engine.runtime import state
from engine.runtime.data import Data
from engine.runtime.process import blueprint
from engine.runtime.values import Incident, NotOpen, OpenTask, Perform, Status, Step
from engine.runtime.workflow import CaseWorkflow, Token, is_open, start_of


class Case:
    """A case in memory. A refused command changes nothing; after any other exception, load it again."""

    def __init__(self, definition: Definition, workflow: CaseWorkflow) -> None:
        self.definition = definition
        self._workflow = workflow

    @classmethod
    def start(cls, definition: Definition, data: Mapping[str, Any], perform: Perform) -> tuple["Case", Step]:
        """Start a case with its first data."""
        values = Data({})
        values.put(data)
        workflow = CaseWorkflow(blueprint(definition), values)
        workflow.begin(perform)
        workflow.arrive(workflow, start_of(workflow), None)
        workflow.advance()
        case = cls(definition, workflow)
        return case, case._step()

    @classmethod
    def load(cls, definition: Definition, text: str) -> "Case":
        """The case whose `dump` this is."""
        return cls(definition, state.load(definition, text))

    def complete(self, path: str, data: Mapping[str, Any], perform: Perform) -> Step:
        """Submit an open user task; raises `NotOpen`. The submission replaces what this form gave before."""
        token = self._workflow.tokens.get(path)
        if token is None or not is_open(token):
            raise NotOpen(path=path)
        self._submit(token.task_spec.name, data)
        self._workflow.begin(perform)
        token.run()
        self._workflow.closed.append(token)
        self._workflow.advance()
        return self._step()

    def retry(self, perform: Perform) -> Step:
        """Let every token with an incident try again; raises `NoIncident`."""
        if self.status != "incident":
            raise NoIncident
        self._workflow.begin(perform)
        self._workflow.retry()
        return self._step()

    def cancel(self) -> Step:
        """End the case where it stands; raises `CaseEnded`."""
        if self.status in ("completed", "cancelled"):
            raise CaseEnded
        self._workflow.cancel_scope(self._workflow)
        self._workflow.cancelled = True
        return self._step()

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
    def incidents(self) -> list[Incident]:
        """The tokens that could not go on, oldest first."""
        return [
            Incident(token.id, token.task_spec.name, **token.internal_data["incident"])
            for token in self._workflow.tokens.values()
            if token._state == TaskState.ERROR
        ]

    def _submit(self, activity: str, data: Mapping[str, Any]) -> None:
        values = self._workflow.values
        key = self.definition.elements[activity].properties.get("dataKey")
        if key:
            values.put({key: dict(data)})
            return
        canonical(dict(data))  # refuse before the earlier contribution is gone
        for name in self._workflow.contributions.get(activity, ()):
            values.pop(name, None)
        values.put(data)
        self._workflow.contributions[activity] = sorted(data)

    def _step(self) -> Step:
        workflow = self._workflow
        live = workflow.tokens
        new = set(map(id, workflow.opened))
        step = Step(
            transitions=tuple(workflow.transitions),
            opened=tuple(OpenTask(t.id, t.task_spec.name) for t in workflow.opened if live.get(t.id) is t),
            completed=_paths(workflow.closed, new, TaskState.COMPLETED),
            cancelled=_paths(workflow.closed, new, TaskState.CANCELLED),
            status=self.status,
        )
        workflow.begin()
        return step


def _paths(closed: list[Token], new: set[int], state_: int) -> tuple[str, ...]:
    return tuple(t.id for t in closed if t._state == state_ and t.task_spec.manual and id(t) not in new)
