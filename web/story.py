"""A case's history as people read it: who did what and when, how long it had waited and how long the work took."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import clock
from engine.errors import N_
from engine.history import Entry

Between = Callable[[datetime, datetime], timedelta]

KINDS: Mapping[str, str] = {
    "start": N_("Started the case"),
    "claim": N_("Took the task"),
    "release": N_("Gave the task back"),
    "delegate": N_("Delegated the task"),
    "reassign": N_("Gave the task to somebody else or back to the role"),
    "complete": N_("Completed the task"),
    "cancel": N_("Cancelled the case"),
    "suspend": N_("Suspended the case"),
    "resume": N_("Resumed the case"),
    "retry": N_("Tried again what had failed"),
    "restore": N_("Made the case's state anew from its history"),
    "comment": N_("Commented"),
    "signed_copy": N_("Added the signed copy"),
    "timer": N_("A time had come"),
    "message": N_("A message came"),
    "signal": N_("A signal came"),
}

HANDED = ("delegated_to", "reassigned_to", "taken_from")  # whom an entry names when a task changes hands


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `waited` and `worked` are working time, of completed tasks only."""

    entry: Entry
    at: datetime
    who: str
    what: str
    waited: timedelta | None = None
    worked: timedelta | None = None


def story(entries: Iterable[Entry], between: Between) -> list[Line]:
    """A line for every entry, oldest first. A task nobody took waited until it was completed."""
    opened: dict[str, datetime] = {}
    taken: dict[str, datetime] = {}
    lines = []
    for entry in entries:
        at, path, kind = clock.from_text(entry["at"]), entry["path"], entry["kind"]
        waited = worked = None
        if kind == "claim" or entry.get("reassigned_to"):
            taken[path] = at
        elif kind in ("release", "reassign"):
            taken.pop(path, None)
        elif kind == "complete":
            begun = taken.get(path, at)
            waited, worked = between(opened[path], begun), between(begun, at) if path in taken else None
        opened |= {task["path"]: at for task in entry["opened"]}
        lines.append(Line(entry, at, entry["actor_card"]["full_name"], KINDS.get(kind, kind), waited, worked))
    return lines
