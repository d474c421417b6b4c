"""The database: SQLite by default, PostgreSQL by address; a read or a write is one transaction.

SQLite has one writer. Writers of one process queue at a lock, which is fair and quick, instead of at SQLite's own busy
handler, which sleeps.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from sqlite3 import Connection as SqliteConnection
from threading import Lock
from typing import Any, Self

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.errors import Unavailable

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "temp_store=MEMORY")


class Database:
    """Transactions over one SQLAlchemy engine."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        self.sqlite = database.dialect.name == "sqlite"
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
        event.listen(database, "connect", _prepare_sqlite)
        if read_only:
            event.listen(database, "connect", _refuse_writes)
        event.listen(database, "begin", _begin_sqlite)
        return cls(database)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; raises `Unavailable` when the database does not answer."""
        with _answering(), self.database.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A view of one moment, however long it is read; writers go on meanwhile."""
        with _answering(), self.database.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: everything in it is on disk when it ends, or nothing is."""
        with _answering(), self._writer, self.database.connect() as connection:
            connection = connection.execution_options(alur_write=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.database.dispose()


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row unless its key is there."""
    connection.execute(_insert_once(table, connection.dialect.name), row)


@lru_cache
def _insert_once(table: Table, dialect: str) -> Executable:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable from error
        raise


def _prepare_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writes(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy types its event targets loosely
    write = connection.get_execution_options().get("alur_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
