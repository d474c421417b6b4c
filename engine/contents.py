"""Bytes by their digest: deployed files, documents and uploads, each stored once."""

import hashlib

from sqlalchemy import Connection, LargeBinary, cast, select

from engine.db import insert_once
from engine.errors import required
from engine.models import contents


def sha256(data: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(data).hexdigest()


def store(connection: Connection, data: bytes) -> str:
    """Keep the bytes and return their digest; the same bytes again cost nothing."""
    name = sha256(data)
    if connection.execute(select(contents.c.sha256).where(contents.c.sha256 == name)).scalar() is None:
        insert_once(connection, contents, {"sha256": name, "size": len(data), "bytes": data})
    return name


def read(connection: Connection, name: str) -> bytes:
    """The bytes of that digest; raises `NotFound`."""
    # The cast keeps bytes that somebody stored as text from being decoded.
    query = select(cast(contents.c.bytes, LargeBinary)).where(contents.c.sha256 == name)
    return bytes(required(connection.execute(query).scalar()))
