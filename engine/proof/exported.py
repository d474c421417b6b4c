"""A backup or a copy of a SQLite database, opened for verification: a copy of it, so that the file is not touched."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from sqlite3 import DatabaseError

import sqlalchemy.exc
from sqlalchemy import inspect

from engine import installation
from engine.db import Database
from engine.errors import N_, NotFound, NotSetUp, Unacceptable
from engine.settings import Settings
from engine.site import Site


@contextmanager
def opened_export(file: Path) -> Iterator[Site]:
    """The installation in the file, in a temporary folder, read-only; a database of an older Alur is brought up there.

    Raises `NotFound`, or `Unacceptable` for a file that is no database of Alur.
    """
    if not file.is_file():
        raise NotFound
    with tempfile.TemporaryDirectory(prefix="alur-verify-") as folder:
        copied = Path(folder) / "export.sqlite3"
        shutil.copyfile(file, copied)
        for part in ("-wal", "-shm"):  # what a bare copy of a running database brings along
            if (beside := file.with_name(file.name + part)).is_file():
                shutil.copyfile(beside, copied.with_name(copied.name + part))
        settings = Settings(var=Path(folder), database_url=f"sqlite:///{copied.as_posix()}")
        _prepare(Site.open(settings))
        site = replace(Site.open(settings), database=Database.connect(settings.database_address, read_only=True))
        try:
            yield site
        finally:
            site.database.close()


def _prepare(site: Site) -> None:
    try:
        with site.database.read() as connection:
            tables = set(inspect(connection).get_table_names())
    except (DatabaseError, sqlalchemy.exc.DatabaseError) as error:
        raise Unacceptable(reason=N_("the file is no database")) from error
    try:
        if not {"instances", "history", "acts", "alembic_version"} <= tables:
            raise Unacceptable(reason=N_("the file is no database of Alur"))
        try:
            installation.require_set_up(site)
        except NotSetUp:
            installation.upgrade(site)
    finally:
        site.database.close()
