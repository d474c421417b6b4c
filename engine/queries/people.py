"""What others may know of people: their full names, and who could do a task now."""

from collections.abc import Iterable

from sqlalchemy import select

from engine import people
from engine.access import Work
from engine.models import users
from engine.site import Site


def full_names(site: Site, names: Iterable[str | None]) -> dict[str, str]:
    """User name → full name, also of those who left; who is no user of the installation keeps the name they have."""
    wanted = {name for name in names if name}
    if not wanted:
        return {}
    query = select(users.c.name, users.c.full_name).where(users.c.name.in_(sorted(wanted)))
    with site.database.read() as connection:
        found = {row.name: row.full_name for row in connection.execute(query)}
    return {name: found.get(name, name) for name in wanted}


def candidates(site: Site, task: Work) -> dict[str, str]:
    """Who may do the task now, substitutes too, not whom separation of duties keeps from it: name → full name."""
    with site.database.read() as connection:
        names = people.allowed(connection, task, site.clock())
    return dict(sorted(full_names(site, names).items(), key=lambda each: each[1]))


def eligible(site: Site, task: Work) -> list[str]:
    """Their full names."""
    return list(candidates(site, task).values())
