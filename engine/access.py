"""Who may do what: one function, `may`, and deny by default."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from engine.errors import WrongLane, WrongPosition

ROLES = ("designer", "auditor", "admin")


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

    def card(self, position: str | None = None) -> dict[str, str | None]:
        """How documents name them: the office the act needed, or their first one."""
        held = position or (self.positions[0] if self.positions else None)
        return {"full_name": self.full_name, "position": held, "rank": self.rank, "nip": self.nip}


class Laned(Protocol):
    """A definition, as far as access asks."""

    @property
    def lanes(self) -> Collection[str]: ...

    @property
    def start_lane(self) -> str | None: ...


class InLane(Protocol):
    """A user task, as far as access asks."""

    @property
    def lane(self) -> str: ...

    @property
    def position(self) -> str | None: ...


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
        return bool(actor.roles & set(ROLES)) or bool(actor.lanes & set(definition.lanes))
    if action == "definition.start":
        lanes = {definition.start_lane} if definition.start_lane else set(definition.lanes)
        return bool(actor.lanes & lanes)
    return False


GLOBAL = {
    "deploy": frozenset({"designer"}),
    "cases.view": frozenset({"auditor", "admin"}),
    "case.operate": frozenset({"admin"}),
    "people.manage": frozenset({"admin"}),
}


def require_task(actor: Actor, task: InLane) -> None:
    """Raise `WrongLane` or `WrongPosition` unless the task is this person's to do."""
    if task.lane not in actor.lanes:
        raise WrongLane(lane=task.lane)
    if task.position and task.position not in actor.positions:
        raise WrongPosition(position=task.position)
