"""The register as it is read: every number of a series in order, and the gaps between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from docgen.numbers import format_number
from engine import office
from engine.access import Actor, require
from engine.models import definitions, documents, instances, numbers
from engine.queries.definitions import OF_CASE
from engine.site import Site

SAMPLE = "PK.01"


@dataclass(frozen=True, slots=True)
class Line:
    """A number, or with `kind="gap"` the numbers `n` to `last` that nothing is known of.

    The other kinds are `issued`, `cancelled` (its case was), `paper` and `void`.
    """

    kind: str
    n: int
    last: int
    number: str = ""
    remark: str = ""
    case: str | None = None
    title: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A type of document in a year: how far it has come and how many numbers are missing."""

    type: str
    year: int
    count: int
    last: int
    next: str

    @property
    def missing(self) -> int:
        """How many numbers up to the last nothing is known of."""
        return self.last - self.count


def series(site: Site, actor: Actor) -> list[Series]:
    """All series, and this year's of every type that has a mask; raises `Forbidden`."""
    require(actor, "acts.view")
    counted = select(numbers.c.type, numbers.c.year, func.count(), func.max(numbers.c.n))
    with site.database.read() as connection:
        rows = connection.execute(counted.group_by(numbers.c.type, numbers.c.year)).all()
        held = office.current(connection)
    found = {(type_, year): (count, last) for type_, year, count, last in rows}
    year = this_year(site)
    known = {*found, *((type_, year) for type_ in held["masks"])}
    result = []
    for kind, of in sorted(known, key=lambda key: (-key[1], key[0])):
        count, last = found.get((kind, of), (0, 0))
        mask = held["masks"].get(kind)
        coming = format_number(mask, last + 1, SAMPLE, held, of) if mask else ""
        result.append(Series(kind, of, count, last, coming))
    return result


def lines(site: Site, actor: Actor, type_: str, year: int) -> list[Line]:
    """A series from its first number to its last; raises `Forbidden`."""
    require(actor, "acts.view")
    latest = documents.alias()
    query = (
        select(
            numbers,
            instances.c.status,
            func.coalesce(instances.c.business_key, definitions.c.name).label("title"),
            select(func.min(latest.c.issued_at)).where(latest.c.number == numbers.c.number).scalar_subquery(),
        )
        .outerjoin(instances, instances.c.id == numbers.c.instance_id)
        .outerjoin(definitions, OF_CASE)
        .where(numbers.c.type == type_, numbers.c.year == year)
        .order_by(numbers.c.n)
    )
    with site.database.read() as connection:
        rows = connection.execute(query).all()
    return _with_gaps([_line(row) for row in rows])


def this_year(site: Site) -> int:
    """The year in the office."""
    with site.database.read() as connection:
        return site.clock().astimezone(office.calendar(connection).zone).year


def _line(row: Row[Any]) -> Line:
    kind = "void" if row.void else "paper" if row.instance_id is None else "issued"
    if kind == "issued" and row.status == "cancelled":
        kind = "cancelled"
    issued = row[-1]
    remark = row.void or row.note or ""
    return Line(kind, row.n, row.n, row.number, remark, row.instance_id, row.title or "", issued)


def _with_gaps(known: Sequence[Line]) -> list[Line]:
    found: list[Line] = []
    expected = 1
    for line in known:
        if line.n > expected:
            found.append(Line("gap", expected, line.n - 1))
        found.append(line)
        expected = line.n + 1
    return found
