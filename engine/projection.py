"""What the tables say of a case, derived from its entries alone.

The command that appends an entry writes `changes(entry)`; verification folds the same changes over all entries and
compares the result with the rows that are stored. One derivation, so the two cannot drift apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from engine import clock
from engine.canonical import canonical
from engine.db import insert_once
from engine.history import Entry
from engine.identity import split_document_id
from engine.models import documents, instances, keywords, numbers, user_tasks, waits
from engine.words import found_by

Row = dict[str, Any]

ENDED = ("completed", "cancelled")
REMARKS = ("comment", "signed_copy")  # what may still be added to a case that has ended

_NOT_DELEGATED: Row = dict.fromkeys(("delegated_to", "delegated_by", "delegated_as", "delegation_note"))


@dataclass(slots=True)
class Changes:
    """The rows one entry makes and the columns it sets, by key."""

    instance: Row = field(default_factory=dict)
    tasks_opened: list[Row] = field(default_factory=list)
    tasks_changed: dict[str, Row] = field(default_factory=dict)
    waits_begun: list[Row] = field(default_factory=list)
    waits_over: list[str] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)
    voided: list[tuple[str, int]] = field(default_factory=list)
    signed_copies: dict[tuple[str, int], str] = field(default_factory=dict)
    numbers: list[Row] = field(default_factory=list)
    keywords: list[Row] = field(default_factory=list)


def changes(entry: Entry, head: str) -> Changes:
    """What `entry`, whose hash is `head`, changes."""
    at = clock.from_text(entry["at"])
    result = Changes(instance={"seq": entry["seq"], "last_at": at, "head": head, "status": entry["status"]})
    if entry["kind"] == "start":
        result.instance |= _started(entry, at)
    if entry["kind"] in ("suspend", "resume"):
        result.instance["suspended"] = entry["reason"] if entry["kind"] == "suspend" else None
    if entry["status"] in ENDED and entry["kind"] not in REMARKS:
        result.instance["ended_at"] = at
    if entry["kind"] in ("claim", "release"):
        result.tasks_changed[entry["path"]] = _held(entry["actor"] if entry["kind"] == "claim" else None, at)
    if entry["kind"] == "delegate":
        result.tasks_changed[entry["path"]] = _delegated(entry)
    if entry["kind"] == "reassign":
        result.tasks_changed[entry["path"]] = {**_NOT_DELEGATED, **_held(entry["reassigned_to"], at)}
    for task in entry["opened"]:
        result.tasks_opened.append(_opened(task, entry["case"], at))
    for task in entry["closed"]:
        ended = {"ended_at": at, "ended_by": entry["actor"], "ended_for": entry["on_behalf_of"]}
        result.tasks_changed[task["path"]] = {"status": task["status"], **ended}
    result.waits_begun = [_wait(wait, entry["case"]) for wait in entry["armed"]]
    result.waits_over = list(entry["disarmed"])
    for place, document in enumerate(entry["documents"]):
        _issue(result, document, entry, at, place)
    texts = [entry.get("business_key"), *entry.get("keywords", ()), *(each["number"] for each in entry["documents"])]
    result.keywords = [{"instance_id": entry["case"], "word": word} for word in sorted(found_by(texts))]
    for copy in entry.get("signed_copies", ()):
        _, activity_id, version = split_document_id(copy["document"])
        result.signed_copies[activity_id, version] = canonical(copy["attachments"])
    return result


def _started(entry: Entry, at: datetime) -> Row:
    definition = entry["definition"]
    return {
        "id": entry["case"],
        "definition_key": definition["key"],
        "version": definition["version"],
        "definition_digest": entry["definition_digest"],
        "business_key": entry["business_key"],
        "suspended": None,
        "started_at": at,
        "started_by": entry["actor"],
        "ended_at": None,
    }


def _opened(task: Mapping[str, Any], case: str, at: datetime) -> Row:
    return {
        "instance_id": case,
        **{name: task[name] for name in ("path", "activity_id", "name", "lane", "position")},
        **_held(None, at),
        "created_at": at,
        "due_at": clock.from_text(task["due_at"]) if task["due_at"] else None,
        "ended_at": None,
        "ended_by": None,
        "ended_for": None,
        "separate_from": ",".join(task["separate_from"]) or None,
        "run": task.get("run"),
        **_NOT_DELEGATED,
        "revision": 1,
    }


def _held(by: str | None, at: datetime) -> Row:
    """Held by somebody since then, or by nobody."""
    return {"status": "claimed" if by else "ready", "claimed_by": by, "claimed_at": at if by else None}


def _delegated(entry: Entry) -> Row:
    """Given to one person, in whose hands it is free to be taken; to nobody: the delegation is over."""
    free = {**_NOT_DELEGATED, **_held(None, clock.from_text(entry["at"]))}
    if entry["delegated_to"] is None:
        return free
    return {
        **free,
        "delegated_to": entry["delegated_to"],
        "delegated_by": entry["on_behalf_of"] or entry["actor"],
        "delegated_as": entry["actor_card"]["position"],
        "delegation_note": entry["reason"],
    }


def _wait(wait: Mapping[str, Any], case: str) -> Row:
    return {
        "instance_id": case,
        **{name: wait[name] for name in ("path", "activity_id", "kind", "name")},
        "correlation": None if wait["correlation"] is None else canonical(wait["correlation"]),
        "due_at": clock.from_text(wait["due_at"]) if wait["due_at"] else None,
    }


def _issue(result: Changes, document: Mapping[str, Any], entry: Entry, at: datetime, place: int) -> None:
    identity = {"instance_id": entry["case"], "activity_id": document["activity_id"]}
    result.documents.append(
        {
            **identity,
            **{name: document[name] for name in ("version", "type", "number", "status", "filename", "sha256")},
            "title": document.get("title"),  # a service task need not give one
            "code": document.get("code"),  # entries of renderer version 1 have none
            "seq": entry["seq"],
            "place": place,
            "issued_at": at,
            "signed_by": canonical(document["signed_by"]),
            "signed_copies": None,
        }
    )
    if replaced := document.get("replaces", document["version"] - 1):
        result.voided.append((document["activity_id"], replaced))
    if document["given"]:
        result.numbers.append({**document["given"], **identity, "number": document["number"]})


@dataclass(slots=True)
class Projection:
    """A case's rows, folded from its entries."""

    instance: Row = field(default_factory=dict)
    user_tasks: dict[str, Row] = field(default_factory=dict)
    waits: dict[str, Row] = field(default_factory=dict)
    documents: dict[tuple[str, int], Row] = field(default_factory=dict)
    numbers: dict[str, Row] = field(default_factory=dict)
    keywords: list[Row] = field(default_factory=list)

    def fold(self, change: Changes) -> None:
        """Apply what one entry changed."""
        self.instance |= change.instance
        for row in change.tasks_opened:
            self.user_tasks[row["path"]] = row
        for path, columns in change.tasks_changed.items():
            self.user_tasks[path] |= columns
            self.user_tasks[path]["revision"] += 1
        for path in change.waits_over:
            del self.waits[path]
        for row in change.waits_begun:
            self.waits[row["path"]] = row
        for activity_id, version in change.voided:
            self.documents[activity_id, version]["status"] = "void"
        for row in change.documents:
            self.documents[row["activity_id"], row["version"]] = row
        for place, copies in change.signed_copies.items():
            self.documents[place]["signed_copies"] = copies
        for row in change.numbers:
            self.numbers[row["number"]] = row
        self.keywords += change.keywords


_INSERTS = {table.name: insert(table) for table in (user_tasks, waits, documents, numbers)}
_DOCUMENT = update(documents).where(
    documents.c.instance_id == bindparam("case"),
    documents.c.activity_id == bindparam("activity"),
    documents.c.version == bindparam("at_version"),
)
_TASK = (
    update(user_tasks)
    .where(user_tasks.c.instance_id == bindparam("case"), user_tasks.c.path == bindparam("at_path"))
    .values(revision=user_tasks.c.revision + 1)
)
_OVER = delete(waits).where(waits.c.instance_id == bindparam("case"), waits.c.path == bindparam("at_path"))
_START = insert(instances)
_INSTANCE = update(instances).where(instances.c.id == bindparam("case"))


def write(connection: Connection, case: str, change: Changes, state: str) -> None:
    """Write what one entry changed, with the engine state it led to."""
    if "id" in change.instance:
        connection.execute(_START, {**change.instance, "state": state})
    else:
        connection.execute(_INSTANCE, {"case": case, **change.instance, "state": state})
    for path, columns in change.tasks_changed.items():
        connection.execute(_TASK, {"case": case, "at_path": path, **columns})
    for path in change.waits_over:
        connection.execute(_OVER, {"case": case, "at_path": path})
    for activity_id, version in change.voided:
        _set_document(connection, case, activity_id, version, status="void")
    _insert(connection, user_tasks, change.tasks_opened)
    _insert(connection, waits, change.waits_begun)
    _insert(connection, documents, change.documents)
    for (activity_id, version), copies in change.signed_copies.items():
        _set_document(connection, case, activity_id, version, signed_copies=copies)
    _insert(connection, numbers, change.numbers)
    insert_once(connection, keywords, *change.keywords)


def _set_document(connection: Connection, case: str, activity_id: str, version: int, **columns: str) -> None:
    connection.execute(_DOCUMENT, {"case": case, "activity": activity_id, "at_version": version, **columns})


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(_INSERTS[table.name], rows)
