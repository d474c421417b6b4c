"""What a command on a case remembers for the next one: only what is on disk."""

from pathlib import Path

import pytest
from sqlalchemy import select

from engine import backup, people
from engine.casework import Act, on_case
from engine.models import participants
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR


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


def test_a_part_that_a_restored_backup_does_not_have_is_noted_again(site: Site, tmp_path: Path) -> None:
    case = walking.start(site, "Rapat")
    assert backup.back_up(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", lambda case, result: None)
    comment(site, case, "staf")
    assert backup.restore(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", lambda case, result: None)
    assert "staf" not in parts(site, case)
    comment(site, case, "staf")
    assert parts(site, case).count("staf") == 1
