"""The register of numbers: a series is a type of document in a year, and a number is given once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from docgen.numbers import format_number
from engine.models import numbers

# What a number shows where a classification code would stand, when it never had one.
UNCLASSIFIED = "–"


def hold(connection: Connection, type_: str, year: int) -> None:
    """Keep others from the series until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{type_}/{year}"))))


def next_number(connection: Connection, type_: str, year: int) -> int:
    """The number after the highest of the series."""
    series = select(func.max(numbers.c.n)).where(numbers.c.type == type_, numbers.c.year == year)
    return (connection.execute(series).scalar() or 0) + 1


def unclassified(mask: Mapping[str, str], n: int, office: Mapping[str, Any], year: int) -> str:
    """The number without the classification code that only its letter would know."""
    plain = {**mask, "mask": mask["mask"].replace("{klasifikasi}", UNCLASSIFIED)}
    return format_number(plain, n, "", office, year)
