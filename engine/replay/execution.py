"""A case executed again from its entries, nothing asked of today's world."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from engine import clock
from engine.bundles import Bundle
from engine.casework import armed, closed, named, named_task, opened, sent, transitions
from engine.errors import N_, AlurError, StateUnreadable
from engine.history import Entry
from engine.performance import Again, Divergence, Shelf
from engine.replay.claims import (
    check_delegation,
    check_inputs,
    check_keywords,
    check_place,
    check_reassignment,
    check_sender,
    check_separation,
    check_signatories,
    check_signed_copies,
    check_world,
)
from engine.replay.projections import kept_state
from engine.replay.statements import Statement
from engine.runtime import Case, NotOpen, Step
from engine.verification import UNREADABLE, Different
from engine.versions import today, versions_of


@dataclass(slots=True)
class Execution:
    """A case, entry by entry, each compared with what it led to; whatever its versions, by today's code.

    Where an entry is of older versions, what comes out otherwise is counted in `otherwise`, by entry, and taken as it
    stands; once a state does, the case is `lost` and runs no further.
    """

    connection: Connection
    bundle: Bundle
    title: str
    case: Case | None = None
    status: str = ""
    seq: int = 0
    older: bool = False
    began_older: bool = False
    lost: bool = False
    otherwise: Counter[int] = field(default_factory=Counter)
    signers: dict[str, Entry] = field(default_factory=dict)
    acts: dict[str, Entry] = field(default_factory=dict)
    done: dict[tuple[str, str | None], Entry] = field(default_factory=dict)  # by activity and run
    runs: dict[str, str | None] = field(default_factory=dict)  # by task
    delegations: dict[str, Entry] = field(default_factory=dict)
    holders: dict[str, str | None] = field(default_factory=dict)
    issued: dict[str, str] = field(default_factory=dict)

    def follow(self, entry: Entry) -> None:
        """Execute the next entry; raises `Different`."""
        self.seq, self.older = entry["seq"], versions_of(entry).before(today())
        self.began_older |= self.older
        with self._excusing(*UNREADABLE, lost=True):
            self._check_claims(entry)
        if not self.lost:
            with self._excusing(Different, *UNREADABLE, lost=True):
                self._run(entry)
        with self._excusing(Different, *UNREADABLE):
            check_signed_copies(self.bundle, entry, self.issued)
        self.status = entry["status"]

    def resume(self, entry: Entry, relied: Statement) -> None:
        """Go on from where an older version had come to, if that is not where this one has.

        A case that had ended stands where it stood then.
        """
        state = relied.state or (kept_state(self.connection, entry["case"]) if self.lost else None)
        told = self._loaded(state) if state else None
        if told is None or told.digest() != entry["state_digest"]:
            return
        if self.case is None or self.lost or not self.case.is_kept_as(told.dump(), order=False):
            self.otherwise[self.seq] += 1
            self.case, self.lost = told, False

    def check_state(self, stored: str) -> None:
        """The state kept of the case is where execution came to; an older version may have written it otherwise.

        Raises `Different`.
        """
        if self.case is None or self.lost:
            return
        with self._excusing(Different, StateUnreadable):
            if not self.case.is_kept_as(stored, order=not self.began_older):
                raise Different(None, N_("the stored state of the case was changed"))

    def _loaded(self, state: str) -> Case | None:
        try:
            return Case.load(self.bundle.definition, state)
        except StateUnreadable:
            return None

    @contextmanager
    def _excusing(self, *what: type[Exception], lost: bool = False) -> Iterator[None]:
        """Count what is raised for an entry of older versions, rather than let it pass."""
        try:
            yield
        except what:
            if not self.older:
                raise
            self.otherwise[self.seq] += 1
            self.lost |= lost

    def _check_claims(self, entry: Entry) -> None:
        """What holds of every entry whatever its versions, and what follows from how forms are read."""
        if entry["definition_digest"] != self.bundle.definition.digest:
            raise Different(entry["seq"], N_("the entry names another definition"))
        check_world(entry, self.title)
        check_separation(self.bundle, entry, self.done, self.runs)
        check_sender(self.connection, entry)
        check_delegation(entry, self.delegations)
        check_reassignment(entry, self.delegations, self.holders)
        with self._excusing(Different):
            check_inputs(self.bundle, entry)
        with self._excusing(Different):
            check_keywords(self.bundle, entry)
        if entry["kind"] == "complete":
            self.signers[entry["activity_id"]] = self.acts[entry["path"]] = entry
            self.done[entry["activity_id"], self.runs.get(entry["path"])] = entry
        self.runs |= {task["path"]: task.get("run") for task in entry["opened"]}
        check_signatories(entry, self.signers, self.acts)

    def _run(self, entry: Entry) -> None:
        perform = Again(Shelf(self.connection, self.bundle), entry)
        if self.case is not None:
            check_place(self.case, entry)
        try:
            self.case, step = _step(self.bundle, self.case, entry, perform)
        except (Divergence, NotOpen, AlurError) as error:
            raise Different(entry["seq"], N_("it cannot be executed again: %(cause)s"), cause=str(error)) from error
        if self.older and step:
            _wait_as_told(entry, self.case, step)
        self._compare(entry, self.case, step, perform)

    def _compare(self, entry: Entry, case: Case, step: Step | None, perform: Again) -> None:
        """All that the entry says it led to; what an older version came to may differ, but for the state."""
        led_to = {
            **named(case.definition, entry["activity_id"]),
            "user_task_id": named_task(entry),
            "transitions": transitions(step) if step else [],
            "opened": opened(case.definition, step) if step else [],
            "closed": closed(step) if step else [],
            "armed": armed(step) if step else [],
            "disarmed": list(step.disarmed) if step else [],
            "sent": sent(step) if step else [],
            "documents": perform.documents,
            "status": _status(entry, case, step, self.status),
            "state_digest": case.digest(),
        }
        tasks = [{name: value for name, value in task.items() if name != "due_at"} for task in entry["opened"]]
        recorded = {**entry, "opened": tasks}
        for what in (what for what in led_to if recorded[what] != led_to[what]):
            with self._excusing(Different, lost=what == "state_digest"):
                reason = N_("re-execution comes to other %(what)s")
                raise Different(self.seq, reason, led_to[what], recorded[what], what=what)
        if perform.unused:
            with self._excusing(Different):
                reason = N_("the entry records answers that nothing asks for")
                raise Different(self.seq, reason, found=[*perform.unused])


def execute(connection: Connection, bundle: Bundle, entries: list[Entry], relied: Statement | None = None) -> Execution:
    """Run all entries again, with the statement of an older version to rely on; raises `Different`."""
    execution = Execution(connection, bundle, entries[0]["business_key"] or bundle.definition.name)
    for entry in entries:
        execution.follow(entry)
        if relied and relied.seq == entry["seq"]:
            execution.resume(entry, relied)
    return execution


def perform_again(bundle: Bundle, entries: Iterable[Entry], shelf: Shelf) -> None:
    """Execute entries once more for what their service tasks ask of the shelf; nothing is compared."""
    case: Case | None = None
    for entry in entries:
        case, _ = _step(bundle, case, entry, Again(shelf, entry))


def _step(bundle: Bundle, case: Case | None, entry: Entry, perform: Again) -> tuple[Case, Step | None]:
    at = clock.from_text(entry["at"])
    if case is None:
        return Case.start(bundle.definition, dict(entry["data"]), perform, at, entry["activity_id"])
    if entry["kind"] == "complete":
        return case, case.complete(entry["path"], dict(entry["data"]), perform, at)
    if entry["kind"] == "retry":
        return case, case.retry(perform, at)
    if entry["kind"] == "timer":
        return case, case.fire(entry["path"], perform, at)
    if entry["kind"] in ("message", "signal"):
        return case, _come(case, entry, perform, at)
    if entry["kind"] == "cancel":
        return case, case.cancel()
    return case, None


def _come(case: Case, entry: Entry, perform: Again, at: datetime) -> Step:
    data = entry["data"]
    if entry["kind"] == "message":
        return case.deliver(data["name"], data["payload"], perform, at, data["correlation"])
    return case.broadcast(data["name"], data["payload"], perform, at)


def _wait_as_told(entry: Entry, case: Case, step: Step) -> None:
    """Where an older version reckoned another moment for a timer, the case waits for that one."""
    told = {each["path"]: clock.from_text(each["due_at"]) for each in entry["armed"] if each["due_at"]}
    for wait in step.armed:
        if wait.due and wait.due != told.get(wait.path, wait.due):
            case.wait_until(wait.path, told[wait.path])


def _status(entry: Entry, case: Case, step: Step | None, before: str) -> str:
    """Where the entry leaves the case; what moves nothing leaves it as it was."""
    if entry["kind"] == "suspend":
        return "suspended"
    return case.status if step or entry["kind"] == "resume" else before
