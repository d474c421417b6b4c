"""Whether the installation can work."""

from engine import office
from engine.site import Site


def require_answer(site: Site) -> None:
    """Read from the database; raises `Unavailable` when it does not answer or was never set up."""
    with site.database.read() as connection:
        office.current(connection)
