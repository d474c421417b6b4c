"""Verifications of everything that auditors ask for on their page; a worker does them beside its other work."""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from engine import acts, clock
from engine.access import Actor, require
from engine.acts import Channel
from engine.checkpoints import Folder
from engine.checkpoints.key import load_key, signed_by
from engine.models import verifications
from engine.proof.proving import prove
from engine.proof.report import summary
from engine.proof.sealed import read_sealed
from engine.proof.source import own_source
from engine.site import Site

SILENT = timedelta(minutes=10)  # after which a worker that had begun is taken for dead
PROCESSES = max((os.cpu_count() or 1) - 1, 1)  # people go on working meanwhile

log = logging.getLogger("alur.proof")


@dataclass(frozen=True, slots=True)
class Asked:
    """One verification: waiting, running (`done` of `total` cases) or, with a result, over."""

    id: int
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    done: int
    total: int
    result: Mapping[str, Any] | None


def ask(site: Site, actor: Actor) -> None:
    """Have everything verified; one that has not ended yet serves whoever asks meanwhile. Raises `Forbidden`."""
    require(actor, "acts.view")
    with site.database.write() as connection:
        open_ = connection.execute(select(verifications.c.id).where(verifications.c.ended_at.is_(None))).first()
        if open_ is None:
            row = {"asked_at": site.clock(), "asked_by": actor.name, "done": 0, "total": 0}
            connection.execute(insert(verifications), row)


def asked(site: Site, actor: Actor) -> tuple[Asked | None, Asked | None]:
    """The verification that has not ended, and the last one that has; raises `Forbidden`."""
    require(actor, "acts.view")
    newest = select(verifications).order_by(verifications.c.id.desc()).limit(1)
    with site.database.read() as connection:
        running = connection.execute(newest.where(verifications.c.ended_at.is_(None))).first()
        over = connection.execute(newest.where(verifications.c.ended_at.is_not(None))).first()
    return _read(site, running), _read(site, over)


def verify_asked(site: Site) -> Thread | None:
    """Begin one that waits, in a thread of its own; the worker goes on."""
    identity = _claim(site)
    if identity is None:
        return None
    thread = Thread(target=_verify, args=(site, identity), name="verification", daemon=True)
    thread.start()
    return thread


def _claim(site: Site) -> int | None:
    now = site.clock()
    free = and_(
        verifications.c.ended_at.is_(None),
        or_(verifications.c.seen_at.is_(None), verifications.c.seen_at < now - SILENT),
    )
    waiting = select(verifications.c.id).where(free).limit(1)
    with site.database.read() as connection:
        if connection.execute(waiting).first() is None:
            return None
    with site.database.write() as connection:
        identity = connection.execute(waiting.with_for_update(skip_locked=True)).scalar()
        if identity is not None:
            _update(connection, identity, seen_at=now)
    return identity


def _verify(site: Site, identity: int) -> None:
    def progress(done: int, total: int) -> None:
        with site.database.write() as connection:
            _update(connection, identity, seen_at=site.clock(), done=done, total=total)

    try:
        found = summary(prove(site, read_sealed(own_source(site)), processes=PROCESSES, progress=progress))
        kept = _signed(site, found | {"verification": identity, "at": clock.to_text(site.clock())})
    except Exception as error:
        if "shutdown" in str(error):  # the program ends; the next worker begins anew
            with site.database.write() as connection:
                _update(connection, identity, seen_at=None)
            return
        log.exception("a verification failed")  # the page must not wait for ever
        found = {"verdict": "failed"}
        kept = json.dumps(found)
    with site.database.write() as connection:
        by = connection.execute(select(verifications.c.asked_by).where(verifications.c.id == identity)).scalar_one()
        _update(connection, identity, ended_at=site.clock(), result=kept)
        told: dict[str, Any] = {name: found[name] for name in ("verdict", "cases", "entries") if name in found}
        acts.record(connection, site.clock(), by, Channel("worker"), "verified", str(identity), after=told)


def _update(connection: Connection, identity: int, **columns: object) -> None:
    connection.execute(update(verifications).where(verifications.c.id == identity).values(**columns))


def _signed(site: Site, result: Mapping[str, Any]) -> str:
    """Two lines, as in a checkpoint: the result, and its signature if the key is there."""
    text, key = json.dumps(result), load_key(site.settings)
    return f"{text}\n{key.sign(text) if key else ''}"


def _result(site: Site, row: Row[Any]) -> dict[str, Any]:
    """The result; what no known key has signed may tell of a change, but never that everything is intact."""
    text, _, signature = row.result.partition("\n")
    result = dict(json.loads(text))
    keys = Folder.of(site.settings).public_keys()
    signed = result.get("verification") == row.id and any(signed_by(key, text, signature) for key in keys)
    if not signed and result.get("verdict") in ("intact", "incomplete"):  # the latter in rows of before
        result["verdict"] = "unproved"
    return {**result, "signed": signed}


def _read(site: Site, row: Row[Any] | None) -> Asked | None:
    if row is None:
        return None
    result = _result(site, row) if row.result else None
    return Asked(row.id, row.asked_at, row.asked_by, row.ended_at, row.done, row.total, result)
