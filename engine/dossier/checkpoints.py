"""The signed checkpoints that a dossier takes along, as they lie in the folder outside the database."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.settings import Settings

KEYS = "public-key.txt"
BLOCK = 1000


def folder_of(settings: Settings) -> Path:
    """Where the checkpoints of this installation lie."""
    return Path(getattr(settings, "checkpoints", None) or settings.var / "checkpoints")


def signed_checkpoints(folder: Path, case: str, since: str) -> list[str]:
    """The checkpoints from the first that names the case up to the newest, oldest first, without a gap.

    None that was made before `since`, when the case was started, is looked at.
    """
    found, last = [], 0
    for text in _newest_first(folder):
        signed = json.loads(text.partition("\n")[0])
        if signed["at"] < since:
            break
        found.append(text)
        if any(entry[0] == case for entry in signed["cases"]):
            last = len(found)
    return found[:last][::-1]


def public_keys(folder: Path) -> str:
    """The keys that sign, oldest first, one a line; empty when there are none yet."""
    path = folder / KEYS
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def blocks(checkpoints: Sequence[str]) -> list[tuple[str, bytes]]:
    """The checkpoints in files of up to a thousand, each named by its first and last number."""
    files = []
    for start in range(0, len(checkpoints), BLOCK):
        some = checkpoints[start : start + BLOCK]
        first, last = (json.loads(text.partition("\n")[0])["number"] for text in (some[0], some[-1]))
        files.append((f"checkpoint/{first:08d}-{last:08d}.txt", "".join(some).encode()))
    return files


def _newest_first(folder: Path) -> Iterator[str]:
    numbered = [path for path in folder.glob("*.txt") if path.stem.isdigit()] if folder.is_dir() else []
    for path in sorted(numbered, key=lambda each: int(each.stem), reverse=True):
        yield path.read_bytes().decode()
