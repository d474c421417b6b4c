"""Lists of cases, the shortest of which leads to a page: a search costs the same however many cases have ended."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, GenerativeSelect, Row, Select, and_, func, or_, select, union_all

from engine.access import Actor
from engine.models import instances, keywords, participants, user_tasks

FEW = 100  # so many cases are looked at without asking whether there are enough newer ones
COMMON = 2000  # no list is counted further
AMONG = 20  # one of so many of the newest is expected to fit
LAST = "z"  # after every id, which begins with a digit


def having(case: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether the case with this id is found by a word."""
    # Not EXISTS, for which PostgreSQL reads all cases with a common word.
    first = select(keywords.c.word).where(keywords.c.instance_id == case, _begins(word)).limit(1).scalar_subquery()
    return or_(case == word, first.is_not(None))


def with_word(word: str, *others: Select[tuple[str]]) -> GenerativeSelect:
    """The ids of all cases that are found by a word, and others."""
    begun = select(keywords.c.instance_id).where(_begins(word))
    return union_all(begun, select(instances.c.id).where(instances.c.id == word), *others)


def own(actor: Actor, below: str = LAST, most: int | None = None) -> GenerativeSelect:
    """The ids of the cases that somebody sees for a part in them, or of the newest of these below an id."""
    part, task = participants.c, user_tasks.c
    took_part = select(part.instance_id).where(part.user == actor.name, part.instance_id < below)
    newest = took_part.order_by(part.instance_id.desc()).limit(most).subquery()
    asked_of = or_(task.lane.in_(sorted(actor.reach)), task.delegated_to == actor.name)
    waits = select(task.instance_id).where(task.ended_at.is_(None), asked_of, task.instance_id < below)
    return union_all(select(newest), waits).order_by(newest.c.instance_id.desc() if most else None).limit(most)


def page(
    connection: Connection,
    query: Select[Any],
    words: Sequence[str],
    recent: ColumnElement[bool],
    lists: Sequence[GenerativeSelect],
    limit: int,
) -> Sequence[Row[Any]]:
    """The rows of a query, whose first column is a case, of those cases that are found by all the words.

    Each of `lists` names all cases that the query may find, as does the list of those with a word. A short one leads
    to the page; if all are long, what is `recent` is looked at first, and often fills it.
    """
    case = query.selected_columns[0]
    shortest, length = _shortest(connection, [*map(with_word, words), *lists])
    if shortest is None or length > FEW:
        found = connection.execute(query.where(recent, *(having(case, word) for word in words))).all()
        if len(found) == limit:
            return found
    if shortest is not None:
        listed = shortest.subquery().c.instance_id
        query = query.where(case.in_(select(listed).where(*(having(listed, word) for word in words))))
    return connection.execute(query).all()


def _shortest(connection: Connection, lists: Sequence[GenerativeSelect]) -> tuple[GenerativeSelect | None, int]:
    if not lists:
        return None, 0
    some = [each.limit(COMMON).subquery() for each in lists]
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in some)
    return min(zip(lists, connection.execute(select(*counts)).one(), strict=True), key=lambda each: each[1])


def _begins(word: str) -> ColumnElement[bool]:
    return and_(keywords.c.word >= word, keywords.c.word < word + "\U0010ffff")
