"""Scopes of data through the whole product: shown to who works in them, proven, and pinned by the version."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from engine import contents
from engine.canonical import canonical
from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.dry_runs import draft_bundle
from engine.commands.sop_drafts import begin_draft
from engine.commands.user_tasks import complete_user_task
from engine.definitions import SCOPES_FILE
from engine.models import definitions, instances
from engine.proof.tables import check_tables
from engine.queries.sop_drafts import find_draft
from engine.queries.user_tasks import UserTask, user_task
from engine.replay import verify
from engine.site import Kept, Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.walking import WEB, person

CHANGED = "the files of SOP %(name)s were changed"
PER_PERSON = """
    start s; sub P each=orang item=siapa gives=nilai { user nilai; user periksa; nilai > periksa }
    user simpulkan; end e; s > P > simpulkan > e
"""


@pytest.fixture
def office(site: Site) -> Iterator[Site]:
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": model(PER_PERSON), "f.json": FORM.encode()})
    yield site


def started(site: Site) -> str:
    return start_process(site, person(site, "staf"), WEB, "p", data={"orang": ["Ani", "Budi"]})[0]


def answer(site: Site, task: UserTask, k: str) -> None:
    complete_user_task(site, person(site, "staf"), WEB, task.id, {"k": k})


def judged(site: Site) -> str:
    """A case in which both were judged, and neither checked."""
    case = started(site)
    for task, k in zip(walking.waiting(site, case), ("lulus", "gagal"), strict=True):
        answer(site, task, k)
    return case


def test_a_task_shows_what_was_answered_for_its_own_person_and_nothing_of_the_other(office: Site) -> None:
    case = judged(office)
    seen = [user_task(office, OPERATOR, task.id).data for task in walking.waiting(office, case)]
    assert [(each["siapa"], each["nilai"]["k"]) for each in seen] == [("Ani", "lulus"), ("Budi", "gagal")]
    assert walking.look(office, case).data["nilai"] == []


def test_what_is_given_out_is_a_list_for_who_goes_on(office: Site) -> None:
    case = judged(office)
    for task in reversed(walking.waiting(office, case)):
        answer(office, task, "ya")
    (last,) = walking.waiting(office, case)
    assert user_task(office, OPERATOR, last.id).data["nilai"] == [{"k": "gagal"}, {"k": "lulus"}]
    answer(office, last, "selesai")
    assert verify(office, OPERATOR, case).verified


def test_the_scopes_are_a_file_of_the_version_that_goes_into_its_digest(office: Site) -> None:
    case = judged(office)
    with office.database.write() as connection:
        row = connection.execute(select(definitions).where(definitions.c.key == "p")).one()
        files = json.loads(row.files)
        assert json.loads(contents.read(connection, files[f"p{SCOPES_FILE}"])) == ["P"]
        del files[f"p{SCOPES_FILE}"]
        connection.execute(update(definitions).where(definitions.c.key == "p").values(files=canonical(files)))
    other = replace(office, bundles=Kept(1), cases=Kept(1))  # as a process sees it that has just been started
    assert verify(other, OPERATOR, case).status == "failed"
    with office.database.read() as connection:
        assert [found.difference.reason for found in check_tables(connection)] == [CHANGED]


def test_a_state_that_was_changed_in_a_scope_or_in_the_order_of_its_tokens_is_found(office: Site) -> None:
    case = judged(office)
    with office.database.read() as connection:
        kept = json.loads(connection.execute(select(instances.c.state)).scalar_one())
    other = json.loads(canonical(kept))
    other["case"]["tokens"].reverse()
    answer = next(row for row in kept["case"]["tokens"] if "nilai" in row.get("data", {}))["data"]["nilai"]
    answer["k"] = "lain"
    for changed in (kept, other):
        with office.database.write() as connection:
            connection.execute(update(instances).values(state=canonical(changed)))
        found = verify(office, OPERATOR, case).first_divergence
        assert found is not None and found.reason == "the stored state of the case was changed"


def test_a_draft_of_the_version_holds_no_such_file_and_runs_with_scopes(office: Site) -> None:
    designer = person(office, "perancang")
    with office.database.read() as connection:
        draft = find_draft(connection, designer, begin_draft(office, designer, "p", 1))
    assert f"p{SCOPES_FILE}" not in draft.files
    assert draft_bundle(draft).definition.own_data == {"P"}
