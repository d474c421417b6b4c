"""The office: letterhead, codes, number masks, time zone and working hours. Data of the installation, never code."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.canonical import canonical
from engine.models import office

DEFAULT = Path(__file__).resolve().parent.parent / "docgen" / "office.json"

_LATEST = select(office.c.data).order_by(office.c.revision.desc()).limit(1)


def text(connection: Connection) -> str:
    """The office's data as it stands, as JSON."""
    return connection.execute(_LATEST).scalar() or DEFAULT.read_text(encoding="utf-8")


def current(connection: Connection) -> dict[str, Any]:
    """The office's data as it stands."""
    return dict(json.loads(text(connection)))


def change(connection: Connection, data: dict[str, Any], by: str, at: datetime) -> None:
    """Let `data` hold from now on; what held before stays on record."""
    revision = connection.execute(select(office.c.revision).order_by(office.c.revision.desc()).limit(1)).scalar() or 0
    connection.execute(insert(office), {"revision": revision + 1, "data": canonical(data), "at": at, "by": by})


def set_up(connection: Connection, at: datetime) -> None:
    """Give a new installation the shipped office data; an office that has its own keeps it."""
    if connection.execute(_LATEST).scalar() is None:
        change(connection, json.loads(DEFAULT.read_text(encoding="utf-8")), "os:init", at)
