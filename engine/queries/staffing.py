"""Whether somebody is left for an open step: absence and separation of duties together can leave nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine import people
from engine.access import Post, Work
from engine.bpmn import Element
from engine.definitions import Definition
from engine.errors import N_
from engine.site import Site
from engine.substitutes import absent

REASONS: Mapping[str, str] = {
    "vacant": N_("Nobody can do this step: no user acts for %(lane)s."),
    "vacant_position": N_("Nobody can do this step: no user acts for %(lane)s as %(position)s."),
    "absent": N_("Nobody can do this step now: everybody who acts for %(lane)s is absent, and no substitute is there."),
    "separated": N_("Nobody can do this step: whoever is there did “%(activity)s” in this case."),
}


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """An open step that nobody is left for; `message` is an English sentence to translate and fill with `params`."""

    code: str
    message: str
    params: Mapping[str, object]


def unstaffed(connection: Connection, task: Work, at: datetime) -> Unstaffed | None:
    """Why nobody can do the open task at that moment; None when somebody can."""
    if people.staffed(connection, task, at):  # one statement answers nearly always; this is part of every submission
        return None
    code = _reason(connection, task, at)
    activity = ", ".join(dict.fromkeys(task.barred.values()))
    params = {"lane": task.lane, "position": task.position, "activity": activity}
    return Unstaffed(code, REASONS[code], params) if code else None


def unstaffed_steps(site: Site, definition: Definition) -> list[Unstaffed]:
    """Why nobody could do some steps of an SOP if a case came to them now, each reason once."""
    with site.database.read() as connection:
        found = [unstaffed(connection, post, site.clock()) for post in _posts(definition)]
    return [each for each in found if each is not None]


def vacancies(site: Site, definition: Definition) -> list[Post]:
    """The posts of an SOP's steps that nobody has: a mistyped role, or people still to be given one."""
    at = site.clock()
    with site.database.read() as connection:
        return [post for post in _posts(definition) if not people.candidates(connection, post, at)]


def post_of(step: Element) -> Post:
    """What a step for people asks for."""
    return Post(str(step.lane), step.properties.get("position") or None)


def _posts(definition: Definition) -> list[Post]:
    """What the steps of an SOP ask for, each once and in their order."""
    steps = [each for each in definition.elements.values() if each.kind == "userTask" and each.lane]
    return list({(post.lane, post.position): post for post in map(post_of, steps)}.values())


def _reason(connection: Connection, task: Work, at: datetime) -> str | None:
    able = people.candidates(connection, task, at)
    if not able:
        return "vacant_position" if task.position else "vacant"
    away = absent(connection, {name for name, _ in able}, at)
    present = [pair for pair in able if pair[0] not in away]
    if not present:
        return "absent"
    return None if any(not task.barred.keys() & set(pair) for pair in present) else "separated"
