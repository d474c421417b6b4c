"""A backup is one SQLite file with every row, copied from one snapshot while people work, then verified.

The same copy of rows serves SQLite and PostgreSQL, so that a backup of either restores into either. Restoring replaces
everything in one transaction: it happens completely, or not at all; a copy of what it replaces stays.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Integer, Table, delete, func, insert, select

from engine import acts, installation
from engine.access import Actor
from engine.acts import Channel
from engine.checkpoints import Folder, restore_folder, seal
from engine.contents import sha256
from engine.db import answering, files_of
from engine.errors import N_, DatabaseDamaged, DatabaseOld, NotSetUp, Unacceptable
from engine.exported import opened_export
from engine.models import acts as act_rows
from engine.models import checkpoints, history, instances, metadata
from engine.replay import Verification, verify_all
from engine.settings import Settings
from engine.site import Site
from engine.troubles import Place
from engine.versions import note_upgrade

BATCH = 500

Report = Callable[[str, Verification], None]


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a backup, which ends `until`, takes the place of; `file` keeps it.

    `lost` counts the cases, entries and acts that only it has; None where they cannot be read.
    """

    file: Path
    lost: Sequence[int] | None
    until: datetime | None


def back_up(site: Site, actor: Actor, channel: Channel, target: Path, report: Report) -> bool:
    """Copy everything to the new file `target`, sealed before, and verify every case in it; True when all are right."""
    seal(site)
    intact = _verified(copy(site, target), report, Folder.of(site.settings))
    after = {"sha256": sha256(target.read_bytes()), "intact": intact}
    with site.database.write() as connection:
        acts.record(connection, site.clock(), actor.name, channel, "backup", target.name, after=after)
    return intact


def copy(site: Site, target: Path) -> Site:
    """Copy everything to the new SQLite file `target`; the installation in it."""
    with site.database.snapshot() as source:
        return _copied(source, target)


def _copied(source: Connection, target: Path) -> Site:
    if not target.parent.is_dir():
        raise Unacceptable(reason=N_("its folder is not there; plug in the medium, or make the folder"))
    if target.exists():
        raise Unacceptable(reason=N_("the file exists already; name a new one"))
    copied = site_of(target)
    try:
        installation.upgrade(copied, copy=True)
        with copied.database.write() as destination:
            _replace(source, destination)
    except BaseException:  # half a backup would be taken for one
        copied.database.close()
        for part in files_of(target):
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise
    return copied


def site_of(file: Path) -> Site:
    """The installation that a backup file holds."""
    settings = Settings(var=file.parent, database_url=f"sqlite:///{file.resolve().as_posix()}")
    return Site.open(settings)


def restore(
    site: Site,
    actor: Actor,
    channel: Channel,
    source: Path,
    report: Report,
    reason: str | None = None,
    agree: Callable[[Replaced], None] = lambda replaced: None,
) -> bool:
    """Verify the backup `source`, then put it in the place of everything here; False when it was not intact.

    Where there is something already, `agree` is told what would be lost, and stops it by raising. The checkpoints of
    what is replaced stay, and the act tells which they are: verification names what they sealed and is gone. On a new
    PC the folder of checkpoints is filled from the backup.
    """
    with opened_export(source) as kept:
        kept.database.require_sound()
        if not _verified(kept, report, Folder.of(site.settings)):
            return False
        replaced = _replaced(site, kept)
        if replaced:
            agree(replaced)
            if replaced.lost is None:
                _move_away(site, replaced.file)
        installation.upgrade(site)
        with kept.database.snapshot() as origin, site.database.write() as destination:
            if replaced and replaced.lost is not None:
                _copied(destination, replaced.file).database.close()
            last, head = acts.head(destination)
            _replace(origin, destination)
            sealed = max(Folder.of(site.settings).numbers(), default=0)
            before = {"acts": last, "head": head, "checkpoint": sealed}
            after = {"sha256": sha256(source.read_bytes()), "checkpoint": _last_checkpoint(destination)}
            told: dict[str, Any] = {"before": before, "after": after, "reason": reason}
            acts.record(destination, site.clock(), actor.name, channel, "restore", source.name, **told)
            note_upgrade(destination, site.clock())
    if not Folder.of(site.settings).numbers():
        restore_folder(site)
    return True


def _replaced(site: Site, kept: Site) -> Replaced | None:
    """What is here and not in the backup; None where nothing is."""
    file = site.settings.var / f"alur-{site.clock():%Y%m%dT%H%M%S-%fZ}.sqlite3"
    try:
        installation.require_set_up(site)
        site.database.require_sound()
    except NotSetUp:
        return None
    except DatabaseDamaged:
        return Replaced(file, None, None)
    except DatabaseOld:
        pass  # its keys are where they are today
    with site.database.snapshot() as here, kept.database.snapshot() as there:
        keys = (select(key) for key in (instances.c.id, history.c.hash, act_rows.c.hash))
        lost = [len({*here.scalars(key)} - {*there.scalars(key)}) for key in keys]
        return Replaced(file, lost, there.scalar(select(func.max(act_rows.c.at))))


def _move_away(site: Site, file: Path) -> None:
    site.database.close()
    assert site.database.place.file is not None, "only SQLite's files are looked into"
    for part, target in zip(files_of(site.database.place.file), files_of(file), strict=True):
        with suppress(FileNotFoundError):
            part.rename(target)


def _last_checkpoint(connection: Connection) -> int:
    return connection.execute(select(func.max(checkpoints.c.number))).scalar() or 0


def _verified(site: Site, report: Report, folder: Folder) -> bool:
    intact = True
    for case, verification in verify_all(site, folder.public_keys()):
        report(case, verification)
        intact = intact and verification.status != "failed"
    site.database.close()
    return intact


def _replace(source: Connection, destination: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        destination.execute(delete(table))
    for table in metadata.sorted_tables:
        for batch in _batches(source, table):
            destination.execute(insert(table), batch)
    if destination.dialect.name == "postgresql":
        _continue_sequences(destination)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    with answering(Place.of(source.engine.url)):  # or the file that is written would be blamed
        rows = source.execute(select(table).execution_options(yield_per=BATCH)).mappings()
        for batch in rows.partitions():
            yield [dict(row) for row in batch]


def _continue_sequences(connection: Connection) -> None:
    """Copied rows bring their keys along; PostgreSQL must not give those again."""
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None and isinstance(key.type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            highest = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, highest, False)))
