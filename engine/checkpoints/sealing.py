"""Making a checkpoint of what changed since the last one.

Which cases changed is asked of each case's last entry, not of when it was written: what another transaction commits
late is then simply in the next checkpoint. `seals` remembers how far each case was sealed; it is a note for this module
alone, and verification does not believe it.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from engine import acts, clock
from engine.checkpoints.checkpoint import NONE, Checkpoint, is_hash, line
from engine.checkpoints.folder import Folder
from engine.checkpoints.key import SigningKey, load_key
from engine.errors import AlurError, CheckpointsMissing
from engine.models import checkpoints, instances, seals
from engine.site import Site

log = logging.getLogger("alur.checkpoints")

Changed = list[list[str | int]]


def make_checkpoint(site: Site) -> Checkpoint | None:
    """Seal what changed since the last checkpoint; None when nothing did, or where there is no key.

    Raises `CheckpointsMissing` when the folder lacks what was sealed before, on a stick that is not plugged in for
    example: a second chain must not begin.
    """
    key = load_key(site.settings)
    if key is None or not _anything(site):
        return None
    folder = Folder.of(site.settings)
    with site.database.write() as connection:
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("checkpoints"))))
        known = connection.execute(select(func.max(checkpoints.c.number))).scalar() or 0
        last = folder.last(known)
        _keep_copies(connection, folder, known, last)
        changed, head = _changed(connection), acts.head(connection)
        if not changed and head == _sealed_acts(connection):
            return None
        at = clock.after(site.clock(), clock.from_text(last.at) if last else None)  # whatever the PC's clock does
        made = _signed(key, clock.to_text(at), last, head, changed)
        folder.add_public_key(key.public)
        folder.add(made)
        _remember(connection, changed)
        _keep(connection, [made], folder.public_keys())
    return made


def seal(site: Site) -> None:
    """Make a checkpoint if one can be made; what prevents it is logged, and keeps nothing else from being done."""
    try:
        make_checkpoint(site)
    except (AlurError, OSError, ValueError) as error:
        log.warning("no checkpoint: %s", error)


def restore_folder(site: Site) -> int:
    """Write the checkpoints that the database has copies of into the folder that lacks them; how many it lacked."""
    folder = Folder.of(site.settings)
    there = set(folder.numbers())
    with site.database.read() as connection:
        rows = connection.execute(select(checkpoints).order_by(checkpoints.c.number)).all()
    missing = [row for row in rows if row.number not in there]
    for row in missing:
        for public in row.keys.split():
            folder.add_public_key(public)
        folder.add(Checkpoint.read(row.text))
    return len(missing)


def _anything(site: Site) -> bool:
    """Whether something changed, without stopping writers to find out."""
    with site.database.read() as connection:
        waiting = connection.execute(_CHANGED.limit(1)).first()
        return waiting is not None or acts.head(connection) != _sealed_acts(connection)


_CHANGED = (
    select(instances.c.id, instances.c.seq, instances.c.head)
    .outerjoin(seals, seals.c.instance_id == instances.c.id)
    .where(or_(seals.c.seq.is_(None), seals.c.seq != instances.c.seq, seals.c.hash != instances.c.head))
    .order_by(instances.c.id)
)


def _changed(connection: Connection) -> Changed:
    """What is to be sealed; a row that somebody damaged keeps the others from nothing, and verification names it."""
    rows = connection.execute(_CHANGED).all()
    return [[row.id, row.seq, row.head] for row in rows if isinstance(row.seq, int) and is_hash(row.head)]


def _sealed_acts(connection: Connection) -> tuple[int, str]:
    text = connection.execute(select(checkpoints.c.text).order_by(checkpoints.c.number.desc()).limit(1)).scalar()
    return Checkpoint.read(text).acts if text else (0, NONE)


def _signed(key: SigningKey, at: str, last: Checkpoint | None, head: tuple[int, str], changed: Changed) -> Checkpoint:
    number, previous = (last.number + 1, last.sha256) if last else (1, NONE)
    signed = line(number, at, key.id, previous, head, sorted(changed))
    return Checkpoint.read(f"{signed}\n{key.sign(signed)}\n")


def _keep_copies(connection: Connection, folder: Folder, known: int, last: Checkpoint | None) -> None:
    """The database's copies go into backups; after a restore they lack what the folder has."""
    newest = last.number if last else 0
    if newest < known:
        raise CheckpointsMissing(number=known, folder=str(folder.path))
    if newest > known:
        lacking = [Checkpoint.read(folder.text(number)) for number in folder.numbers() if number > known]
        _keep(connection, lacking, folder.public_keys())


def _keep(connection: Connection, made: Sequence[Checkpoint], keys: Sequence[str]) -> None:
    rows = [{"number": each.number, "text": each.text, "keys": "\n".join(keys)} for each in made]
    if rows:
        connection.execute(insert(checkpoints), rows)


def _remember(connection: Connection, changed: Changed) -> None:
    if changed:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        new = dialect.insert(seals)
        statement = new.on_conflict_do_update(
            index_elements=["instance_id"], set_={"seq": new.excluded.seq, "hash": new.excluded.hash}
        )
        connection.execute(statement, [{"instance_id": case, "seq": seq, "hash": head} for case, seq, head in changed])
