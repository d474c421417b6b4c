"""What a command on a case remembers for the next one: only what is on disk."""

import pytest
from sqlalchemy import select

from engine import people
from engine.casework import Act, on_case
from engine.models import participants
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL


def parts(site: Site, case: str) -> list[str]:
    with site.database.read() as connection:
        return list(connection.execute(select(participants.c.user).where(participants.c.instance_id == case)).scalars())


def comment(site: Site, case: str, name: str, fail: bool = False) -> None:
    with on_case(site, case) as work:
        actor = people.find(work.connection, name, work.at)
        assert actor is not None
        work.load()
        work.record(Act("comment", actor, CHANNEL, data={"text": "Sudah saya baca."}), status="running")
        if fail:
            raise ZeroDivisionError


def test_whose_command_was_undone_still_gets_a_part_by_the_next(site: Site) -> None:
    case = walking.start(site, "Rapat")
    with pytest.raises(ZeroDivisionError):
        comment(site, case, "staf", fail=True)
    assert "staf" not in parts(site, case)
    comment(site, case, "staf")
    comment(site, case, "staf")
    assert parts(site, case).count("staf") == 1
