"""Proof: a case is executed again from its history alone, and everything stored about it is compared.

Nothing is asked of today's world. The answer is `verified`, `failed` with the first place that differs, or
`not_reproducible` when another version of the engine or the renderer made the history; then the chain and the stored
bytes are still checked.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from docgen.render import RENDERER_VERSION
from engine import clock, contents, history, ledger
from engine.access import Actor
from engine.bundles import Bundle
from engine.canonical import canonical
from engine.casework import armed, closed, sent, transitions
from engine.errors import N_, AlurError, NotFound
from engine.history import Entry, Stored
from engine.models import attachments, documents, instances, numbers, user_tasks, waits
from engine.performance import Again, Divergence, Shelf
from engine.projection import Projection, changes
from engine.queries.cases import require_visible
from engine.runtime import ENGINE_VERSION, Case, NotOpen, Step
from engine.site import Site
from engine.surroundings import signatory
from engine.verification import Difference as Difference
from engine.verification import Different as _Different
from engine.verification import Verification as Verification
from forms.signed_copies import signed_copies

EXECUTING = ("start", "complete", "retry", "cancel", "timer", "message", "signal")
ACTS = "acts"


def verify(site: Site, actor: Actor, instance_id: str) -> Verification:
    """Verify one case that the person may see; raises `NotFound`."""
    with site.database.read() as connection:
        require_visible(connection, actor, instance_id)
        return verify_case(site, connection, instance_id)


def verify_all(site: Site) -> Iterator[tuple[str, Verification]]:
    """Verify every case, oldest first, then what was done outside cases (`acts`)."""
    with site.database.read() as connection:
        for instance_id in connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars().all():
            yield instance_id, verify_case(site, connection, instance_id)
        yield ACTS, ledger.verify(connection)


def verify_case(site: Site, connection: Connection, instance_id: str) -> Verification:
    """Verify one case inside a transaction."""
    stored = list(history.read(connection, instance_id))
    rows = connection.execute(select(documents.c.sha256).where(documents.c.instance_id == instance_id)).all()
    counts = len(stored), len(rows)
    try:
        entries = _chain(stored, instance_id)
        _contents(connection, entries)
        if any((e["engine"], e["renderer"]) != (ENGINE_VERSION, RENDERER_VERSION) for e in entries):
            return Verification("not_reproducible", *counts)
        bundle = _bundle(site, connection, entries[0])
        case = _execute(connection, bundle, entries)
        _projections(connection, entries, _folded(stored, entries), case)
    except _Different as different:
        return Verification("failed", *counts, different.difference)
    return Verification("verified", *counts)


def _chain(stored: list[Stored], case: str) -> list[Entry]:
    """The entries, each bound to the one before, numbered from 1 without a gap, in strictly increasing time."""
    previous, last_at = history.GENESIS, ""
    entries: list[Entry] = []
    for number, row in enumerate(stored, 1):
        if row.seq != number:
            raise _Different(number, N_("an entry is missing"), number, row.seq)
        if history.digest(row.text) != row.hash:
            raise _Different(number, N_("the entry was changed"), row.hash, history.digest(row.text))
        entry = json.loads(row.text)
        if (entry["case"], entry["seq"], entry["prev_hash"]) != (case, number, previous):
            raise _Different(number, N_("the chain is broken"), previous, entry["prev_hash"])
        if entry["at"] <= last_at:
            raise _Different(number, N_("time runs backwards"), f"after {last_at}", entry["at"])
        previous, last_at = row.hash, entry["at"]
        entries.append(entry)
    if not entries or entries[0]["kind"] != "start":
        raise _Different(1, N_("the case has no beginning"))
    return entries


def _contents(connection: Connection, entries: list[Entry]) -> None:
    """The stored bytes of documents and bound attachments are what the history says."""
    for entry in entries:
        for item in (*entry["documents"], *entry["attachments"]):
            try:
                found = contents.sha256(contents.read(connection, item["sha256"]))
            except NotFound:
                found = "missing"
            if found != item["sha256"]:
                raise _Different(
                    entry["seq"], N_("the file of %(file)s was changed"), item["sha256"], found, file=item["id"]
                )


def _bundle(site: Site, connection: Connection, start: Entry) -> Bundle:
    """The pinned definition, read again from its stored files."""
    digest = start["definition_digest"]
    try:
        found = site.bundle(connection, digest)
    except AlurError as error:
        raise _Different(1, N_("the pinned definition cannot be read"), digest, error) from error
    if found.definition.digest != digest:
        raise _Different(1, N_("the pinned definition was changed"), digest, found.definition.digest)
    for name, sha256 in found.definition.files.items():
        stored = contents.sha256(contents.read(connection, sha256))
        if stored != sha256:
            raise _Different(1, N_("the pinned file %(file)s was changed"), sha256, stored, file=name)
    return found


def _execute(connection: Connection, bundle: Bundle, entries: list[Entry]) -> Case:
    """Run all entries again and compare what each led to."""
    case: Case | None = None
    signers: dict[str, Entry] = {}
    delegations: dict[str, Entry] = {}
    issued: dict[str, str] = {}
    for entry in entries:
        if entry["definition_digest"] != bundle.definition.digest:
            raise _Different(entry["seq"], N_("the entry names another definition"))
        _separation(bundle, entry, signers)
        _sender(connection, entry)
        _delegation(entry, delegations)
        if entry["kind"] == "complete":
            signers[entry["activity_id"]] = entry
        _signatories(entry, signers)
        perform = Again(Shelf(connection, bundle), entry["case"], entry["results"])
        try:
            case, step = _step(bundle, case, entry, perform)
        except (Divergence, NotOpen, AlurError) as error:
            raise _Different(entry["seq"], N_("it cannot be executed again: %(cause)s"), cause=str(error)) from error
        _compare(entry, case, step, perform)
        _signed_copies(bundle, entry, issued)
    assert case is not None
    return case


def perform_again(bundle: Bundle, entries: Iterable[Entry], shelf: Shelf) -> None:
    """Execute entries once more for what their service tasks ask of the shelf; nothing is compared."""
    case: Case | None = None
    for entry in entries:
        case, _ = _step(bundle, case, entry, Again(shelf, entry["case"], entry["results"]))


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


def _compare(entry: Entry, case: Case, step: Step | None, perform: Again) -> None:
    seq = entry["seq"]
    led_to = {
        "transitions": transitions(step) if step else [],
        "opened": [(task.path, task.activity_id) for task in step.opened] if step else [],
        "closed": closed(step) if step else [],
        "armed": armed(step) if step else [],
        "disarmed": list(step.disarmed) if step else [],
        "sent": sent(step) if step else [],
        "documents": perform.documents,
        "state_digest": case.digest(),
    }
    recorded = {**entry, "opened": [(task["path"], task["activity_id"]) for task in entry["opened"]]}
    for what, value in led_to.items():
        if recorded[what] != value:
            raise _Different(seq, N_("re-execution comes to other %(what)s"), recorded[what], value, what=what)


def _signatories(entry: Entry, signers: Mapping[str, Entry]) -> None:
    """Who a document names is who did the act, as the history has it."""
    for document in entry["documents"]:
        for named in document["signed_by"]:
            act = signers.get(named["langkah"])
            if act is None or {**signatory(act, "UTC"), "waktu": ""} != {**named, "waktu": ""}:
                raise _Different(
                    entry["seq"],
                    N_("%(document)s names another signatory than the act's"),
                    act,
                    named,
                    document=document["id"],
                )


def _sender(connection: Connection, entry: Entry) -> None:
    """What came from another case was sent there, just so."""
    origin = entry.get("from")
    if origin is None:
        return
    there = history.find(connection, origin["case"], origin["seq"])
    sent = json.loads(there.text)["sent"] if there is not None and there.hash == origin["hash"] else []
    each = sent[origin["place"]] if origin["place"] < len(sent) else None
    came = {} if entry["kind"] == "start" else entry["data"]
    if each is None or {**each, **came} != each:
        raise _Different(entry["seq"], N_("the case that this comes from did not send it"), each, entry["data"])


def _separation(bundle: Bundle, entry: Entry, signers: Mapping[str, Entry]) -> None:
    """Who took or completed a task, and on whose behalf, had no part in the acts that it must be separate from."""
    if entry["kind"] not in ("claim", "complete"):
        return
    involved = {entry["actor"], entry["on_behalf_of"]} - {None}
    for name in bundle.definition.elements[entry["activity_id"]].separate_from:
        act = signers.get(name)
        if act is not None and involved & {act["actor"], act["on_behalf_of"]}:
            raise _Different(
                entry["seq"], N_("separation of duties from %(activity)s was not kept"), activity=act["activity_name"]
            )


def _delegation(entry: Entry, delegations: dict[str, Entry]) -> None:
    """Who acts by delegation was given this very task, by whom they act for."""
    if entry["kind"] == "delegate":
        delegations[entry["path"]] = entry
    elif entry["authority"] and entry["authority"]["kind"] == "delegation":
        given = delegations.get(entry["path"])
        by = given and (given["on_behalf_of"] or given["actor"])
        if not given or (given["delegated_to"], by) != (entry["actor"], entry["on_behalf_of"]):
            raise _Different(entry["seq"], N_("nobody delegated this task to %(actor)s"), actor=entry["actor"])


def _signed_copies(bundle: Bundle, entry: Entry, issued: dict[str, str]) -> None:
    """Signed copies are of the documents that were issued last, and of uploads that the entry binds."""
    for each in entry["documents"]:
        issued.pop(each["activity_id"], None)
        if each["status"] == "issued":
            issued[each["activity_id"]] = each["id"]
    named = entry.get("signed_copies", [])
    form = bundle.forms.get(entry["activity_id"]) if entry["kind"] == "complete" else None
    sent = signed_copies(form, entry["data"]) if form else {}
    wanted: list[Entry] = [
        {"document": issued[name], "attachments": ids} for name, ids in sent.items() if name in issued
    ]
    if entry["kind"] == "signed_copy":
        bound = [each["id"] for each in entry["attachments"]]
        wanted = [{"document": issued.get(entry["activity_id"]), "attachments": bound}]
    if named != wanted:
        raise _Different(entry["seq"], N_("the signed copies are not those of the documents issued"), wanted, named)


def _folded(stored: list[Stored], entries: list[Entry]) -> Projection:
    folded = Projection()
    for row, entry in zip(stored, entries, strict=True):
        folded.fold(changes(entry, row.hash))
    return folded


def _projections(connection: Connection, entries: list[Entry], folded: Projection, executed: Case) -> None:
    """The tables say what the history says: the case, its tasks, its documents, its numbers, its cached state."""
    case = entries[0]["case"]
    row = _only(_rows(connection, instances, "id", case))
    state = row.pop("state", None)
    _same("instances", [folded.instance], [row])
    _same("user_tasks", folded.user_tasks.values(), _rows(connection, user_tasks, "instance_id", case))
    _same("waits", folded.waits.values(), _rows(connection, waits, "instance_id", case))
    _same("documents", folded.documents.values(), _rows(connection, documents, "instance_id", case))
    bound = {item["id"]: {"id": item["id"], "sha256": item["sha256"]} for e in entries for item in e["attachments"]}
    uploads = _rows(connection, attachments, "instance_id", case)
    _same("attachments", bound.values(), ({"id": row["id"], "sha256": row["sha256"]} for row in uploads))
    given = [_without_remarks(row) for row in _rows(connection, numbers, "instance_id", case)]
    _same("numbers", folded.numbers.values(), given)
    if state != executed.dump():
        raise _Different(None, N_("the stored state of the case was changed"))


def _rows(connection: Connection, table: Table, column: str, case: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(table.c[column] == case)).mappings()]


def _without_remarks(row: dict[str, Any]) -> dict[str, Any]:
    """A number as its case gave it; what the register's keeper remarked is in the acts."""
    return {name: value for name, value in row.items() if name not in ("note", "void")}


def _only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if len(rows) != 1:
        raise _Different(None, N_("the case's row is missing"))
    return rows[0]


def _same(table: str, expected: Iterable[Mapping[str, Any]], found: Iterable[Mapping[str, Any]]) -> None:
    wanted, there = (
        sorted(canonical({str(k): str(v) for k, v in row.items()}) for row in rows) for rows in (expected, found)
    )
    if wanted != there:
        missing = next((row for row in wanted if row not in there), "")
        extra = next((row for row in there if row not in wanted), "")
        raise _Different(
            None, N_("the table %(table)s says something else than the history"), missing, extra, table=table
        )
