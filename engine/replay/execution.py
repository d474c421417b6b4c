"""A case executed again from its entries, nothing asked of today's world."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from engine import clock
from engine.bundles import Bundle
from engine.casework import armed, closed, named, named_task, opened, sent, transitions
from engine.errors import N_, AlurError
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
from engine.rules import RULES, rules_of
from engine.runtime import Case, NotOpen, Step
from engine.verification import Different


def execute(connection: Connection, bundle: Bundle, entries: list[Entry]) -> tuple[Case, int]:
    """Run all entries again and compare what each led to; the case, and how much of it an older rule decided."""
    case: Case | None = None
    older = 0
    signers: dict[str, Entry] = {}
    delegations: dict[str, Entry] = {}
    holders: dict[str, str | None] = {}
    issued: dict[str, str] = {}
    title, status = entries[0]["business_key"] or bundle.definition.name, ""
    for entry in entries:
        if entry["definition_digest"] != bundle.definition.digest:
            raise Different(entry["seq"], N_("the entry names another definition"))
        check_world(entry, title)
        check_separation(bundle, entry, signers)
        check_sender(connection, entry)
        check_delegation(entry, delegations)
        check_reassignment(entry, delegations, holders)
        check_inputs(bundle, entry)
        check_keywords(bundle, entry)
        if entry["kind"] == "complete":
            signers[entry["activity_id"]] = entry
        check_signatories(entry, signers)
        perform = Again(Shelf(connection, bundle), entry)
        if case is not None:
            check_place(case, entry)
        try:
            case, step = _step(bundle, case, entry, perform)
        except (Divergence, NotOpen, AlurError) as error:
            raise Different(entry["seq"], N_("it cannot be executed again: %(cause)s"), cause=str(error)) from error
        step, otherwise = _as_told(entry, case, step)
        older += otherwise
        _compare(entry, case, step, perform, status)
        status = entry["status"]
        check_signed_copies(bundle, entry, issued)
    assert case is not None
    return case, older


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


def _as_told(entry: Entry, case: Case, step: Step | None) -> tuple[Step | None, int]:
    """Where an older rule reckoned another moment for a timer, the case waits for that one; how many there were."""
    if step is None or rules_of(entry) >= RULES:
        return step, 0
    told = {each["path"]: clock.from_text(each["due_at"]) for each in entry["armed"] if each["due_at"]}
    armed = tuple(replace(wait, due=told.get(wait.path, wait.due)) if wait.due else wait for wait in step.armed)
    otherwise = [wait for wait, now in zip(armed, step.armed, strict=True) if wait != now]
    for wait in otherwise:
        case.wait_until(wait.path, told[wait.path])
    return replace(step, armed=armed), len(otherwise)


def _status(entry: Entry, case: Case, step: Step | None, before: str) -> str:
    """Where the entry leaves the case; what moves nothing leaves it as it was."""
    if entry["kind"] == "suspend":
        return "suspended"
    return case.status if step or entry["kind"] == "resume" else before


def _compare(entry: Entry, case: Case, step: Step | None, perform: Again, before: str) -> None:
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
        "status": _status(entry, case, step, before),
        "state_digest": case.digest(),
    }
    tasks = [{name: value for name, value in task.items() if name != "due_at"} for task in entry["opened"]]
    recorded = {**entry, "opened": tasks}
    for what, value in led_to.items():
        if recorded[what] != value:
            raise Different(entry["seq"], N_("re-execution comes to other %(what)s"), value, recorded[what], what=what)
    if perform.unused:
        raise Different(entry["seq"], N_("the entry records answers that nothing asks for"), found=[*perform.unused])
