"""The formats of texts: how each is written, as data and on the page."""

import datetime
import re
from urllib.parse import urlsplit

from jsonschema import FormatChecker

CHECKER = FormatChecker(formats=())

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>\"(),:;]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_ATTACHMENT = re.compile(r"[\w.:-]{1,128}")


@CHECKER.checks("date", ValueError)
def is_date(value: object) -> bool:
    """A day as "2022-03-21"."""
    return not isinstance(value, str) or bool(_DATE.fullmatch(value) and datetime.date.fromisoformat(value))


@CHECKER.checks("time")
def is_time(value: object) -> bool:
    """A time of day as "09:00" or "09:00:30", in the office's own zone."""
    return not isinstance(value, str) or bool(_TIME.fullmatch(value))


@CHECKER.checks("date-time", ValueError)
def is_date_time(value: object) -> bool:
    """A moment with its offset, as "2022-03-21T09:00:00+08:00"."""
    return not isinstance(value, str) or bool(_MOMENT.fullmatch(value) and datetime.datetime.fromisoformat(value))


@CHECKER.checks("email")
def is_email(value: object) -> bool:
    """An address such as "nama@kpu.go.id"."""
    return not isinstance(value, str) or (len(value) <= 254 and bool(_EMAIL.fullmatch(value)))


@CHECKER.checks("uri", ValueError)
def is_uri(value: object) -> bool:
    """A web address. Only http and https: others (javascript:, file:) have no place in a form or a document."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", value)


@CHECKER.checks("attachment")
def is_attachment(value: object) -> bool:
    """The id of an uploaded file; that it exists, and whose it is, is for the caller to check."""
    return not isinstance(value, str) or bool(_ATTACHMENT.fullmatch(value))
