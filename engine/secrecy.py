"""Files that only the account that runs Alur may read: the database, backups, keys."""

import logging
import os
from pathlib import Path

PRIVATE, OTHERS = 0o600, 0o077

log = logging.getLogger("alur.secrecy")


def keep_private(file: Path) -> None:
    """Take the file away from others, where it is; the log tells where the medium knows no rights.

    On Windows the folder says who may read, not the file.
    """
    if os.name == "posix" and file.exists() and file.stat().st_mode & OTHERS:
        try:
            file.chmod(PRIVATE)
        except OSError as error:
            log.warning("others may read %s: %s", file, error)
