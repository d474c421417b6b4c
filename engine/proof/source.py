"""Where a verification reads checkpoints and public keys: a folder, or the copies in a backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, select

from engine.checkpoints import Folder
from engine.models import checkpoints
from engine.site import Site


@dataclass(frozen=True, slots=True)
class Source:
    """Checkpoints by their numbers, and the public keys that come with them."""

    texts: Sequence[tuple[int, str]]
    keys: Sequence[str]

    @classmethod
    def of_folder(cls, path: Path) -> Self:
        """A folder's checkpoints."""
        folder = Folder(path)
        return cls(list(folder.texts()), folder.public_keys())

    @classmethod
    def of_copies(cls, connection: Connection) -> Self:
        """The copies that are in a database."""
        rows = connection.execute(select(checkpoints).order_by(checkpoints.c.number)).all()
        return cls([(row.number, row.text) for row in rows], rows[-1].keys.split() if rows else [])


def own_source(site: Site) -> Source:
    """The installation's own folder."""
    return Source.of_folder(Folder.of(site.settings).path)
