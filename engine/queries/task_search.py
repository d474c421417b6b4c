"""Finding tasks by words, each of the task's name or one by which its case is found."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from engine.access import Actor, may
from engine.models import user_tasks
from engine.queries.shortlists import AMONG, having, own, page, with_word
from engine.queries.user_tasks import visible
from engine.words import found_by

Named = Mapping[str, Sequence[str]]
Key = tuple[str, str]

_TASK = user_tasks.c
_KEY = (_TASK.instance_id, _TASK.path)


def by_name(connection: Connection, words: Sequence[str]) -> Named:
    """The names of tasks in which each word is; there are few, taken one by one from an index."""
    if not words:
        return {}
    name = select(func.min(_TASK.name).label("name")).cte(recursive=True)
    after = select(func.min(_TASK.name)).where(_TASK.name > name.c.name).scalar_subquery()
    every = name.union_all(select(after).where(name.c.name.is_not(None)))
    found = {each: found_by([each]) for each in connection.scalars(select(every.c.name))}
    return {word: [each for each in found if any(one.startswith(word) for one in found[each])] for word in words}


def fits(words: Named) -> list[ColumnElement[bool]]:
    """Conditions on `user_tasks`, one for each word."""
    cases = {word: having(_TASK.instance_id, word) for word in words}
    return [or_(cases[word], _TASK.name.in_(names)) if names else cases[word] for word, names in words.items()]


def ended(connection: Connection, actor: Actor, everybody: bool, words: Named, offset: int, limit: int) -> list[Key]:
    """The keys of tasks that are over and that somebody did or, of `everybody`, may see, the latest first."""
    named = {word: names for word, names in words.items() if names}
    did, over = _TASK.ended_by == actor.name, _TASK.ended_at.is_not(None)
    # An expression: else SQLite reads all that somebody did, since an index has it in order.
    seen = visible(actor) if everybody else func.coalesce(_TASK.ended_by, "") == actor.name
    query = select(*_KEY).where(over, seen, *fits(named)).order_by(_TASK.ended_at.desc(), *_KEY)
    whose = true() if everybody else did
    most = AMONG * (offset + limit)
    latest = select(_TASK.ended_at).where(over, whose).order_by(_TASK.ended_at.desc()).limit(most).subquery()
    recent = and_(whose, _TASK.ended_at >= select(func.min(latest.c.ended_at)).scalar_subquery())
    lists = [with_word(word, select(_TASK.instance_id).where(_TASK.name.in_(names))) for word, names in named.items()]
    if not everybody:
        lists.append(select(_TASK.instance_id).where(did))
    elif not may(actor, "cases.view"):
        lists.append(own(actor))
    found = page(connection, query.offset(offset).limit(limit), [*words.keys() - named], recent, lists, limit)
    return [(row.instance_id, row.path) for row in found]
