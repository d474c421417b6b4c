"""A request that comes again with its key gets the first answer, and is done once."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from engine.canonical import canonical
from engine.db import insert_once
from engine.errors import KeyReused
from engine.models import idempotency

_MINE = (idempotency.c.user == bindparam("who"), idempotency.c.key == bindparam("named"))
_FIRST = select(idempotency).where(*_MINE)
_REMEMBER = update(idempotency).where(*_MINE)


def first_answer(connection: Connection, user: str, key: str, request: object, at: datetime) -> Any:  # noqa: ANN401 - JSON
    """What this key was answered first; None for who asks first and must `remember`, while others with the key wait.

    Raises `KeyReused` when the key came with another request.
    """
    asked = hashlib.sha256(canonical(request).encode()).hexdigest()
    insert_once(connection, idempotency, {"user": user, "key": key, "request": asked, "answer": "", "at": at})
    row = connection.execute(_FIRST, {"who": user, "named": key}).one()
    if row.request != asked:
        raise KeyReused
    return json.loads(row.answer) if row.answer else None


def remember(connection: Connection, user: str, key: str, answer: object) -> None:
    """Keep the answer, in the transaction of what was done."""
    connection.execute(_REMEMBER, {"who": user, "named": key, "answer": json.dumps(answer)})
