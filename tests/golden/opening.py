"""Opening a golden installation: a copy of it, with its database unpacked."""

import lzma
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import Server

HERE = Path(__file__).parent
SQLITE = "alur.sqlite3.xz"
POSTGRESQL = "alur.sql.xz"
RELEASES = sorted(path.name for path in HERE.iterdir() if path.name[0].isdigit())


@contextmanager
def opened(release: str, var: Path, server: Server | None) -> Iterator[str]:
    """Lay a copy of a release's installation at `var`; yields the database's address, empty for SQLite in `var`."""
    shutil.copytree(HERE / release / ("postgresql" if server else "sqlite"), var)
    if server is None:
        (var / "alur.sqlite3").write_bytes(lzma.decompress((var / SQLITE).read_bytes()))
        yield ""
        return
    with server.filled(lzma.decompress((var / POSTGRESQL).read_bytes())) as address:
        yield address
