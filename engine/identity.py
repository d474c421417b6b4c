"""Names of things: sortable random ids, and the derived ids of tasks and documents.

A user task is `<case>-<path>` and a document `<case>-<activity>-v<version>`: derived, so that re-execution finds the
very same names and nothing random needs to be recorded.
"""

import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


def new_id() -> str:
    """26 letters and digits, ordered by time (a ULID in lower case)."""
    value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def user_task_id(instance_id: str, path: str) -> str:
    """The public id of an open or finished user task."""
    return f"{instance_id}-{path}"


def document_id(instance_id: str, activity_id: str, version: int) -> str:
    """The public id of one version of a document."""
    return f"{instance_id}-{activity_id}-v{version}"


def split_user_task_id(task_id: str) -> tuple[str, str]:
    """(case, path); ("", "") for what cannot be one."""
    instance_id, _, path = task_id.partition("-")
    return (instance_id, path) if len(instance_id) == LENGTH and path else ("", "")


def split_document_id(document: str) -> tuple[str, str, int]:
    """(case, activity, version); ("", "", 0) for what cannot be one."""
    instance_id, _, rest = document.partition("-")
    activity_id, _, version = rest.rpartition("-v")
    if len(instance_id) != LENGTH or not version.isascii() or not version.isdigit():
        return "", "", 0
    return instance_id, activity_id, int(version[:9])
