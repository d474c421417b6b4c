"""A backup or a copy of a SQLite database, opened: a copy of it, so that the file is not touched."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import inspect

from engine import installation
from engine.db import Database, files_of
from engine.errors import N_, DatabaseDamaged, DatabaseOld, NotFound, Unacceptable
from engine.settings import Settings
from engine.site import Site

STRANGE = N_("the file is no backup or database of Alur, or it is damaged; take another one")


@contextmanager
def opened_export(file: Path) -> Iterator[Site]:
    """The installation in the file, in a temporary folder, read-only; a database of an older Alur is brought up there.

    Raises `NotFound`, `DatabaseNew` for one that a newer Alur made, or `Unacceptable`.
    """
    if not file.is_file():
        raise NotFound
    with tempfile.TemporaryDirectory(prefix="alur-verify-") as folder:
        copied = Path(folder) / file.name
        for source, target in zip(files_of(file), files_of(copied), strict=True):  # as of a running database
            if source.is_file():
                shutil.copyfile(source, target)
        settings = Settings(var=Path(folder), database_url=f"sqlite:///{copied.as_posix()}")
        try:
            _prepare(Site.open(settings))
        except DatabaseDamaged as error:
            raise Unacceptable(reason=STRANGE) from error
        site = replace(Site.open(settings), database=Database.connect(settings.database_address, read_only=True))
        try:
            yield site
        finally:
            site.database.close()


def _prepare(site: Site) -> None:
    try:
        with site.database.read() as connection:
            tables = set(inspect(connection).get_table_names())
        if not {"instances", "history", "acts", "alembic_version"} <= tables:
            raise Unacceptable(reason=STRANGE)
        try:
            installation.require_set_up(site)
        except DatabaseOld:
            installation.upgrade(site, copy=True)
    finally:
        site.database.close()
