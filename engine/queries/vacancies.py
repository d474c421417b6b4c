"""Roles and positions that an SOP asks for and nobody has: a mistyped role, or people still to be given one."""

from engine import people
from engine.access import Post
from engine.definitions import Definition
from engine.site import Site


def vacancies(site: Site, definition: Definition) -> list[Post]:
    """The posts of the SOP's steps that nobody could fill now, in the order of the steps."""
    steps = [each for each in definition.elements.values() if each.kind == "userTask" and each.lane]
    posts = dict.fromkeys((str(step.lane), step.properties.get("position") or None) for step in steps)
    at = site.clock()
    with site.database.read() as connection:
        asked = [Post(lane, position) for lane, position in posts]
        return [post for post in asked if not people.candidates(connection, post, at)]
