"""One text for one value (RFC 8785 JSON), and the one strict way in for JSON from outside.

What went through here is normal: writing it and reading it again gives the same value, so that a case in memory and the
same case loaded from its stored state cannot differ. Whole numbers are `int`, also when they were written `1.0`.
"""

import json
import re
from collections.abc import Sequence
from math import isfinite
from typing import Any, NoReturn

import rfc8785

from engine.errors import N_, AlurError

LARGEST = 2**53 - 1
DEEPEST = 64
LONGEST = 1_000_000

# Bidirectional controls make a text read otherwise than it is; NUL ends texts in databases; surrogates have no UTF-8.
_BAD_CHARACTER = re.compile("[\x00\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class NotCanonical(AlurError):
    """A value that has no RFC 8785 text, or none that reads back the same."""

    message = N_("This value cannot be kept as JSON: %(reason)s")


class BadJson(AlurError):
    """JSON from outside that is malformed or unsafe."""

    message = N_("This JSON cannot be accepted: %(reason)s")


def canonical(value: Any) -> str:
    """The RFC 8785 text of a JSON value; raises `NotCanonical`."""
    # The C encoder writes the same text except for floats and for keys beyond the basic plane, which sort by UTF-16.
    return _encode(value) if _is_plain(value, 0) else rfc8785.dumps(value).decode()


def normal(value: object) -> Any:
    """A copy of the value as it reads back from its canonical text."""
    return read_canonical(canonical(value))


def read_canonical(text: str) -> Any:
    """The value of a text that `canonical` wrote."""
    return json.loads(text)


def read_json(source: str | bytes, limit: int = LONGEST) -> Any:
    """The value of JSON from outside, normalised; raises `BadJson` for anything doubtful."""
    if len(source) > limit:
        raise BadJson(reason=N_("it is too long"))
    try:
        value = _strict.decode(source.decode() if isinstance(source, bytes) else source)
    except UnicodeDecodeError:
        raise BadJson(reason=N_("it is not UTF-8")) from None
    except RecursionError:
        raise BadJson(reason=N_("it is nested too deeply")) from None
    except json.JSONDecodeError as error:
        raise BadJson(reason=f"{error.msg} ({error.lineno}:{error.colno})") from None
    _check_read(value, 0)
    return value


def _is_plain(value: object, depth: int) -> bool:
    kind = type(value)
    if kind is str:
        _check_text(value)  # type: ignore[arg-type]
        return True
    if value is None or kind is bool:
        return True
    if kind is int or kind is float:
        _check_number(value)  # type: ignore[arg-type]
        return kind is int
    if depth == DEEPEST:
        raise NotCanonical(reason=N_("it is nested too deeply"))
    if isinstance(value, dict):
        plain = True
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(reason=N_("an object's keys must be texts"))
            _check_text(key)
            plain = (key.isascii() or max(key) <= "\uffff") & _is_plain(item, depth + 1) & plain
        return plain
    if isinstance(value, list):
        return False not in [_is_plain(item, depth + 1) for item in value]  # every item is looked at
    raise NotCanonical(reason=f"{kind.__name__}")


def _check_text(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise NotCanonical(reason=N_("a text holds half a character")) from None


def _check_number(number: float) -> None:
    if not -LARGEST <= number <= LARGEST:  # so that NaN is caught too
        raise NotCanonical(reason=N_("a number is beyond 2^53"))


def _check_read(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if _BAD_CHARACTER.search(value):
            raise BadJson(reason=N_("a text holds a control character that is not allowed"))
    elif isinstance(value, dict | list):
        if depth == DEEPEST:
            raise BadJson(reason=N_("it is nested too deeply"))
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _check_read(item, depth + 1)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise BadJson(reason=f"“{twice[:80]}” ×2")
    return members


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise BadJson(reason=N_("a number is beyond 2^53"))
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if not isfinite(number) or abs(number) > LARGEST:
        raise BadJson(reason=N_("a number is beyond 2^53"))
    return int(number) if number.is_integer() else number


def _no_constant(name: str) -> NoReturn:
    raise BadJson(reason=name)


_strict = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_decimal, parse_constant=_no_constant
)
