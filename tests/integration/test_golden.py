"""Installations that earlier releases left open here, verify, go on to their end, and verify again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from engine import installation
from engine.checkpoints import make_checkpoint
from engine.commands.cases import cancel_case, resume_case
from engine.commands.user_tasks import complete_user_task
from engine.models import documents, instances, mails
from engine.proof import Proof, own_source, prove, read_sealed
from engine.proof.stating import state
from engine.queries.cases import find_cases
from engine.queries.search import Search
from engine.runtime import Case, Step
from engine.settings import Settings
from engine.site import Site
from engine.versions import CARRIED
from engine.worker import Worker
from tests import post, walking
from tests.cast import BY_LANE, CHANNEL, OPERATOR
from tests.golden.opening import RELEASES, opened
from tests.post import Post
from tests.walking import WEB, person

if TYPE_CHECKING:
    from tests.postgres import Server

UPGRADED = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
MONTHS = 16  # until every timer that was armed has come due
MANY = 10


class Hands:
    """A clock that goes a second with every look at it, and further when it is moved."""

    def __init__(self) -> None:
        self.at = UPGRADED

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def postbox() -> Iterator[Post]:
    box = post.closed()
    with box.open():
        yield box


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture(params=RELEASES)
def upgraded(
    request: pytest.FixtureRequest, server: "Server | None", tmp_path: Path, postbox: Post, hands: Hands
) -> Iterator[Site]:
    """What a release left, upgraded to this one; its mail server answers now."""
    var = tmp_path / "var"
    with opened(request.param, var, server) as address:
        smtp = f"smtp://127.0.0.1:{postbox.port}"
        site = Site.open(Settings(var=var, database_url=address, smtp_url=smtp, mail_from="alur@kpu.example"))
        site = replace(site, clock=hands)
        installation.upgrade(site)
        yield site
        site.database.close()


def proven(site: Site) -> Proof:
    return prove(site, read_sealed(own_source(site)), processes=1)


def open_cases(site: Site) -> dict[str, str]:
    """The cases that have not ended, with their SOP's key."""
    query = select(instances.c.id, instances.c.definition_key).where(instances.c.ended_at.is_(None))
    with site.database.read() as connection:
        return {row.id: row.definition_key for row in connection.execute(query)}


def owed(site: Site) -> int:
    with site.database.read() as connection:
        return len(connection.execute(select(mails.c.id).where(mails.c.try_at.is_not(None))).all())


def mend(site: Site) -> None:
    """The case that was suspended goes on; the one whose script fails for ever is given up."""
    admin = person(site, "admin")
    for case in open_cases(site):
        status = walking.look(site, case).instance.status
        if status == "suspended":
            resume_case(site, admin, WEB, case, "Surat edaran sudah ada.")
        if status == "incident":
            cancel_case(site, admin, WEB, case, "Skrip tidak dapat dijalankan.")


def work(site: Site) -> None:
    """Do every open task, the SOPs' with their forms' examples, until nothing is open but what waits."""
    while tasks := [task for case in open_cases(site) for task in walking.waiting(site, case)]:
        for task in tasks[:1]:
            if task.activity_id in ("u", "v", "w", "a", "b", "c", "d", "k", "t", "B"):
                complete_user_task(site, person(site, "staf"), WEB, task.id, {"k": "ya"})
            else:
                holder = task.claimed_by or BY_LANE[task.lane]
                complete_user_task(site, person(site, holder), WEB, task.id, walking.example(site, task))


def test_what_an_earlier_release_left_is_intact(upgraded: Site) -> None:
    assert proven(upgraded).verdict == "intact"


def test_what_an_earlier_release_left_is_found_by_its_title_and_by_the_numbers_of_its_letters(upgraded: Site) -> None:
    numbered = select(documents.c.instance_id, documents.c.number).where(documents.c.number.is_not(None))
    with upgraded.database.read() as connection:
        titles = connection.execute(select(instances.c.id, instances.c.business_key)).all()
        letters = connection.execute(numbered).all()
    assert letters
    for case, text in (*((row.id, row.business_key) for row in titles if row.business_key), *letters):
        assert case in [found.id for found in find_cases(upgraded, OPERATOR, Search(text=text), limit=1000)]


def test_open_cases_of_an_earlier_release_come_to_their_end_and_all_is_intact(
    upgraded: Site, hands: Hands, postbox: Post
) -> None:
    go_on(upgraded, hands, postbox)
    assert proven(upgraded).verdict == "intact"


def next_version(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Upgrade to a version whose engine makes another state wherever a task is done for the first time."""
    really = Case.complete

    def otherwise(self: Case, path: str, data: Mapping[str, Any], *rest: Any) -> Step:
        return really(self, path, {**data, "lain": True} if path.endswith(".1") else data, *rest)

    monkeypatch.setattr(Case, "complete", otherwise)
    monkeypatch.setitem(CARRIED, "engine", "99/lain")
    installation.upgrade(site)


def test_an_engine_that_makes_other_states_leaves_intact_what_the_release_itself_stated(
    upgraded: Site, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(upgraded, monkeypatch)
    proof = proven(upgraded)
    if request.node.callspec.params["upgraded"] == "0.1.0":
        assert (proof.verdict, proof.wrong, proof.stated) == ("unproved", [], {}) and proof.partly > MANY
    else:
        assert (proof.verdict, proof.partly, proof.not_compared) == ("intact", 0, 0) and proof.stated.total() > MANY


def test_cases_go_on_under_such_an_engine_from_where_they_were_stated(
    upgraded: Site, hands: Hands, postbox: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(upgraded, OPERATOR, CHANNEL)
    next_version(upgraded, monkeypatch)
    go_on(upgraded, hands, postbox)
    proof = proven(upgraded)
    assert (proof.verdict, proof.partly, proof.not_compared) == ("intact", 0, 0) and proof.stated.total() > MANY


def go_on(upgraded: Site, hands: Hands, postbox: Post) -> None:
    """Take all open cases to their end, and all mails to theirs."""
    mend(upgraded)
    worker = Worker(upgraded)
    for _ in range(MONTHS):
        work(upgraded)
        worker.turn()
        hands.at += timedelta(days=30)
    work(upgraded)
    assert set(open_cases(upgraded).values()) <= {"pengingat"}, "only who waits for a letter that nobody writes"
    while owed(upgraded):
        hands.at += timedelta(minutes=5)
        worker.turn()
    assert postbox.arrived
    make_checkpoint(upgraded)
