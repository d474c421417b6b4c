"""Who may do what, and in which capacity: `may` for acts, `require_task` for tasks, and deny by default.

Somebody acts for themself, as the substitute (Plh., Plt.) of somebody absent, or for whoever delegated one task to
them. Lane and position must both be of the one person acted for: what two people hold together opens nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from engine.errors import Forbidden, Separated, WrongLane, WrongPosition

ROLES = ("designer", "auditor", "admin")
# How a document writes the authority of who signs.
AUTHORITY = {"own": "", "plh": "Plh.", "plt": "Plt.", "delegation": "a.n."}


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity somebody acts: `kind` is own, plh, plt or delegation; `position` is the office that acts."""

    kind: str = "own"
    on_behalf_of: str | None = None
    position: str | None = None
    substitution: str | None = None

    @property
    def authority(self) -> str:
        """What documents write before the position: "Plh.", "Plt.", "a.n." or nothing."""
        return AUTHORITY[self.kind]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody absent, for whom one acts now within their lanes and positions; their roles do not come along."""

    substitution: str
    kind: str
    absent: str
    full_name: str
    until: datetime | None
    lanes: frozenset[str] = frozenset()
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, as they are at this moment: `roles` are of the installation, `lanes` of the SOPs."""

    name: str
    full_name: str
    lanes: frozenset[str] = frozenset()
    positions: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    rank: str | None = None
    nip: str | None = None
    stand_ins: tuple[StandIn, ...] = ()

    @property
    def reach(self) -> frozenset[str]:
        """The lanes they see: their own, and those of whom they stand in for."""
        return self.lanes.union(*(each.lanes for each in self.stand_ins))

    def card(self, capacity: Capacity | None = None) -> dict[str, str | None]:
        """How documents name them: who acts, in the office that the act needed, and by what authority."""
        capacity = capacity or Capacity(position=_first(self.positions))
        named = {"full_name": self.full_name, "rank": self.rank, "nip": self.nip}
        return {**named, "position": capacity.position, "garis_kewenangan": capacity.authority}


class Laned(Protocol):
    """A definition, as far as access asks."""

    @property
    def lanes(self) -> Collection[str]: ...

    @property
    def start_lane(self) -> str | None: ...


class Work(Protocol):
    """A user task, as far as access asks; `barred` are those whom separation of duties keeps from it, and why."""

    @property
    def lane(self) -> str: ...

    @property
    def position(self) -> str | None: ...

    @property
    def claimed_by(self) -> str | None: ...

    @property
    def delegated_to(self) -> str | None: ...

    @property
    def delegated_by(self) -> str | None: ...

    @property
    def delegated_as(self) -> str | None: ...

    @property
    def barred(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Post:
    """What a lane and a position ask for, where there is no task yet."""

    lane: str
    position: str | None = None
    claimed_by: str | None = None
    delegated_to: str | None = None
    delegated_by: str | None = None
    delegated_as: str | None = None
    barred: Mapping[str, str] = field(default_factory=dict)


def concerns(run: str | None, other: str | None) -> bool:
    """Whether an act in one run concerns a task in another: in the same, in one around it, or in one inside it."""
    if run is None or other is None:
        return True
    return f"{run}/".startswith(f"{other}/") or f"{other}/".startswith(f"{run}/")


def operating_system(account: str) -> Actor:
    """The operator at the machine itself: an operator's acts and no others."""
    return Actor(name=f"os:{account}", full_name=account, roles=frozenset({"admin", "designer"}))


def may(actor: Actor, action: str, definition: Laned | None = None) -> bool:
    """Whether `actor` may do `action`: an act on the installation, or on `definition`."""
    if action in GLOBAL:
        return bool(actor.roles & GLOBAL[action])
    if definition is None:
        return False
    if action == "definition.view":
        return bool(actor.roles & set(ROLES)) or bool(actor.reach & set(definition.lanes))
    if action == "definition.start":
        return starting(actor, definition) is not None
    return False


def require(actor: Actor, action: str) -> None:
    """Raise `Forbidden` unless `actor` may do `action` on the installation."""
    if not may(actor, action):
        raise Forbidden


GLOBAL = {
    "deploy": frozenset({"designer"}),
    "sops.view": frozenset({"designer", "auditor"}),
    "cases.view": frozenset({"auditor", "admin"}),
    "statistics.view": frozenset({"auditor", "designer", "admin"}),
    "case.operate": frozenset({"admin"}),
    "people.manage": frozenset({"admin"}),
    "office.manage": frozenset({"admin"}),
    "acts.view": frozenset({"auditor", "admin"}),
    "substitutes.view": frozenset({"auditor", "admin"}),
}


def may_substitute(actor: Actor, absent: str, substitute: str | None = None) -> bool:
    """Whether `actor` may let `substitute` stand in for `absent`, or end it: the absent or an admin, never themself."""
    return substitute != actor.name and (actor.name == absent or may(actor, "people.manage"))


def starting(actor: Actor, definition: Laned) -> Capacity | None:
    """In which capacity `actor` starts cases of the definition; None when it is not theirs to start."""
    lanes = {definition.start_lane} if definition.start_lane else set(definition.lanes)
    found = [each for lane in sorted(lanes) for each in _by_office(actor, Post(lane))]
    return min(found, key=lambda each: each.kind != "own", default=None)


def capacity(actor: Actor, task: Work) -> Capacity | None:
    """In which capacity the task is this person's to do; None when it is not."""
    try:
        return require_task(actor, task)
    except (WrongLane, WrongPosition, Separated):
        return None


def require_task(actor: Actor, task: Work) -> Capacity:
    """In which capacity the task is this person's to do: their own if they can.

    Raises `WrongLane`, `WrongPosition`, or `Separated` when they did what must be done by somebody else.
    """
    found = list(_by_office(actor, task))
    if task.delegated_to == actor.name:
        found.append(Capacity("delegation", task.delegated_by, task.delegated_as))
    if not found:
        raise WrongPosition(position=task.position) if task.lane in actor.reach else WrongLane(lane=task.lane)
    free = [each for each in found if not task.barred.keys() & {actor.name, each.on_behalf_of}]
    if not free:
        who, activity = next(each for each in task.barred.items() if each[0] in {actor.name, found[0].on_behalf_of})
        raise Separated(who=who, activity=activity)
    # What an absent person had taken goes on in their name.
    held = (each for each in free if task.claimed_by is not None and each.on_behalf_of == task.claimed_by)
    return next(held, free[0])


def _by_office(actor: Actor, task: Work) -> Iterator[Capacity]:
    if _holds(actor, task):
        yield Capacity(position=task.position or _first(actor.positions))
    for each in actor.stand_ins:
        if _holds(each, task):
            yield Capacity(each.kind, each.absent, task.position or _first(each.positions), each.substitution)


def _holds(person: Actor | StandIn, task: Work) -> bool:
    return task.lane in person.lanes and (not task.position or task.position in person.positions)


def _first(positions: tuple[str, ...]) -> str | None:
    return positions[0] if positions else None
