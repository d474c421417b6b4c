"""Pages of a list: `?limit=`, and an opaque `?cursor=` that says where the next page begins."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from engine.errors import N_, Malformed
from web.api.operation import Parameter

Item = TypeVar("Item")

LARGEST = 2**31 - 1  # what a column of whole numbers holds

PAGE = (
    Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "How many items at most."),
    Parameter("cursor", {"type": "string", "maxLength": 1000}, "Where to go on; taken from `next` of the last answer."),
)


def position(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """What a cursor holds, one value of each kind; None at the beginning. Raises `Malformed`."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    whole = isinstance(values, list) and [type(value) for value in values] == list(kinds)
    if not whole or not all(0 <= value <= LARGEST for value in values if isinstance(value, int)):
        raise Malformed(reason=N_("the cursor is none of ours"))
    return tuple(values)


def pages(
    found: Sequence[Item], limit: int, show: Callable[[Item], Any], place: Callable[[Item], Sequence[object]]
) -> dict[str, Any]:
    """A page of at most `limit` of the `limit + 1` that were asked for; one more means that there is a next page."""
    shown = found[:limit]
    following = _address(place(shown[-1])) if len(found) > limit else None
    return {"items": [show(item) for item in shown], "next": following}


def _address(place: Sequence[object]) -> str:
    cursor = base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode()
    return f"{request.path}?{urlencode({**request.args, 'cursor': cursor})}"
