"""A backup is complete, verified, and restores; a forged one is refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine import backup
from engine.errors import Unacceptable
from engine.queries.cases import find_cases
from engine.replay import verify, verify_all
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR


def quiet(case: str, result: object) -> None:
    """No report."""


def test_what_came_after_the_backup_is_gone_and_the_rest_goes_on(site: Site, tmp_path: Path) -> None:
    case = walking.start(site)
    walking.walk(site, case, until="teruskan_nota_dinas")
    assert backup.back_up(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    walking.start(site, "sesudahnya")
    assert backup.restore(site, OPERATOR, CHANNEL, tmp_path / "cadangan.sqlite3", quiet)
    assert [found.id for found in find_cases(site, OPERATOR)] == [case]
    walking.walk(site, case)
    assert verify(site, OPERATOR, case).verified


def test_a_backup_never_overwrites(site: Site, tmp_path: Path) -> None:
    (tmp_path / "ada").write_text("sesuatu")
    with pytest.raises(Unacceptable):
        backup.back_up(site, OPERATOR, CHANNEL, tmp_path / "ada", quiet)


def test_a_forged_backup_is_not_restored(site: Site, tmp_path: Path) -> None:
    case = walking.start(site)
    file = tmp_path / "cadangan.sqlite3"
    assert backup.back_up(site, OPERATOR, CHANNEL, file, quiet)
    with closing(sqlite3.connect(file)) as forged:
        forged.execute("update user_tasks set name = 'lain'")
        forged.commit()
    assert not backup.restore(site, OPERATOR, CHANNEL, file, quiet)
    assert [(name, result.status) for name, result in verify_all(site)] == [(case, "verified"), ("acts", "verified")]
