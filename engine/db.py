"""The database: SQLite by default, PostgreSQL by address; a read or a write is one transaction.

SQLite has one writer. Writers of one process queue at a lock, which is fair and quick, instead of at SQLite's own busy
handler, which sleeps.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import fields
from functools import lru_cache, partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from threading import Lock
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row, Table, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.errors import DatabaseDamaged
from engine.secrecy import PRIVATE, keep_private
from engine.troubles import Place

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "temp_store=MEMORY")


Value = TypeVar("Value")


class Database:
    """Transactions over one SQLAlchemy engine."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        self.sqlite = database.dialect.name == "sqlite"
        self.place = Place.of(database.url)
        self._writer = Lock() if self.sqlite else nullcontext()

    @classmethod
    def connect(cls, address: str, *, read_only: bool = False) -> Self:
        """Prepare connections to `address`; nothing is opened before the first transaction."""
        if address.startswith("postgresql://"):
            address = address.replace("postgresql://", "postgresql+psycopg://", 1)
        if not address.startswith("sqlite"):
            options = {"options": "-c default_transaction_read_only=on"} if read_only else {}
            return cls(create_engine(address, pool_size=20, max_overflow=20, connect_args=options))
        database = create_engine(address, pool_size=20, max_overflow=20, connect_args={"check_same_thread": False})
        event.listen(database, "first_connect", partial(_keep_private, Path(database.url.database or ":memory:")))
        event.listen(database, "connect", _prepare_sqlite)
        if read_only:
            event.listen(database, "connect", _refuse_writes)
        event.listen(database, "begin", _begin_sqlite)
        return cls(database)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; raises `Unavailable`, which says why, when the database does not answer."""
        with answering(self.place), self.database.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A view of one moment, however long it is read; writers go on meanwhile."""
        with answering(self.place), self.database.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: everything in it is on disk when it ends, or nothing is."""
        with answering(self.place), self._writer, self.database.connect() as connection:
            connection = connection.execution_options(alur_write=True)
            with connection.begin():
                yield connection

    def require_sound(self) -> None:
        """Raise `DatabaseDamaged` unless all of a SQLite file can be read; PostgreSQL looks after its own files."""
        if not self.sqlite:
            return
        with self.read() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise DatabaseDamaged(place=self.place.name, cause="quick_check")
            for table in inspect(connection).get_table_names():
                for _ in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                    pass  # text that is none is found by reading it

    def close(self) -> None:
        """Give the connections back."""
        self.database.dispose()


@contextmanager
def answering(place: Place) -> Iterator[None]:
    """Raise what keeps the database at that place from answering as `Unavailable`, which says what it is."""
    try:
        yield
    except DBAPIError as error:
        if trouble := place.trouble(error):
            raise trouble from error
        raise
    except UnicodeDecodeError as error:  # the driver cannot even say what is wrong with a damaged file
        raise DatabaseDamaged(place=place.name, cause=str(error)) from error


def insert_once(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert the rows whose keys are not there."""
    if rows:
        connection.execute(_insert_once(table, connection.dialect.name), list(rows))


@lru_cache
def _insert_once(table: Table, dialect: str) -> Executable:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def filled(kind: type[Value], row: Row[Any], **more: Any) -> Value:  # noqa: ANN401 - columns
    """A dataclass with the row's columns of the same names, but for what `more` says."""
    values = {**row._mapping, **more}
    names = (each.name for each in fields(kind))  # type: ignore[arg-type]  # of dataclasses
    return kind(**{name: values[name] for name in names if name in values})


def files_of(database: Path) -> list[Path]:
    """A SQLite database and the files beside it that it may have."""
    return [database.with_name(database.name + part) for part in ("", "-wal", "-shm")]


def _keep_private(file: Path, _connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    """Before anything is in it: SQLite gives the files beside a database the rights that it has.

    One that is there is never opened: closing it would take away the locks of other connections of this process, and
    the next process that ends would then delete the log into which they write.
    """
    with suppress(OSError):  # where it cannot be made, SQLite says why
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    for part in files_of(file):
        keep_private(part)


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writes(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy types its event targets loosely
    write = connection.get_execution_options().get("alur_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
