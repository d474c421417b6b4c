"""How people write numbers, money, days and times here, and how the data holds them.

A reader gives None for what it cannot read: the caller keeps the text as it was typed and says what is wrong.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms.formats import is_date, is_time

_MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni"]
_MONTHS += ["Juli", "Agustus", "September", "Oktober", "November", "Desember"]
_OTHER_MONTHS = {"peb": 2, "may": 5, "agt": 8, "ags": 8, "aug": 8, "oct": 10, "nop": 11, "dec": 12}
_MONTH = {name[:3].lower(): number for number, name in enumerate(_MONTHS, 1)} | _OTHER_MONTHS

_GROUPED = r"-?(?:\d{1,3}(?:\.\d{3}){1,6}|\d{1,20})"
_NUMBER = re.compile(rf"({_GROUPED})(?:,(\d{{1,20}}))?", re.ASCII)
_PLAIN_DECIMAL = re.compile(r"-?\d{1,20}\.\d{1,20}", re.ASCII)
_MONEY = re.compile(r"(-?)(?:rp\.?)?\s*(.*?)(?:,-|,--|,00?)?", re.IGNORECASE)
_DAY = re.compile(
    r"(?:[a-z']{4,6},\s*)?(\d{1,2})(?:([-/.])(\d{1,2})\2|\s+([a-z]{3,9})\.?\s+)(\d{4})", re.ASCII | re.IGNORECASE
)
_TIME = re.compile(r"(?:pukul\s+)?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?", re.ASCII | re.IGNORECASE)


def read_number(text: str) -> int | float | None:
    """A number written the Indonesian way ("1.250,5"), or with a decimal point where that cannot mean thousands."""
    if match := _NUMBER.fullmatch(text):
        whole = match[1].replace(".", "")
        return float(f"{whole}.{match[2]}") if match[2] else int(whole)
    return float(text) if _PLAIN_DECIMAL.fullmatch(text) else None


def read_integer(text: str) -> int | None:
    """A whole number, with or without dots between the thousands."""
    number = read_number(text)
    return number if isinstance(number, int) else None


def read_money(text: str) -> int | float | None:
    """An amount such as "2.000.000", "Rp 2.000.000,00" or "Rp2.000.000,-"."""
    match = _MONEY.fullmatch(text)
    return read_number(match[1] + match[2]) if match else None


def read_date(text: str) -> str | None:
    """A day: "2022-03-21", "21/03/2022", "21-3-2022" or "Senin, 21 Maret 2022"."""
    match = _DAY.fullmatch(text)
    if match:
        month = match[3] or _MONTH.get(match[4][:3].lower(), 0)
        text = f"{match[5]}-{int(month):02}-{int(match[1]):02}"
    try:
        return text if is_date(text) else None
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """A time of day: "09:00", "9.00" or "pukul 9.00"."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    time = f"{match[1]:0>2}:{match[2]}" + (f":{match[3]}" if match[3] else "")
    return time if is_time(time) else None


def show_number(value: int | float) -> str:
    """A number as `read_number` reads it, without dots: 1250,5."""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f").replace(".", ",")


def show_money(value: int | float) -> str:
    """An amount as `read_money` reads it: 2.000.000 or 1.250,5."""
    whole, comma, cents = show_number(value).partition(",")
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole) + comma + cents


def show_option(value: str | int | float | bool) -> str:
    """The value of a choice as its button posts it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def show_date(value: str) -> str:
    """A day in words: 21 Maret 2022."""
    year, month, day = value.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def in_words(value: Any) -> list[str]:
    """Any JSON value of a case as lines to read."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["Ya" if value else "Tidak"]
    if isinstance(value, int | float):
        return [show_money(value) if abs(value) >= 10_000 else show_number(value)]
    if isinstance(value, Mapping):
        return [" · ".join(words)] if (words := in_words(list(value.values()))) else []
    if isinstance(value, list):
        return [line for part in value for line in in_words(part)]
    return [show_date(value) if read_date(value) == value else value]
