#!/usr/bin/env python3
"""Sets Alur up and starts it, with nothing but Python and a package index.

    python3 run.py                 a demo installation at http://127.0.0.1:8000
    python3 run.py test            the tests, on all cores (arguments go to pytest instead)
    python3 run.py alur ...        any `alur` command, e.g. `python3 run.py alur --help`

Everything lands in this folder: the packages in .venv/, the data in var/. Delete them to start anew.
"""

import sys

if sys.version_info < (3, 11):  # an older Python must be able to parse this file, to come as far as this sentence
    major, minor = sys.version_info[:2]
    sys.stderr.write(f"Alur membutuhkan Python 3.11 atau yang lebih baru; ini Python {major}.{minor}.\n")
    sys.exit(2)

import hashlib
import os
import re
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
ALUR = BIN / ("alur.exe" if WINDOWS else "alur")

# A lock file holds all that the ones before it hold, in the same versions.
LOCKS = ("run", "test", "ci")
ALL_CORES = ("--numprocesses=logical", "--quiet")

PIP = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"]


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("demo", [])
    if command == "demo":
        set_up("run")
        return become([str(ALUR), "serve", *rest], {"ALUR_DEMO": "1", **settings()})
    if command == "alur":
        set_up("run")
        return become([str(ALUR), *rest], settings())
    if command == "test":
        set_up("test")
        os.chdir(ROOT)
        return become([str(PYTHON), "-m", "pytest", *(rest or ALL_CORES)], dict(os.environ))
    if command in LOCKS:
        set_up(command)
        return 0
    print(__doc__)
    return 0 if command in ("-h", "--help") else 2


def settings() -> dict[str, str]:
    """The environment of an `alur` command: what is set, and this folder's var/ for the data."""
    typed = "py run.py alur" if WINDOWS else "python3 run.py alur"  # what its hints tell to type
    return {"ALUR_VAR": str(ROOT / "var"), **os.environ, "ALUR_COMMAND": typed}


def set_up(name: str) -> None:
    """Install a lock file into .venv, unless exactly that was done before."""
    wanted = fingerprint(name)
    if stamp(name).exists() and stamp(name).read_text() == wanted:
        return
    for old in LOCKS:
        stamp(old).unlink(missing_ok=True)
    make_environment()
    install(ROOT / "requirements" / f"{name}.txt")
    subprocess.run([*PIP, "--quiet", "--no-build-isolation", "--editable", str(ROOT)], check=True)
    for done in LOCKS[: LOCKS.index(name) + 1]:
        stamp(done).write_text(fingerprint(done))


def stamp(name: str) -> Path:
    return VENV / f"alur-{name}.stamp"


def fingerprint(name: str) -> str:
    """What an environment was made from: this Python, this place, the lock and the project's own metadata."""
    parts = [sys.version.encode(), str(ROOT).encode()]
    parts += [(ROOT / file).read_bytes() for file in (f"requirements/{name}.txt", "pyproject.toml")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_environment() -> None:
    """A virtual environment of this very Python."""
    made = VENV / "pyvenv.cfg"
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHON.exists() and made.exists() and version in made.read_text():
        return
    print(f"Menyiapkan Python {version} di .venv ...", flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=not WINDOWS)
    except (subprocess.CalledProcessError, ImportError):
        stop("Python ini tidak dapat membuat lingkungan virtual; pasang paket python3-venv, lalu ulangi.")


def install(lock: Path) -> None:
    """Let pip install a lock file, and show how far it is."""
    total = len(re.findall(r"^[a-z0-9]", lock.read_text(), re.MULTILINE))
    print(f"Memasang {total} paket ...", flush=True)
    # Only wheels: nothing is built. Bytecode is compiled as modules are used, which is far less of it.
    options = ["--require-hashes", "--only-binary", ":all:", "--no-compile", "--progress-bar", "off"]
    command = [*PIP, *options, "-r", str(lock)]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    said, done = [], 0
    for line in pip.stdout or ():
        said.append(line)
        package = re.match(r"(?:Collecting|Processing|Ignoring|Requirement already satisfied:) (?:\S*/)?(\S+)", line)
        if package:
            done += 1
            progress(done, total, re.split(r"==|-\d|\[|:", package[1])[0])
        elif line.startswith("Installing"):
            print("\rMenulis paket ke .venv ...".ljust(60), flush=True)
    if pip.wait():
        sys.stderr.write("\n" + "".join(said[-12:]))
        stop("Pemasangan gagal; periksa sambungan internet, lalu ulangi perintah yang sama.")


def progress(done: int, total: int, package: str) -> None:
    """One line that moves on a terminal; elsewhere every tenth package."""
    line = f"  {done}/{total} {package}"
    if sys.stdout.isatty():
        sys.stdout.write("\r" + line.ljust(60))
        sys.stdout.flush()
    elif done % 10 == 0 or done == total:
        print(line, flush=True)


def become(command: list[str], environment: dict[str, str]) -> int:
    """Go on as another program: signals reach it, and its exit code is ours."""
    if not WINDOWS:
        os.execve(command[0], command, environment)
    program = subprocess.Popen(command, env=environment)  # Windows has no exec that waits
    while True:
        try:
            return program.wait()
        except KeyboardInterrupt:
            continue  # the console has told the program too, and it is ending


def stop(sentence: str) -> None:
    """End with one sentence."""
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write("\nDihentikan.\n")
        sys.exit(130)
