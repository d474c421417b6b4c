"""The keeper's acts on the register: entering numbers of the paper register, and voiding numbers, with a remark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from docgen.errors import NumberInvalid
from docgen.numbers import parse_number
from engine import acts, office, register
from engine.access import Actor, require
from engine.acts import Channel
from engine.commands.period import require_reason
from engine.errors import N_, Invalid, NumberTaken, Unacceptable
from engine.models import documents, instances, numbers
from engine.site import Site
from forms.validation import FieldError

MOST = 1000


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers `first` to `last` of a series."""

    type: str
    year: int
    first: int
    last: int


def enter_number(site: Site, actor: Actor, channel: Channel, type_: str, number: str, note: str) -> None:
    """Enter one number as the paper register has it, so that it is never given again; `note` says what it is for.

    Raises `Forbidden`, `Invalid` for a number that does not follow the mask, `NumberTaken`, or `Unacceptable`.
    """
    number = " ".join(number.split())
    with site.database.write() as connection:
        held, mask = _office(connection, actor, type_)
        note = require_reason(note)
        try:
            found = parse_number(mask, number, held)
        except NumberInvalid as error:
            problem = error.problems[0]
            raise Invalid([FieldError("/number", "number", problem.msgid, problem.params)]) from error
        span = Span(type_, found.year, found.n, found.n)
        register.hold(connection, type_, span.year)
        if taken := _taken(connection, span):
            raise NumberTaken(number=taken[0]["number"])
        if connection.execute(select(numbers.c.n).where(numbers.c.number == number)).first():
            raise NumberTaken(number=number)
        rows = [{"type": type_, "year": span.year, "n": span.first, "number": number}]
        _enter(connection, site, actor, channel, rows, note)


def enter_span(site: Site, actor: Actor, channel: Channel, span: Span, note: str) -> None:
    """Enter numbers that the paper register gave, without looking each up: they are never given again.

    Raises `Forbidden`, `Invalid` for a span that is none, `NumberTaken`, or `Unacceptable`.
    """
    with site.database.write() as connection:
        rows = _free(connection, actor, span)
        _enter(connection, site, actor, channel, rows, require_reason(note))


def void_numbers(site: Site, actor: Actor, channel: Channel, span: Span, reason: str) -> None:
    """Void numbers: those that were never given, and those whose letters are no longer in force.

    Raises `Forbidden`, `Invalid` for a span that is none or leaves a gap, or `Unacceptable` (reason, letter in force).
    """
    with site.database.write() as connection:
        held, mask = _office(connection, actor, span.type)
        reason = require_reason(reason)
        _require_span(span)
        register.hold(connection, span.type, span.year)
        if span.first > register.next_number(connection, span.type, span.year):
            raise Invalid([FieldError("/first", "gap", N_("the series has not come so far"))])
        there = {row["n"]: row for row in _taken(connection, span)}
        for row in there.values():
            _require_out_of_force(connection, row)
        fresh = [n for n in range(span.first, span.last + 1) if n not in there]
        rows = _rows(span, fresh, held, mask)
        voided = [{name: row[name] for name in ("type", "year", "n", "number", "note")} for row in there.values()]
        if rows:
            connection.execute(insert(numbers), [{**row, "note": None, "void": reason} for row in rows])
        where = numbers.c.type == span.type, numbers.c.year == span.year, numbers.c.n.in_(there)
        connection.execute(update(numbers).where(*where).values(void=reason))
        subject, after = f"{span.type}/{span.year}", {"numbers": [*voided, *rows], "void": reason}
        at = site.clock()
        acts.record(connection, at, actor.name, channel, "number.voided", subject, after=after, reason=reason)


def _office(connection: Connection, actor: Actor, type_: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    require(actor, "office.manage")
    held = office.current(connection)
    mask = held["masks"].get(type_)
    if mask is None:
        raise Invalid([FieldError("/type", "unknown", N_("letters of this type have no numbers"))])
    return held, mask


def _require_span(span: Span) -> None:
    if not 1 <= span.first <= span.last or not 1000 <= span.year <= 9999:
        raise Invalid([FieldError("/last", "order", N_("from a number to the same or a higher one"))])
    if span.last - span.first >= MOST:
        raise Invalid([FieldError("/last", "too_many", N_("at most %(limit)s numbers at once"), {"limit": MOST})])


def _free(connection: Connection, actor: Actor, span: Span) -> list[dict[str, Any]]:
    held, mask = _office(connection, actor, span.type)
    _require_span(span)
    register.hold(connection, span.type, span.year)
    if taken := _taken(connection, span):
        raise NumberTaken(number=taken[0]["number"])
    return _rows(span, range(span.first, span.last + 1), held, mask)


def _rows(span: Span, wanted: Sequence[int], held: Mapping[str, Any], mask: Mapping[str, str]) -> list[dict[str, Any]]:
    base = {"type": span.type, "year": span.year}
    return [{**base, "n": n, "number": register.unclassified(mask, n, held, span.year)} for n in wanted]


def _taken(connection: Connection, span: Span) -> list[dict[str, Any]]:
    series = numbers.c.type == span.type, numbers.c.year == span.year
    query = select(numbers).where(*series, numbers.c.n.between(span.first, span.last)).order_by(numbers.c.n)
    return [dict(row) for row in connection.execute(query).mappings()]


def _require_out_of_force(connection: Connection, row: Mapping[str, Any]) -> None:
    if row["void"] is not None:
        raise Unacceptable(reason=N_("this number is void already"))
    in_force = (
        select(documents.c.number)
        .join(instances, instances.c.id == documents.c.instance_id)
        .where(documents.c.number == row["number"], documents.c.status == "issued", instances.c.status != "cancelled")
    )
    if connection.execute(in_force).first():
        raise Unacceptable(reason=N_("a letter in force bears this number"))


def _enter(
    connection: Connection, site: Site, actor: Actor, channel: Channel, rows: Sequence[dict[str, Any]], note: str
) -> None:
    connection.execute(insert(numbers), [{**row, "note": note, "void": None} for row in rows])
    subject, after = f"{rows[0]['type']}/{rows[0]['year']}", {"numbers": list(rows), "note": note}
    acts.record(connection, site.clock(), actor.name, channel, "number.entered", subject, after=after, reason=note)
