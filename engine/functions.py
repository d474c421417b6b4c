"""The functions of the language of expressions, and the bounds of what goes through them.

A function depends on what it is given and nothing else, but for the two that ask the office's calendar. What the
calendar answers to a case stands in the entry of the command that asked, so that re-execution asks the entry.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from typing import Any, NoReturn

from engine.canonical import LARGEST, canonical
from engine.errors import N_

LONGEST_VALUE = 10_000
HEAVIEST = 100_000  # letters and items in a list that an expression makes
MOST_DAYS = 2_000
ASKING = frozenset({"today", "workdays"})  # the functions that ask the calendar

# Answers a question, such as ["workdays", "2026-11-24", 3].
Ask = Callable[[list[Any]], Any]
_WORLD: ContextVar[Ask | None] = ContextVar("world", default=None)


@contextmanager
def asking(ask: Ask | None) -> Iterator[None]:
    """Let the functions ask this calendar meanwhile."""
    before = _WORLD.set(ask)
    try:
        yield
    finally:
        _WORLD.reset(before)


class Problem(Exception):
    """A reason and what it is about, on its way to the expression that it happened in."""

    def __init__(self, reason: str, detail: object) -> None:
        super().__init__(reason, str(detail)[:80])


def fail(reason: str, detail: object) -> NoReturn:
    """Raise that something cannot be worked out."""
    raise Problem(reason, detail)


def number(value: Any) -> Any:
    """The value as a number in bounds; whole ones are integers, as everywhere in Alur."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        fail(N_("this is not a number"), repr(value))
    if not abs(value) <= LARGEST:  # so that NaN is caught too
        fail(N_("the number is too large"), value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text(value: str) -> str:
    """The text, if it is not too long."""
    return value if len(value) <= LONGEST_VALUE else fail(N_("the text is too long"), len(value))


def made(items: list[Any]) -> list[Any]:
    """A list that an expression makes, in bounds: `[x, x]` again and again would double it without end."""
    left, ahead = HEAVIEST, [items]
    while ahead:
        value = ahead.pop()
        left -= 1 + (len(value) if isinstance(value, str | list | dict) else 0)
        if left < 0:
            fail(N_("the list is too long"), len(items))
        ahead += value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return items


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        fail(N_("this is not a list"), repr(value))
    return value if len(value) <= LONGEST_VALUE else fail(N_("the list is too long"), len(value))


def _digits(value: Any) -> int:
    return value if type(value) is int and abs(value) <= 15 else fail(N_("the number is too large"), value)


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def function(*values: Any) -> Any:
        items = _list(values[0]) if len(values) == 1 else list(values)
        if not items:
            fail(N_("the list is empty"), "[]")
        return choose(items if all(isinstance(item, str) for item in items) else [number(item) for item in items])

    return function


def applied(name: str, function: Callable[..., Any], arguments: list[Any]) -> Any:
    """What a function gives; what it cannot take is a problem of the expression."""
    try:
        return function(*arguments)
    except (TypeError, ValueError):
        fail(N_("the function cannot take this"), f"{name}({', '.join(map(repr, arguments))})")


def _asked(*question: Any) -> Any:  # noqa: ANN401 - JSON
    ask = _WORLD.get()
    if ask is None:
        fail(N_("the office's calendar is not at hand here"), question[0])
    try:
        return ask(list(question))
    except OverflowError:
        fail(N_("the number is too large"), question)


def _day(value: Any) -> date:
    """The day of a date or a moment that is written as a text."""
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        fail(N_("this is not a date"), repr(value))


def _days(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_DAYS:
        return value
    fail(N_("this is not a number of days"), repr(value))


def _date(value: Any, days: Any = 0) -> str:
    try:
        return (_day(value) + timedelta(days=_days(days))).isoformat()
    except OverflowError:
        fail(N_("the number is too large"), days)


def _workdays(start: Any, other: Any) -> Any:
    """The date so many working days later, or how many there are until a date."""
    if isinstance(other, str):
        _days((_day(other) - _day(start)).days)
        return _asked("workdays", _day(start).isoformat(), _day(other).isoformat())
    return _asked("workdays", _day(start).isoformat(), _days(other))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda value: abs(number(value)),
    "all": lambda values: all(_list(values)),
    "any": lambda values: any(_list(values)),
    "date": _date,
    "int": lambda value: number(int(text(value) if isinstance(value, str) else number(value))),
    "len": lambda value: len(value),
    "lower": lambda value: str.lower(value),
    "max": _extreme(max),
    "min": _extreme(min),
    "round": lambda value, digits=0: number(round(number(value), _digits(digits))),
    "str": lambda value: value if isinstance(value, str) else text(canonical(value)),
    "sum": lambda values: number(sum(number(value) for value in _list(values))),
    "today": lambda: _asked("today"),
    "upper": lambda value: text(str.upper(value)),
    "workdays": _workdays,
}
