"""A backup is one SQLite file with every row, copied from one snapshot while people work, then verified.

The same copy of rows serves SQLite and PostgreSQL, so that a backup of either restores into either. Restoring replaces
everything in one transaction: it happens completely, or not at all.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Integer, delete, func, insert, select

from engine import acts, installation
from engine.access import Actor
from engine.acts import Channel
from engine.checkpoints import Folder, restore_folder, seal
from engine.contents import sha256
from engine.errors import N_, NotFound, Unacceptable
from engine.models import checkpoints, metadata
from engine.replay import Verification, verify_all
from engine.settings import Settings
from engine.site import Site

BATCH = 500

Report = Callable[[str, Verification], None]


def back_up(site: Site, actor: Actor, channel: Channel, target: Path, report: Report) -> bool:
    """Copy everything to the new file `target`, sealed before, and verify every case in it; True when all are right."""
    seal(site)
    intact = _verified(copy(site, target), report)
    after = {"sha256": sha256(target.read_bytes()), "intact": intact}
    with site.database.write() as connection:
        acts.record(connection, site.clock(), actor.name, channel, "backup", target.name, after=after)
    return intact


def copy(site: Site, target: Path) -> Site:
    """Copy everything to the new SQLite file `target`; the installation in it."""
    if target.exists():
        raise Unacceptable(reason=N_("the file exists already; name a new one"))
    copied = site_of(target)
    installation.upgrade(copied)
    with site.database.snapshot() as source, copied.database.write() as destination:
        _replace(source, destination)
    return copied


def site_of(file: Path) -> Site:
    """The installation that a backup file holds."""
    settings = Settings(var=file.parent, database_url=f"sqlite:///{file.resolve().as_posix()}")
    return Site.open(settings)


def restore(
    site: Site, actor: Actor, channel: Channel, source: Path, report: Report, reason: str | None = None
) -> bool:
    """Verify the backup `source`, then put it in the place of everything here; False when it was not intact.

    The checkpoints of what is replaced stay, and the act tells which they are: verification names what they sealed and
    is gone. On a new PC the folder of checkpoints is filled from the backup.
    """
    if not source.is_file():
        raise NotFound
    kept = site_of(source)
    if not _verified(kept, report):
        return False
    installation.upgrade(site)
    folder = Folder.of(site.settings)
    with kept.database.snapshot() as origin, site.database.write() as destination:
        last, head = acts.head(destination)
        _replace(origin, destination)
        before = {"acts": last, "head": head, "checkpoint": max(folder.numbers(), default=0)}
        after = {"sha256": sha256(source.read_bytes()), "checkpoint": _last_checkpoint(destination)}
        acts.record(
            destination,
            site.clock(),
            actor.name,
            channel,
            "restore",
            source.name,
            before=before,
            after=after,
            reason=reason,
        )
    if not folder.numbers():
        restore_folder(site)
    return True


def _last_checkpoint(connection: Connection) -> int:
    return connection.execute(select(func.max(checkpoints.c.number))).scalar() or 0


def _verified(site: Site, report: Report) -> bool:
    intact = True
    for case, verification in verify_all(site):
        report(case, verification)
        intact = intact and verification.status != "failed"
    site.database.close()
    return intact


def _replace(source: Connection, destination: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        destination.execute(delete(table))
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=BATCH).execute(select(table)).mappings()
        for batch in rows.partitions():
            destination.execute(insert(table), [dict(row) for row in batch])
    if destination.dialect.name == "postgresql":
        _continue_sequences(destination)


def _continue_sequences(connection: Connection) -> None:
    """Copied rows bring their keys along; PostgreSQL must not give those again."""
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None and isinstance(key.type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))
