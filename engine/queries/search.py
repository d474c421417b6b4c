"""Finding a case by what people remember of it: its name, a letter number, who had to do with it, when, its state."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from engine.models import instances, numbers, participants, users


@dataclass(frozen=True, slots=True)
class Search:
    """What a case must be like; what is empty does not matter.

    `text` is part of the title or of a letter number, or the case's id; `number` part of a letter number; `person` a
    user's name or part of a full name, of who started the case or acted in it; `since` and `until` are days of the
    office on which it was started, both included.
    """

    status: str = ""
    key: str = ""
    text: str = ""
    number: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self, zone: str) -> list[ColumnElement[bool]]:
        """Conditions on `instances`. Each looks in an index of its own: the rows hold whole states and are large."""
        found: list[ColumnElement[bool]] = []
        if self.status:
            found.append(instances.c.status == self.status)
        if self.key:
            found.append(instances.c.definition_key == self.key)
        if self.since:
            found.append(instances.c.started_at >= _midnight(self.since, zone))
        if self.until:
            found.append(instances.c.started_at < _midnight(self.until + timedelta(days=1), zone))
        if self.text:
            titled = select(instances.c.id).where(instances.c.business_key.icontains(self.text, autoescape=True))
            ways = [instances.c.id.in_(titled), instances.c.id == self.text]
            if any(letter.isdigit() for letter in self.text):  # no letter number goes without
                ways.append(instances.c.id.in_(_numbered(self.text)))
            found.append(or_(*ways))
        if self.number:
            found.append(instances.c.id.in_(_numbered(self.number)))
        if self.person:
            full = users.c.full_name.icontains(self.person, autoescape=True)
            people = select(users.c.name).where(or_(users.c.name == self.person, full))
            acted = select(participants.c.instance_id).where(participants.c.user.in_(people))
            found.append(instances.c.id.in_(acted))
        return found


EVERYTHING = Search()


def _numbered(text: str) -> Select[tuple[str | None]]:
    """The cases with a letter number that has `text` in it."""
    with_it = numbers.c.number.icontains(text, autoescape=True)
    return select(numbers.c.instance_id).where(numbers.c.instance_id.is_not(None), with_it)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
