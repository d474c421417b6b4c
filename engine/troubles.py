"""What keeps a database from its work: the words of SQLite, PostgreSQL and the system, as a refusal with its mend."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from engine.errors import DatabaseDamaged, DatabaseOld, DatabaseRefuses, DatabaseSilent, DiskFull, ReadOnly, Unavailable

# By the second word of SQLite's result codes, such as SQLITE_READONLY_DBMOVED, and by PostgreSQL's SQLSTATE.
CODES: Mapping[type[Unavailable], str] = {
    DiskFull: "FULL 53100",
    ReadOnly: "READONLY CANTOPEN PERM 25006 42501",
    DatabaseDamaged: "CORRUPT NOTADB XX001 XX002",
    DatabaseRefuses: "28000 28P01",
    DatabaseOld: "42P01 42703",
}
KINDS = {code: kind for kind, codes in CODES.items() for code in codes.split()}
LACKS = ("no such table", "no such column", "has no column named")  # SQLite has one code for all that is wrong in SQL
REFUSES = ("password", "authentication", "pg_hba.conf", 'role "')  # before there is a session, there are only words
UNREADABLE = "Could not decode"
UNKNOWN = "unsupported file format"  # SQLite has no code for a byte in a file's head that it never writes there
LITTLE = 1 << 20  # bytes; SQLite calls some of what a full disk does an input or output error


def unreadable(error: ValueError) -> DBAPIError:
    """What is stored and is not what its column holds, as SQLite says it of text that is none."""
    return DatabaseError(None, None, ValueError(f"{UNREADABLE}: {error}"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is: `name` tells people, `file` is SQLite's."""

    name: str
    file: Path | None = None

    @classmethod
    def of(cls, address: URL) -> "Place":
        """By its SQLAlchemy address; neither user nor password are told."""
        if address.get_backend_name() == "sqlite":
            file = Path(address.database or ":memory:")
            return cls(file.name, file)
        host = address.host or address.query.get("host") or "localhost"
        return cls(f"{host}:{address.port or 5432}/{address.database or ''}")

    def trouble(self, error: DBAPIError) -> Unavailable | None:
        """The refusal that says what is the matter and how to mend it; None for a fault of our own."""
        kind: type[Unavailable] | None = DatabaseDamaged
        if not any(words in str(error.orig) for words in (UNREADABLE, UNKNOWN)):
            kind = self._sqlite(error.orig) if self.file else _postgresql(error)
        if kind is None and (isinstance(error, OperationalError) or error.connection_invalidated):
            kind = Unavailable
        return kind(place=self.name, cause=" ".join(str(error.orig).split())) if kind else None

    def _sqlite(self, error: BaseException | None) -> type[Unavailable] | None:
        said, code = str(error), getattr(error, "sqlite_errorname", "").partition("_")[2]
        if any(words in said for words in LACKS):
            return DatabaseOld
        if code.startswith("IOERR") and self.file and shutil.disk_usage(self.file.parent).free < LITTLE:
            return DiskFull
        return KINDS.get(code.partition("_")[0])


def _postgresql(error: DBAPIError) -> type[Unavailable] | None:
    state = getattr(error.orig, "sqlstate", None)
    if state or error.statement or error.connection_invalidated:
        return KINDS.get(state or "")
    said = str(error.orig)
    if any(words in said for words in REFUSES):
        return DatabaseRefuses
    busy = "FATAL" in said and "does not exist" not in said  # it answers, but not yet, or not so many
    return None if busy else DatabaseSilent
