"""A search finds what looking at everything would find, in the same order, however it goes about it."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.access import Actor
from engine.errors import NotFound
from engine.models import participants
from engine.queries import cases, inbox, shortlists, task_search
from engine.queries.cases import find_cases
from engine.queries.search import Search
from engine.queries.user_tasks import UserTask
from engine.site import Site
from tests import walking
from tests.walking import person

pytestmark = pytest.mark.slow

WORDS = (
    "Rapat",
    "rapat,",
    "rapatan",
    "(Pleno)",
    "pleno",
    "Café",
    "005/PL.02-SD",
    "SMA1",
    "100%",
    "1_Pinrang",
    "mencatat",
)
SOME = st.sampled_from(WORDS)
TITLES = st.lists(SOME, min_size=1, max_size=4).map(" ".join)
PARTS = st.builds(lambda word, first, last: word[first:last], SOME, st.integers(0, 4), st.integers(1, 12))
SEARCHES = st.lists(PARTS | SOME.map(str.upper), min_size=1, max_size=2).map(" ".join)
PAGE = 2
VIEWERS = ("auditor", "kpukab", "anggota", "kpa", "orangluar")


def has(text: str, asked: str) -> bool:
    """Whether each word of `asked` stands in `text` from the beginning of a word, a run of letters or a number on."""
    return all(any(begins(word, part) for word in plain(text)) for part in plain(asked))


def plain(text: str) -> list[str]:
    return text.lower().replace("é", "e").split()


def begins(word: str, part: str) -> bool:
    return any(word.startswith(part, at) and starts(word[:at], word[at]) for at in range(len(word)))


def starts(before: str, letter: str) -> bool:
    if letter.isalpha():
        return not before[-1:].isalpha()
    number = re.findall(r"\d*$", before)[0]
    return not before or (letter.isdigit() and not number.strip("0") and (not number or letter != "0"))


def sees(site: Site, actor: Actor, case: str) -> bool:
    with site.database.read() as connection:
        try:
            cases.require_visible(connection, actor, case)
        except NotFound:
            return False
    return True


def all_cases(site: Site, actor: Actor, asked: Search) -> list[str]:
    """Page by page, as people turn them: one that is not full is the last."""
    found: list[str] = []
    while len(found) % PAGE == 0:
        page = find_cases(site, actor, asked, before=found[-1] if found else None, limit=PAGE)
        found += [case.id for case in page]
        if not page:
            break
    return found


def all_tasks(site: Site, actor: Actor, choice: str, text: str) -> list[UserTask]:
    found: list[UserTask] = []
    while len(found) % PAGE == 0:
        page = inbox.tasks(site, actor, choice, text=text, offset=len(found), limit=PAGE)
        found += page
        if not page:
            break
    return found


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are soon many here, so that a handful of cases is searched in every way."""
    monkeypatch.setattr(shortlists, "FEW", 1)
    monkeypatch.setattr(shortlists, "COMMON", 3)
    for module in (cases, task_search):
        monkeypatch.setattr(module, "AMONG", 1)


@pytest.mark.usefixtures("hurried")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(TITLES, st.booleans(), st.booleans()), max_size=3), st.lists(SEARCHES, min_size=3, max_size=6)
)
def test_a_search_finds_what_looking_at_everything_finds(
    site: Site, started: Sequence[tuple[str, bool, bool]], searches: list[str]
) -> None:
    for title, done, seen in started:
        case = walking.start(site, title)
        if done:
            walking.complete(site, walking.waiting(site, case)[0])
        if seen:
            with site.database.write() as connection:
                connection.execute(participants.insert(), {"instance_id": case, "user": "orangluar"})
    titles = {case.id: case.title for case in find_cases(site, person(site, "auditor"), limit=1000)}
    for name in VIEWERS:
        viewer = person(site, name)
        visible = sorted((case for case in titles if sees(site, viewer, case)), reverse=True)
        assert all_cases(site, viewer, Search()) == visible
        for text in searches:
            expected = [case for case in visible if has(titles[case], text)]
            assert all_cases(site, viewer, Search(text=text)) == expected, text
            assert all_cases(site, viewer, Search(text=text, status="completed")) == []
            for choice in inbox.CHOICES:
                tasks = [
                    task
                    for task in inbox.tasks(site, viewer, choice, limit=1000)
                    if has(f"{titles[task.process_instance_id]} {task.name}", text)
                ]
                assert all_tasks(site, viewer, choice, text) == tasks, (choice, text)
