"""One case, or each of them: its chain, its files, its execution, its tables."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, select

from engine import history, ledger
from engine.access import Actor
from engine.bundles import Bundle
from engine.checkpoints import Folder
from engine.errors import N_, StateUnreadable
from engine.history import Entry
from engine.models import instances
from engine.queries.cases import require_visible
from engine.replay.chain import check_contents, linked
from engine.replay.execution import Execution, execute
from engine.replay.pins import Pins
from engine.replay.projections import check_projections, kept_state
from engine.replay.statements import Statement, read_statements, relied_on
from engine.runtime import Case
from engine.site import Site
from engine.verification import UNREADABLE, Difference, Different, Verification
from engine.versions import upgrades

ACTS = "acts"


def verify(site: Site, actor: Actor, instance_id: str) -> Verification:
    """Verify one case that the person may see; raises `NotFound`."""
    with site.database.snapshot() as connection:
        require_visible(connection, actor, instance_id)
        statements, _ = read_statements(connection, Folder.of(site.settings).public_keys())
        return verify_case(connection, instance_id, Pins(site), statements.get(instance_id, ()))


def verify_all(site: Site, keys: Iterable[str] = ()) -> Iterator[tuple[str, Verification]]:
    """Verify every case, oldest first, then what was done outside cases (`acts`); the keys are of statements."""
    pins = Pins(site)
    with site.database.snapshot() as connection:
        statements, _ = read_statements(connection, keys)
        for instance_id in connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars().all():
            yield instance_id, verify_case(connection, instance_id, pins, statements.get(instance_id, ()))
        yield ACTS, ledger.verify(connection)


def verify_case(
    connection: Connection, instance_id: str, pins: Pins, statements: Sequence[Statement] = ()
) -> Verification:
    """Verify one case inside a transaction that sees one moment; the statements are those about it, oldest first."""
    stored = list(history.read(connection, instance_id))
    entries: list[Entry] = []
    try:
        entries = linked(stored, instance_id, upgrades(connection))
        check_contents(connection, entries)
        relied, bundle = relied_on(statements, stored), pins.bundle(connection, entries[0]["definition_digest"])
        execution = execute(connection, bundle, entries, relied)
        check_projections(connection, stored, entries)
        execution.check_state(kept_state(connection, instance_id))
    except Different as different:
        return Verification("failed", len(stored), _documents(entries), different.difference)
    except UNREADABLE as error:
        unreadable = Difference(None, N_("the history cannot be read: %(cause)s"), {"cause": repr(error)})
        return Verification("failed", len(stored), _documents(entries), unreadable)
    return _result(execution, len(stored), _documents(entries), relied)


def _result(execution: Execution, entries: int, documents: int, relied: Statement | None) -> Verification:
    """What comes out otherwise today is as a statement says, or it is not proved."""
    left = sum(n for seq, n in execution.otherwise.items() if relied is None or seq > relied.seq)
    if relied and execution.otherwise and not (execution.lost or left):
        return Verification("stated", entries, documents, stated=relied.at)
    status = "not_reproducible" if execution.otherwise else "verified"
    return Verification(status, entries, documents, not_compared=left)


def restored(site: Site, connection: Connection, bundle: Bundle, instance_id: str) -> Case:
    """A case as its history alone leads to it; raises `StateUnreadable` when that cannot be executed again."""
    stored = list(history.read(connection, instance_id))
    statements, _ = read_statements(connection, Folder.of(site.settings).public_keys())
    try:
        relied = relied_on(statements.get(instance_id, ()), stored)
        execution = execute(connection, bundle, linked(stored, instance_id), relied)
    except (Different, *UNREADABLE) as error:
        raise StateUnreadable from error
    if execution.case is None or execution.lost:
        raise StateUnreadable
    return execution.case


def _documents(entries: list[Entry]) -> int:
    return sum(len(entry.get("documents", ())) for entry in entries)
