"""One command on one case: lock it, run it, append what happened, write what follows. All of it commits, or none."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from engine import clock, history, notices, office, people, post, projection
from engine.access import Actor, Capacity, Post, Work
from engine.acts import Channel as Channel
from engine.bpmn import Element
from engine.bundles import Bundle
from engine.db import insert_once
from engine.definitions import Definition
from engine.errors import CaseEnded, CaseSuspended, NotFound, StateUnreadable
from engine.identity import user_task_id
from engine.models import instances, participants
from engine.performance import Live
from engine.runtime import Case, OpenTask, Step
from engine.site import Site
from engine.surroundings import LiveSurroundings
from engine.versions import CARRIED
from engine.worktime import due, parse_norm

_LOCKED = select(instances).where(instances.c.id == bindparam("case")).with_for_update()

_FAILED = (
    update(instances)
    .where(instances.c.id == bindparam("case"), instances.c.status.not_in((*projection.ENDED, "incident")))
    .values(status="incident")
)


@dataclass(slots=True)
class Act:
    """What is being done, before anything follows from it."""

    kind: str
    actor: Actor
    channel: Channel
    path: str | None = None
    activity_id: str | None = None
    data: Any = None
    reason: str | None = None
    attachments: Sequence[Mapping[str, str]] = ()
    extra: Mapping[str, Any] | None = None
    capacity: Capacity | None = None
    task: Work | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command left: the entry with its hash, which is the receipt."""

    entry: Mapping[str, Any]
    hash: str


class Casework:
    """A locked case inside its transaction."""

    def __init__(
        self, site: Site, connection: Connection, bundle: Bundle, instance_id: str, row: Row[Any] | None = None
    ) -> None:
        self.site, self.connection, self.bundle, self.instance_id = site, connection, bundle, instance_id
        self.row: Any = row  # None in the command that starts the case
        self.head = row.head if row is not None else history.GENESIS
        self.at = clock.after(site.clock(), row.last_at if row is not None else None)
        self.case: Case | None = None
        self._live: Live | None = None
        self._failed: frozenset[str] = frozenset()
        self._parts = site.parts.take((instance_id, self.head)) or frozenset[str]()

    def load(self) -> Case:
        """The engine's state, from memory when this process ran the case last."""
        self.case = self.site.cases.take((self.instance_id, self.head)) or Case.load(
            self.bundle.definition, self.row.state
        )
        self._failed = frozenset(incident.path for incident in self.case.incidents)
        return self.case

    def keep(self) -> None:
        """Keep the engine's state in memory, and who has a part in the case, now that both are on disk."""
        self.site.parts.keep((self.instance_id, self.head), self._parts)
        if self.case is not None:
            self.site.cases.keep((self.instance_id, self.head), self.case)

    def require_active(self) -> None:
        """Raise `CaseEnded` or `CaseSuspended` when nobody may act on the case."""
        if self.row.status in projection.ENDED:
            raise CaseEnded
        if self.row.suspended is not None:
            raise CaseSuspended(reason=self.row.suspended)

    def perform(self, act: Act, title: str | None = None) -> Live:
        """How this command carries out service tasks: in today's world, taking notes.

        `title` is what documents call the case; its own unless it only begins.
        """
        title = title or str(self.row.business_key or self.bundle.definition.name)
        self._live = Live(self.connection, self.bundle, LiveSurroundings(self.connection, title, self._what(act)))
        return self._live

    def record(self, act: Act, step: Step | None = None, status: str | None = None) -> Recorded:
        """Append the entry of `act` and what followed, if anything moved, and write the rows that follow from it."""
        case = self.case or self.load()
        step = step or Step((), (), (), (), self.row.status)
        what = self._what(act)
        entry = {
            **what,
            "allowed": self._allowed(act),
            "user_task_id": named_task(what),
            "data": act.data,
            "reason": act.reason,
            "attachments": list(act.attachments),
            "results": self._live.results if self._live else [],
            "transitions": transitions(step),
            "opened": self._opened(step),
            "closed": closed(step),
            "armed": armed(step),
            "disarmed": list(step.disarmed),
            "sent": sent(step),
            "documents": self._live.documents if self._live else [],
            "status": status or step.status,
            "state_digest": case.digest(),
            **(act.extra or {}),
        }
        sealed = history.seal(entry)
        change = projection.changes(entry, sealed.hash)
        projection.write(self.connection, self.instance_id, change, case.dump())
        history.append(self.connection, entry, sealed)
        post.put(self.connection, entry)
        self.head = sealed.hash
        notices.announce(self.connection, entry, self._newly_failed(act, case), bool(self.site.settings.smtp_url))
        self._take_part(act.actor.name, entry["on_behalf_of"])
        return Recorded(entry, self.head)

    def _take_part(self, *users: str | None) -> None:
        """Note who has a part in the case, but for those of whom the history up to here is known to have noted it."""
        for user in filter(None, users):
            if user not in self._parts:
                insert_once(self.connection, participants, {"instance_id": self.instance_id, "user": user})
                self._parts |= {user}

    def _newly_failed(self, act: Act, case: Case) -> list[str]:
        known = frozenset() if act.kind == "retry" else self._failed
        return [incident.path for incident in case.incidents if incident.path not in known]

    def _what(self, act: Act) -> dict[str, Any]:
        capacity = act.capacity
        return {
            "case": self.instance_id,
            "seq": self.row.seq + 1 if self.row is not None else 1,
            "at": clock.to_text(self.at),
            "kind": act.kind,
            "actor": act.actor.name,
            "actor_card": act.actor.card(capacity),
            "on_behalf_of": capacity.on_behalf_of if capacity else None,
            "authority": {"kind": capacity.kind, "substitution": capacity.substitution}
            if capacity and capacity.on_behalf_of
            else None,
            "channel": act.channel.name,
            "account": act.channel.account,
            "path": act.path,
            "activity_id": act.activity_id,
            **named(self.bundle.definition, act.activity_id),
            "definition_digest": self.bundle.definition.digest,
            **CARRIED,
            "prev_hash": self.head,
        }

    def _allowed(self, act: Act) -> list[str]:
        element = self.bundle.definition.elements[act.activity_id] if act.activity_id else None
        if element is None or element.lane is None or act.kind == "timer":
            return []
        return people.allowed(self.connection, act.task or Post(element.lane), self.at)

    def _opened(self, step: Step) -> list[dict[str, Any]]:
        elements = self.bundle.definition.elements
        tasks = opened(self.bundle.definition, step)
        return [{**task, "due_at": self._due(elements[task["activity_id"]].properties.get("waktu"))} for task in tasks]

    def _due(self, norm_text: str | None) -> str | None:
        norm = parse_norm(norm_text) if norm_text else None
        if norm is None:
            return None
        moment: datetime = due(self.at, norm, office.calendar(self.connection))
        return clock.to_text(moment)


def named(definition: Definition, activity_id: str | None) -> dict[str, str | None]:
    """What an entry calls the activity that it is about, and whose lane that is in."""
    element = definition.elements[activity_id] if activity_id else None
    return {"activity_name": element.name if element else None, "lane": element.lane if element else None}


def named_task(entry: Mapping[str, Any]) -> str | None:
    """The user task that an entry is about, as others know it."""
    return user_task_id(entry["case"], entry["path"]) if entry["path"] and entry["kind"] != "timer" else None


def opened(definition: Definition, step: Step) -> list[dict[str, Any]]:
    """The user tasks that a step opened and whose they are; their deadlines come from the office's calendar."""
    return [_opened(task, definition.elements[task.activity_id]) for task in step.opened]


def _opened(task: OpenTask, element: Element) -> dict[str, Any]:
    whose = {"position": element.properties.get("position"), "separate_from": list(element.separate_from)}
    where = {"run": task.run} if task.run else {}
    return {"path": task.path, "activity_id": element.id, "name": element.name, "lane": element.lane, **whose, **where}


def transitions(step: Step) -> list[dict[str, Any]]:
    """Token transitions as an entry writes them."""
    return [{"activity_id": t.activity_id, "event": t.event, "flow_id": t.flow_id} for t in step.transitions]


def closed(step: Step) -> list[dict[str, str]]:
    """The user tasks that a step ended."""
    done = [{"path": path, "status": "completed"} for path in step.completed]
    return done + [{"path": path, "status": "cancelled"} for path in step.cancelled]


def armed(step: Step) -> list[dict[str, Any]]:
    """What a step began to wait for."""
    return [
        {
            "path": wait.path,
            "activity_id": wait.activity_id,
            "kind": wait.kind,
            "name": wait.name,
            "correlation": wait.correlation,
            "due_at": clock.to_text(wait.due) if wait.due else None,
        }
        for wait in step.armed
    ]


def sent(step: Step) -> list[dict[str, Any]]:
    """The messages and signals that a step threw, for whoever listens."""
    return [asdict(each) for each in step.sent]


@contextmanager
def on_case(site: Site, instance_id: str) -> Iterator[Casework]:
    """Lock a case for one command; raises `NotFound`. The engine's state is kept in memory once it is on disk.

    That the state cannot be read is an incident of the case.
    """
    try:
        with site.database.write() as connection:
            row = connection.execute(_LOCKED, {"case": instance_id}).first()
            if row is None:
                raise NotFound
            work = Casework(site, connection, site.bundle(connection, row.definition_digest), instance_id, row)
            yield work
    except StateUnreadable:
        with site.database.write() as connection:
            if connection.execute(_FAILED, {"case": instance_id}).rowcount:
                notices.announce_unreadable(connection, row, site.clock(), bool(site.settings.smtp_url))
        raise
    work.keep()
