"""Finding a case by what people remember of it: its name, a letter number, who had to do with it, when, its state."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select

from engine.models import documents, instances, participants, user_tasks, users
from engine.queries.user_tasks import OPEN
from engine.words import asked


@dataclass(frozen=True, slots=True)
class Step:
    """What one of a case's tasks must be like, all of it the same task; what is empty does not matter.

    `late` is over its deadline, finished or not; `returned` was opened again after it had been finished; `waiting` is
    open.
    """

    activity: str = ""
    lane: str = ""
    late: bool = False
    returned: bool = False
    waiting: bool = False

    def cases(self, now: datetime) -> Select[tuple[str]]:
        """The ids of cases with such a task."""
        task = user_tasks.c
        query = select(task.instance_id)
        if self.activity:
            query = query.where(task.activity_id == self.activity)
        if self.lane:
            query = query.where(task.lane == self.lane)
        if self.late:
            query = query.where(
                task.due_at < func.coalesce(task.ended_at, literal(now, task.ended_at.type)), task.status != "cancelled"
            )
        if self.returned:
            query = query.where(_earlier(_EARLIER.ended_at < task.created_at))
            query = query.where(~_earlier(_EARLIER.ended_at == task.created_at))  # one of several in a row
        if self.waiting:
            query = query.where(task.status.in_(OPEN))
        return query


ANY_STEP = Step()


@dataclass(frozen=True, slots=True)
class Search:
    """What a case must be like; what is empty does not matter.

    `text` is the case's id, or words that each begin a word, or a part of one, of the title, of a letter number or of
    what a form marks for search; `number` is so much of one letter number; `person` a user's name or part of a full
    name, of who started the case or acted in it; `since` and `until` are days of the office on which it was started,
    both included.
    """

    status: str = ""
    key: str = ""
    version: int | None = None
    text: str = ""
    number: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    step: Step = ANY_STEP

    @property
    def words(self) -> list[str]:
        """What words of the case must begin with."""
        return asked(f"{self.text} {self.number}")

    def conditions(self, zone: str, now: datetime) -> list[ColumnElement[bool]]:
        """Conditions on `instances` beside the words. Each looks in an index of its own: the rows are large."""
        found: list[ColumnElement[bool]] = []
        if self.status:
            found.append(instances.c.status == self.status)
        if self.key:
            found.append(instances.c.definition_key == self.key)
        if self.version is not None:
            found.append(instances.c.version == self.version)
        if self.since:
            found.append(instances.c.started_at >= _midnight(self.since, zone))
        if self.until:
            found.append(instances.c.started_at < _midnight(self.until + timedelta(days=1), zone))
        if self.number:
            numbered = documents.c.number.icontains(self.number, autoescape=True)
            found.append(exists().where(documents.c.instance_id == instances.c.id, numbered))
        if self.person:
            full = users.c.full_name.icontains(self.person, autoescape=True)
            people = select(users.c.name).where(or_(users.c.name == self.person, full))
            acted = select(participants.c.instance_id).where(participants.c.user.in_(people))
            found.append(instances.c.id.in_(acted))
        if self.step != ANY_STEP:
            found.append(instances.c.id.in_(self.step.cases(now)))
        return found


EVERYTHING = Search()

_EARLIER = user_tasks.alias("earlier").c


def _earlier(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the same step was open in the same case before."""
    same = (_EARLIER.instance_id == user_tasks.c.instance_id, _EARLIER.activity_id == user_tasks.c.activity_id)
    return exists().where(*same, condition)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
