"""PDF where LibreOffice is; a clear refusal where it is not, is busy, or does not end."""

import os
import stat
import subprocess
import time
from pathlib import Path

import pytest

from engine import pdf
from engine.errors import PdfUnavailable

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program named soffice that does what the script says."""
    program = folder / pdf.PROGRAM
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_without_libreoffice_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pdf.available()
    with pytest.raises(PdfUnavailable, match="not installed"):
        pdf.to_pdf(tmp_path, b"")


@posix
def test_a_program_that_makes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(PdfUnavailable, match="could not read"):
        pdf.to_pdf(tmp_path, b"")


@posix
def test_it_never_takes_long_and_leaves_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, f"sleep 30 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(pdf, "LIMIT", 0.5)
    with pytest.raises(PdfUnavailable, match="too long"):
        pdf.to_pdf(tmp_path, b"")
    child = (tmp_path / "child").read_text().strip()
    time.sleep(0.2)
    alive = subprocess.run(["ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False).stdout
    assert alive.strip() in ("", "Z", "Zs")


@posix
def test_never_two_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "exit 0")
    monkeypatch.setattr(pdf, "TURN", 0.1)
    with pdf._turn(tmp_path), pytest.raises(PdfUnavailable, match="try again"):
        pdf.to_pdf(tmp_path, b"")
