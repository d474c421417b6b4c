"""Why a step waits again: the entry that opened it, and whether that sent the case back."""

from collections.abc import Sequence

from engine.history import Entry


def opening(entries: Sequence[Entry], path: str) -> Entry | None:
    """The entry that opened the task `path`."""
    return next((entry for entry in entries if any(task["path"] == path for task in entry["opened"])), None)


def sent_back(entries: Sequence[Entry], path: str) -> bool:
    """Whether the task was opened by a step that itself comes after it: it had been opened before that one ever was."""
    entry = opening(entries, path)
    if entry is None or entry["kind"] != "complete":
        return False
    first: dict[str, int] = {}
    for earlier in entries:
        for task in earlier["opened"]:
            first.setdefault(task["activity_id"], earlier["seq"])
    activity = next(task["activity_id"] for task in entry["opened"] if task["path"] == path)
    return first[activity] < first[entry["activity_id"]]


def completion(entries: Sequence[Entry], path: str) -> Entry | None:
    """The entry that completed the task `path`."""
    return next((entry for entry in entries if entry["kind"] == "complete" and entry["path"] == path), None)
