"""PDF from Word documents by LibreOffice, where the machine has it: one at a time, and never for long."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from engine.errors import N_, PdfUnavailable

PROGRAM = "soffice"
TURN, LIMIT = 20.0, 60.0  # seconds: to wait for one's turn, and for LibreOffice to finish


def available() -> bool:
    """Whether LibreOffice is on PATH."""
    return shutil.which(PROGRAM) is not None


def to_pdf(var: Path, word: bytes) -> bytes:
    """The document as PDF; raises `PdfUnavailable`. LibreOffice keeps a profile of its own in the data directory."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise PdfUnavailable(reason=N_("LibreOffice is not installed"))
    with _turn(var), tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "naskah.docx")
        source.write_bytes(word)
        profile = (var / "libreoffice").resolve().as_uri()
        options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", folder]
        _run([program, f"-env:UserInstallation={profile}", *options, str(source)])
        made = source.with_suffix(".pdf")
        if not made.is_file():
            raise PdfUnavailable(reason=N_("LibreOffice could not read the document"))
        return made.read_bytes()


@contextmanager
def _turn(var: Path) -> Iterator[None]:
    """Nobody else's turn, in this process or another: SQLite's own lock ends with who holds it, on every system."""
    with closing(sqlite3.connect(var / "libreoffice.lock", timeout=TURN, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise PdfUnavailable(reason=N_("others are having documents converted; try again in a moment")) from error
        yield


def _run(command: list[str]) -> None:
    none = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=none, stdout=none, stderr=none, start_new_session=True) as process:
        try:
            process.wait(LIMIT)
        except subprocess.TimeoutExpired as error:
            raise PdfUnavailable(reason=N_("LibreOffice took too long")) from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it with all it started: `soffice` is a script that runs the program proper."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
