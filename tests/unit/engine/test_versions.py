"""Every number of a version that was released is explained and has a history to be tried on."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.versions import Versions, today, versions_of
from tests.golden.opening import RELEASES, opened

PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = {
    (kind, int(number)): release for kind, number, release in re.findall(r"^\| (\w+) (\d+) \| (.*?) ?\|", PAGE, re.M)
}


def named(versions: Versions) -> set[tuple[str, int]]:
    return set(versions._asdict().items())


def test_today_s_numbers_are_explained() -> None:
    assert named(today()) <= ROWS.keys(), "raise a number, and say in docs/rules.md what changed"
    newest = {kind: max(number for each, number in ROWS if each == kind) for kind, _ in ROWS}
    assert newest == today()._asdict()


def test_every_released_number_has_a_golden_history(tmp_path: Path) -> None:
    found: set[tuple[str, int]] = set()
    for release in RELEASES:
        with (
            opened(release, tmp_path / release, None),
            closing(sqlite3.connect(tmp_path / release / "alur.sqlite3")) as db,
        ):
            for (text,) in db.execute("select entry from history"):
                found |= named(versions_of(json.loads(text)))
    assert {number for number, release in ROWS.items() if release in RELEASES} <= found
    assert {*ROWS.values()} <= {*RELEASES, "next", ""}


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ((1, 2, 2), (1, 2, 2), False),
        ((0, 2, 2), (1, 2, 2), True),
        ((1, 2, 2), (0, 3, 2), True),
        ((1, 2, 2), (1, 1, 1), False),
    ],
)
def test_older_is_what_has_one_older_number(
    one: tuple[int, int, int], other: tuple[int, int, int], before: bool
) -> None:
    assert Versions(*one).before(Versions(*other)) is before


def test_a_library_s_version_is_no_number_of_ours() -> None:
    assert versions_of({"engine": "3/lain-4.5", "renderer": "2"}) == Versions(0, 3, 2)
