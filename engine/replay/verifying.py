"""One case, or each of them: its chain, its files, its execution, its tables."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from engine import history, ledger
from engine.access import Actor
from engine.bundles import Bundle
from engine.errors import N_, StateUnreadable
from engine.history import Entry
from engine.models import instances
from engine.queries.cases import require_visible
from engine.replay.chain import check_contents, check_versions, linked
from engine.replay.execution import execute
from engine.replay.pins import Pins
from engine.replay.projections import check_projections
from engine.runtime import Case
from engine.site import Site
from engine.verification import UNREADABLE, Difference, Different, Verification
from engine.versions import upgrades

ACTS = "acts"


def verify(site: Site, actor: Actor, instance_id: str) -> Verification:
    """Verify one case that the person may see; raises `NotFound`."""
    with site.database.snapshot() as connection:
        require_visible(connection, actor, instance_id)
        return verify_case(connection, instance_id, Pins(site))


def verify_all(site: Site) -> Iterator[tuple[str, Verification]]:
    """Verify every case, oldest first, then what was done outside cases (`acts`)."""
    pins = Pins(site)
    with site.database.snapshot() as connection:
        for instance_id in connection.execute(select(instances.c.id).order_by(instances.c.id)).scalars().all():
            yield instance_id, verify_case(connection, instance_id, pins)
        yield ACTS, ledger.verify(connection)


def verify_case(connection: Connection, instance_id: str, pins: Pins) -> Verification:
    """Verify one case inside a transaction that sees one moment."""
    stored = list(history.read(connection, instance_id))
    entries: list[Entry] = []
    try:
        entries = linked(stored, instance_id)
        check_versions(entries, upgrades(connection))
        check_contents(connection, entries)
        execution = execute(connection, pins.bundle(connection, entries[0]["definition_digest"]), entries)
        execution.check_state(check_projections(connection, stored, entries))
    except Different as different:
        return Verification("failed", len(stored), _documents(entries), different.difference)
    except UNREADABLE as error:
        unreadable = Difference(None, N_("the history cannot be read: %(cause)s"), {"cause": repr(error)})
        return Verification("failed", len(stored), _documents(entries), unreadable)
    status = "not_reproducible" if execution.otherwise else "verified"
    return Verification(status, len(stored), _documents(entries), not_compared=execution.otherwise.total())


def restored(connection: Connection, bundle: Bundle, instance_id: str) -> Case:
    """A case as its history alone leads to it; raises `StateUnreadable` when that cannot be executed again."""
    try:
        execution = execute(connection, bundle, linked(list(history.read(connection, instance_id)), instance_id))
    except (Different, *UNREADABLE) as error:
        raise StateUnreadable from error
    if execution.case is None or execution.lost:
        raise StateUnreadable
    return execution.case


def _documents(entries: list[Entry]) -> int:
    return sum(len(entry.get("documents", ())) for entry in entries)
