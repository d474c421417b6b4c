"""One installation: its settings, database and clock, and what a process keeps in memory between commands."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import Connection

from engine import bundles, clock
from engine.bundles import Bundle
from engine.clock import Clock
from engine.db import Database
from engine.runtime import Case
from engine.settings import Settings

Key = TypeVar("Key")
Value = TypeVar("Value")

CASES_KEPT = 2000
BUNDLES_KEPT = 50
PARTS_KEPT = 10_000


class Kept(Generic[Key, Value]):
    """The most recently used values, up to a number."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Key) -> Value | None:
        """Remove and return a value: whoever takes it is the only one to change it."""
        with self._lock:
            return self._values.pop(key, None)

    def get(self, key: Key) -> Value | None:
        """Look at a value that nobody changes."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value, and forget the least recently used one when there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


@dataclass(frozen=True)
class Site:
    """What commands and queries work on."""

    settings: Settings
    database: Database
    clock: Clock = clock.now
    cases: Kept[tuple[str, str], Case] = field(default_factory=lambda: Kept(CASES_KEPT))
    bundles: Kept[str, Bundle] = field(default_factory=lambda: Kept(BUNDLES_KEPT))
    # By case and head: a backup may be put in its place under a running server, and then nobody's later part is there.
    parts: Kept[tuple[str, str], frozenset[str]] = field(default_factory=lambda: Kept(PARTS_KEPT))

    # What a worker was refused: how often, and until when it rests.
    resting: dict[tuple[Any, ...], tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """An installation by its settings; nothing is read or written yet."""
        return cls(settings, Database.connect(settings.database_address))

    def bundle(self, connection: Connection, digest: str) -> Bundle:
        """A deployed definition with its files; raises `NotFound`."""
        bundle = self.bundles.get(digest)
        if bundle is None:
            bundle = bundles.load(connection, digest)
            self.bundles.keep(digest, bundle)
        return bundle

    def bundle_of(self, digest: str) -> Bundle:
        """The same, where no transaction is at hand."""
        with self.database.read() as connection:
            return self.bundle(connection, digest)
