"""A case is found by what its forms mark for search, such as the number and the subject of the sender's letter."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, update

from engine import history, installation
from engine.canonical import canonical
from engine.commands.cases import start_process
from engine.models import history as entries
from engine.models import instances, keywords
from engine.queries.cases import case_history, find_cases
from engine.queries.inbox import tasks
from engine.queries.search import Search
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.walking import WEB, person

KEY = "surat-masuk"


@pytest.fixture
def letter(site: Site) -> str:
    """Incoming mail that has been received and waits for its agenda number."""
    installation.deploy_paths(site, OPERATOR, CHANNEL, [installation.ROOT / "bpmn" / f"{KEY}.bpmn"])
    case, _ = start_process(site, person(site, "staf"), WEB, KEY, business_key="Surat dari dinas")
    walking.complete(site, walking.waiting(site, case)[0])
    return case


def sent(site: Site, case: str) -> dict[str, str]:
    return dict(case_history(site, OPERATOR, case)[-1]["data"])


@pytest.mark.parametrize("member", ["nomor", "hal", "asal"])
def test_by_what_the_sender_wrote(site: Site, letter: str, member: str) -> None:
    part = sent(site, letter)[member][:9].upper()
    assert [case.id for case in find_cases(site, person(site, "auditor"), Search(text=part))] == [letter]
    assert [task.process_instance_id for task in tasks(site, person(site, "staf"), "me", text=part)] == [letter]
    assert find_cases(site, person(site, "orangluar"), Search(text=part)) == [], "only by who may see it"


def test_by_nothing_that_no_form_marks(site: Site, letter: str) -> None:
    assert find_cases(site, OPERATOR, Search(text=sent(site, letter)["lampiran"])) == []


def test_verification_finds_what_was_planted_taken_out_or_written_into_the_history(site: Site, letter: str) -> None:
    assert verify(site, OPERATOR, letter).verified
    last = case_history(site, OPERATOR, letter)[-1]
    other = {**{name: value for name, value in last.items() if name != "hash"}, "keywords": ["lain"]}
    sealed = history.seal(other)
    forgeries: tuple[Callable[..., object], ...] = (
        lambda c: c.execute(delete(keywords).where(keywords.c.word == "surat")),
        lambda c: c.execute(insert(keywords), {"instance_id": letter, "word": "lain"}),
        lambda c: (
            c.execute(
                update(entries).where(entries.c.seq == last["seq"]).values(entry=canonical(other), hash=sealed.hash)
            ),
            c.execute(update(instances).values(head=sealed.hash)),
        ),
    )
    for forge in forgeries:
        with site.database.write() as connection:
            forge(connection)
        assert verify(site, OPERATOR, letter).status == "failed"
