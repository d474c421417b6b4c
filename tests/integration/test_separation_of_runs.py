"""Separation of duties where several runs of the same go on at once: who did a step of one may judge in another."""

import pytest

from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.commands.people import NewUser, add_user
from engine.commands.user_tasks import complete_user_task
from engine.errors import Separated
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.forger import forge, last_entry
from tests.walking import WEB, person

JUDGED = """
    start s; sub P each=orang item=siapa { user usul; user setuju; usul > setuju }; user tutup; end e
    s > P > tutup > e
"""


@pytest.fixture
def case(site: Site) -> str:
    """Two people in one role; *setuju* and *tutup* are for who did not propose."""
    add_user(site, OPERATOR, CHANNEL, NewUser("staf2", "Sri Wahyuni", lanes=["Staf"], positions=["Staf"]))
    add_user(site, OPERATOR, CHANNEL, NewUser("staf3", "Made Arta", lanes=["Staf"], positions=["Staf"]))
    content = model(JUDGED).decode()
    for key in ("setuju", "tutup"):
        said = f'name="dataKey" value="{key}"/>'
        content = content.replace(said, f'{said}<spiffworkflow:property name="separate_from" value="usul"/>')
    deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content.encode(), "f.json": FORM.encode()})
    return start_process(site, person(site, "staf"), WEB, "p", data={"orang": ["Ani", "Budi"]})[0]


def do(site: Site, name: str, case: str, activity: str, n: int = 0) -> None:
    tasks = [task for task in walking.waiting(site, case) if task.activity_id == activity]
    complete_user_task(site, person(site, name), WEB, tasks[n].id, {"k": "ya"})


def test_who_proposed_in_one_run_may_judge_the_other_and_never_his_own(site: Site, case: str) -> None:
    do(site, "staf", case, "usul")
    do(site, "staf2", case, "usul")
    for name, own in (("staf", 0), ("staf2", 1)):
        with pytest.raises(Separated):
            do(site, name, case, "setuju", own)
    do(site, "staf2", case, "setuju", 0)
    do(site, "staf", case, "setuju", 0)
    for name in ("staf", "staf2"):
        with pytest.raises(Separated):
            do(site, name, case, "tutup")
    do(site, "staf3", case, "tutup")
    assert verify(site, OPERATOR, case).verified


@pytest.mark.parametrize(("activity", "doer"), [("setuju", "staf"), ("tutup", "staf2")])
def test_replay_finds_who_judged_what_they_had_proposed(site: Site, case: str, activity: str, doer: str) -> None:
    do(site, "staf", case, "usul")
    do(site, "staf2", case, "usul")
    do(site, "staf3", case, "setuju", 0)
    if activity == "tutup":
        do(site, "staf3", case, "setuju", 0)
        do(site, "staf3", case, "tutup")

    def own(entry: dict[str, object]) -> None:
        entry["actor"] = doer

    forge(site, case, last_entry(site, case)["seq"], own)
    found = verify(site, OPERATOR, case).first_divergence
    assert found is not None and found.reason == "separation of duties from %(activity)s was not kept"
