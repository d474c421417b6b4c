"""What goes into the runtime and comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.errors import N_, AlurError, Conflict

Status = Literal["running", "completed", "cancelled", "incident"]


class NotOpen(Conflict):
    """A submission for something that is not an open user task of the case."""

    message = N_("The task %(path)s is not open.")


class NotExpected(Conflict):
    """A timer, message or signal that the case does not wait for."""

    message = N_("The case does not wait for “%(name)s” now.")


class Stopped(AlurError):
    """What keeps a token from going on: an incident."""


class NoBranch(Stopped):
    """A gateway where no condition is true and no flow is the default."""

    message = N_("No condition of the gateway “%(gateway)s” is true, and it has no default flow.")


class ExcessToken(Stopped):
    """A second token on a flow where the join has not used the first."""

    message = N_("“%(gateway)s” was reached twice by the flow %(flow)s, before its other branches arrived.")


class Stuck(Stopped):
    """A join that waits for a branch which nothing can bring any more."""

    message = N_("“%(gateway)s” waits for a branch that will never arrive.")


class StepBudget(Stopped):
    """Automatic steps that lead on and on without anybody's act."""

    message = N_("More than %(budget)s automatic steps without a task for a person; the model goes round in circles.")


class Uncaught(Stopped):
    """An error that nothing around it catches."""

    code = "uncaught_error"
    message = N_("“%(event)s” raises the error “%(error)s”, which nothing around it catches.")


class TooDeep(Stopped):
    """Calls that lead into each other without end."""

    message = N_("“%(activity)s” is more than %(most)s sub-processes deep; the model calls itself without end.")


class BadTimer(Stopped):
    """A time that cannot be read, or not without a time zone."""

    message = N_(
        "“%(event)s” cannot wait for “%(value)s”: write a moment with its time zone, or a duration such as PT2H."
    )


class BadCount(Stopped):
    """A multi-instance activity whose number of instances is none."""

    message = N_("“%(activity)s” cannot be done “%(value)s” times; it takes a list or a whole number up to %(most)s.")


@dataclass(frozen=True, slots=True)
class Transition:
    """One thing that happened, in BPMN ids; `taken` names the flow and the element that it leaves."""

    activity_id: str
    event: Literal["entered", "completed", "cancelled", "taken"]
    flow_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for a person; `run` is that of `ServiceCall`."""

    path: str
    activity_id: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """A token that could not go on; `message` is an English sentence to translate and fill with `params`."""

    path: str
    activity_id: str
    code: str
    message: str
    params: Mapping[str, Any]

    @property
    def cause(self) -> str:
        """The sentence, filled, in English."""
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class Wait:
    """Something from outside that the case waits for: a moment (`due`), a message, a signal, a condition."""

    path: str
    activity_id: str
    kind: str
    name: str = ""
    due: datetime | None = None
    correlation: Any = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that nothing in this case waited for, or a signal: for whoever listens outside."""

    activity_id: str
    kind: str
    name: str
    payload: Any = None
    correlation: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """All that a command did; tasks and waits that began and ended within it are in the transitions only."""

    transitions: tuple[Transition, ...]
    opened: tuple[OpenTask, ...]
    completed: tuple[str, ...]
    cancelled: tuple[str, ...]
    status: Status
    armed: tuple[Wait, ...] = ()
    disarmed: tuple[str, ...] = ()
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service task's request: its operator, the worked-out parameters and a look at the case's data.

    `run` are the paths of what has scopes of data around it, from the outermost on, with `/` between them; empty where
    the data are the case's. `acts` are the paths of the user tasks that were done last in these, by activity.
    """

    path: str
    activity_id: str
    operator: str
    parameters: Mapping[str, Any]
    data: Mapping[str, Any]
    run: str = ""
    acts: Mapping[str, str] = field(default_factory=dict)


Perform = Callable[[ServiceCall], Any]
