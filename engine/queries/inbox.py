"""Kotak masuk: tasks by whose turn it is; counted, searched, sorted and cut into pages by the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, not_, or_, select

from engine.access import Actor
from engine.models import instances, user_tasks
from engine.queries.task_search import Key, by_name, ended, fits
from engine.queries.user_tasks import TASKS, UserTask, in_office, shown, visible
from engine.site import Site
from engine.words import asked

# What one may ask for: mine and my roles' together, either, what is late of both, the rest one sees, what one did,
# and what anybody did in the cases one sees.
CHOICES = ("me", "mine", "roles", "overdue", "others", "done", "everybody")
ENDED = ("done", "everybody")

_TASK = user_tasks.c
_IS_OPEN = _TASK.ended_at.is_(None)
_NEAREST = (_TASK.due_at.is_(None), _TASK.due_at, _TASK.created_at)
_MINE, _ROLES, _OTHERS = 1, 2, 3
MOST_COUNTED = 1000  # "999+" is enough to know


def counts(site: Site, actor: Actor) -> Mapping[str, int]:
    """How many tasks each choice holds, up to `MOST_COUNTED`; "everybody" is not counted, since it only grows."""
    with site.database.read() as connection:
        found = connection.execute(counting(actor, site.clock())).one()._asdict()
    found["me"] = found["mine"] + found["roles"]
    return {name: min(number, MOST_COUNTED) for name, number in found.items()}


def counting(actor: Actor, at: datetime) -> Select[Any]:
    """The statement that counts: each part stops at the limit by itself, so that no list costs more for growing."""
    late = _TASK.due_at < at
    lists = {
        "mine": (_open(_is_mine(actor)),),
        "roles": (_open(_is_ours(actor)),),
        "overdue": (_open(_is_mine(actor), late), _open(_is_ours(actor), late)),
        "others": (_open(_turn(actor) == _OTHERS, visible(actor)),),
        "done": (select(_TASK.path).where(_TASK.ended_by == actor.name, _TASK.ended_at.is_not(None)),),
    }
    columns: list[Any] = [_count(parts).label(name) for name, parts in lists.items()]
    return select(*columns)


def tasks(
    site: Site, actor: Actor, choice: str, *, text: str = "", newest: bool = False, offset: int = 0, limit: int = 50
) -> list[UserTask]:
    """Tasks of one choice: mine first, then the nearest deadline or the newest; what is over, the latest first.

    Each word of `text` begins a word of the task's name, or one by which its case is found.
    """
    with site.database.read() as connection:
        words = by_name(connection, asked(text))
        if choice in ENDED:
            keys = ended(connection, actor, choice == "everybody", words, offset, limit)
        else:
            page = select(_TASK.instance_id, _TASK.path).where(*_chosen(site, actor, choice), *fits(words))
            page = page.order_by(*_order(actor, choice, newest), _TASK.instance_id, _TASK.path)
            keys = [(row.instance_id, row.path) for row in connection.execute(page.offset(offset).limit(limit))]
        return shown(connection, actor, _rows(connection, keys))


def _rows(connection: Connection, keys: Sequence[Key]) -> list[Row[Any]]:
    """The rows with these keys, in their order; only these few are joined with their cases and definitions."""
    # Naming the cases alone, in both tables, lets both databases find the rows by their key; a case has few tasks.
    cases = sorted({case for case, _ in keys})
    found = connection.execute(TASKS.where(_TASK.instance_id.in_(cases), instances.c.id.in_(cases)))
    by_key = {(row.instance_id, row.path): row for row in found}
    return [by_key[key] for key in keys]


def _chosen(site: Site, actor: Actor, choice: str) -> tuple[ColumnElement[bool], ...]:
    turn = _turn(actor)
    match choice:
        case "mine":
            return _IS_OPEN, turn == _MINE
        case "roles":
            return _IS_OPEN, turn == _ROLES
        case "overdue":
            return _IS_OPEN, turn < _OTHERS, _TASK.due_at < site.clock()
        case "others":
            return _IS_OPEN, turn == _OTHERS, visible(actor)
        case _:
            return _IS_OPEN, turn < _OTHERS


def _open(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(_TASK.path).where(_IS_OPEN, *conditions)


def _count(parts: Sequence[Select[Any]]) -> ColumnElement[int]:
    bounded = [part.limit(MOST_COUNTED).subquery() for part in parts]
    return reduce(add, [select(func.count()).select_from(each).scalar_subquery() for each in bounded])


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    holders = [actor.name, *(each.absent for each in actor.stand_ins)]
    held = and_(_TASK.status == "claimed", _TASK.claimed_by.in_(holders))
    return or_(held, and_(_TASK.status == "ready", _TASK.delegated_to == actor.name))


def _is_ours(actor: Actor) -> ColumnElement[bool]:
    given = func.coalesce(_TASK.delegated_to, "") == actor.name
    return and_(_TASK.status == "ready", in_office(actor), not_(given))


def _turn(actor: Actor) -> ColumnElement[int]:
    """Whose turn an open task is. A CASE, which one index of all open tasks answers; an OR would fetch every row."""
    return case((_is_mine(actor), _MINE), (_is_ours(actor), _ROLES), else_=_OTHERS)


def _order(actor: Actor, choice: str, newest: bool) -> tuple[Any, ...]:
    first = (_turn(actor),) if choice == "me" else ()
    return (*first, _TASK.created_at.desc()) if newest else (*first, *_NEAREST)
