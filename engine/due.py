"""Due work: each row is taken by itself, and one that is refused rests, so that the others get their turn.

It rests twice as long every time. That is known to this process alone; another tries everything once.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Select

from engine.errors import AlurError, DatabaseDamaged, Unavailable
from engine.site import Site

BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0  # seconds

log = logging.getLogger("alur.due")


def do_each(site: Site, what: str, query: Select[Any], do: Callable[..., bool], **said: object) -> int:
    """Do all that `query` finds due, in its order; returns how much was done. Raises `Unavailable`.

    It selects what `do` takes: keys alone, since what else stands in a row may be damaged. `do` says whether it did it.
    """
    done = 0
    while keys := _awake(site, what, query.params(now=site.clock(), **said)):
        done += sum(_by_itself(site, (what, *key), partial(do, *key)) for key in keys)
    return done


def stops_all(error: Exception) -> bool:
    """Whether nothing else can be done either: the database does not answer. What is damaged may be one row alone."""
    return isinstance(error, Unavailable) and not isinstance(error, DatabaseDamaged)


def _by_itself(site: Site, key: tuple[Any, ...], do: Callable[[], bool]) -> bool:
    try:
        if do():
            site.resting.pop(key, None)
            return True
    except Exception as error:
        if stops_all(error):
            raise
        log.warning("%s: %s", " ".join(map(str, key)), error, exc_info=not isinstance(error, AlurError))
    refused = site.resting[key][0] + 1 if key in site.resting else 0
    site.resting[key] = refused, time.monotonic() + min(FIRST_PAUSE * 2**refused, LONGEST_PAUSE)
    return False


def _awake(site: Site, what: str, query: Select[Any]) -> list[tuple[Any, ...]]:
    now = time.monotonic()
    for key, (_, until) in list(site.resting.items()):
        if until + LONGEST_PAUSE < now:  # nobody asks for it any more
            del site.resting[key]
    resting = {key for key, (_, until) in site.resting.items() if until > now}
    with site.database.read() as connection:
        rows = connection.execute(query.limit(BATCH + len(resting))).all()
    return [tuple(row) for row in rows if (what, *row) not in resting]
