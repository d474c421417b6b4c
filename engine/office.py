"""The office: letterhead, codes, number masks, time zone and working hours. Data of the installation, never code."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select

from engine.acts import Channel, record
from engine.canonical import canonical
from engine.contents import sha256
from engine.language import Zone
from engine.models import office
from engine.worktime import Calendar

DEFAULT = Path(__file__).resolve().parent.parent / "docgen" / "office.json"

COMMAND_LINE = Channel("cli")

_LATEST = select(office.c.data).order_by(office.c.revision.desc()).limit(1)


def text(connection: Connection) -> str:
    """The office's data as it stands, as JSON."""
    return connection.execute(_LATEST).scalar() or DEFAULT.read_text(encoding="utf-8")


def current(connection: Connection) -> dict[str, Any]:
    """The office's data as it stands."""
    return dict(json.loads(text(connection)))


def zone(connection: Connection) -> Zone:
    """The office's time zone, and what people call it."""
    data = current(connection)
    return data["zona"], data["singkatan_zona"]


def zones(connection: Connection) -> set[ZoneInfo]:
    """Every time zone that the office has had."""
    return {_zone(data) for data in connection.execute(select(office.c.data)).scalars()}


def calendar(connection: Connection) -> Calendar:
    """When the office works, by its data as it stands."""
    return _calendar(text(connection))


@lru_cache(maxsize=4)
def _calendar(office_text: str) -> Calendar:
    return Calendar.from_office(json.loads(office_text))


@lru_cache(maxsize=16)
def _zone(office_text: str) -> ZoneInfo:
    return ZoneInfo(json.loads(office_text)["zona"])


def revision(connection: Connection) -> int:
    """The number of the data that holds; 0 before any was set."""
    return connection.execute(select(func.max(office.c.revision))).scalar() or 0


def change(
    connection: Connection,
    data: dict[str, Any],
    by: str,
    at: datetime,
    channel: Channel = COMMAND_LINE,
    reason: str | None = None,
) -> None:
    """Let `data` hold from now on; what held before stays on record."""
    number, held, text = revision(connection), current(connection), canonical(data)
    connection.execute(insert(office), {"revision": number + 1, "data": text, "at": at, "by": by})
    parts = sorted(part for part in {*held, *data} if not number or held.get(part) != data.get(part))
    after = {"revision": number + 1, "sha256": sha256(text.encode())} | {part: data.get(part) for part in parts}
    before = {part: held.get(part) for part in parts} if number else None
    record(connection, at, by, channel, "office.changed", ", ".join(parts), before=before, after=after, reason=reason)


def set_up(connection: Connection, at: datetime) -> None:
    """Give a new installation the shipped office data; an office that has its own keeps it."""
    if connection.execute(_LATEST).scalar() is None:
        change(connection, json.loads(DEFAULT.read_text(encoding="utf-8")), "os:init", at)
