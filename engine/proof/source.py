"""Where a verification reads checkpoints and public keys: a folder, or the copies in a backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, func, select

from engine.checkpoints import Folder
from engine.checkpoints.key import key_file
from engine.models import checkpoints
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Source:
    """Checkpoints by their numbers, and the public keys that come with them.

    `known` is the newest that the database has a copy of; it is asked first, since a worker may be making the next.
    `key_missing` tells that the installation has not the key that would sign the next.
    """

    texts: Sequence[tuple[int, str]]
    keys: Sequence[str]
    known: int = 0
    key_missing: bool = False

    @classmethod
    def of_copies(cls, connection: Connection) -> Self:
        """The copies that are in a database."""
        rows = connection.execute(select(checkpoints).order_by(checkpoints.c.number)).all()
        return cls([(row.number, row.text) for row in rows], rows[-1].keys.split() if rows else [])


def own_source(site: Site, path: Path | None = None) -> Source:
    """The installation's own folder, or another."""
    folder = Folder(path) if path else Folder.of(site.settings)
    with site.database.read() as connection:
        known = connection.execute(select(func.max(checkpoints.c.number))).scalar() or 0
    key_missing = path is None and not key_file(site.settings).is_file()
    return Source(list(folder.texts()), folder.public_keys(), known, key_missing)
