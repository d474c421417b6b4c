"""The signed checkpoints that a dossier takes along, as they lie in the folder outside the database."""

import json
from collections.abc import Sequence
from typing import Any

from engine.checkpoints import Folder

BLOCK = 1000


def signed_checkpoints(folder: Folder, case: str, since: str) -> list[str]:
    """The checkpoints from the first that names the case up to the newest, oldest first, without a gap.

    None from before `since`, when the case was started, is looked at; one that is damaged comes along as it is.
    """
    found, last = [], 0
    for number in reversed(folder.numbers()):
        text = folder.text(number)
        signed = _signed(text)
        if signed.get("at", since) < since:
            break
        found.append(text)
        if any(entry[0] == case for entry in signed.get("cases", ())):
            last = len(found)
    return found[:last][::-1]


def blocks(checkpoints: Sequence[str]) -> list[tuple[str, bytes]]:
    """The checkpoints in files of up to a thousand, each named by its first and last number."""
    files = []
    for start in range(0, len(checkpoints), BLOCK):
        some = checkpoints[start : start + BLOCK]
        first, last = (_signed(text).get("number", 0) for text in (some[0], some[-1]))
        files.append((f"checkpoint/{first:08d}-{last:08d}.txt", "".join(some).encode()))
    return files


def _signed(text: str) -> dict[str, Any]:
    """What a checkpoint says; nothing, when it is damaged."""
    try:
        said = json.loads(text.partition("\n")[0])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
