"""Replay = live: honest histories always verify, forged ones never do."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import tour
from engine.commands.cases import resume_case, suspend_case
from engine.commands.user_tasks import claim_user_task, release_user_task
from engine.installation import ROOT
from engine.replay import verify
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, OPERATOR
from tests.walking import WEB, person


@pytest.fixture
def finished(site: Site) -> str:
    """A case from the meeting to the archive, returned once at step 4 and once at step 7."""
    once = {"setujui_anggaran", "periksa_laporan"}

    def returns(task: object) -> bool:
        activity = task.activity_id  # type: ignore[attr-defined]
        if activity in once:
            once.discard(activity)
            return True
        return False

    case = walking.start(site)
    walking.walk(site, case, returns=returns)
    assert walking.look(site, case).instance.status == "completed"
    return case


def test_a_whole_case_with_returns_verifies(site: Site, finished: str) -> None:
    result = verify(site, OPERATOR, finished)
    assert (result.status, result.first_divergence) == ("verified", None)
    assert result.documents > 14


ALONE = """
import sys
from engine.replay import verify_all
from engine.settings import Settings
from engine.site import Site
print(*[result.status for _, result in verify_all(Site.open(Settings(database_url=sys.argv[1])))])
"""


def test_a_fresh_process_verifies_it_too(site: Site, finished: str) -> None:
    address = site.database.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", ALONE, address]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["verified", "verified"]


def test_every_forgery_is_found_and_located(site: Site, finished: str, tmp_path: Path) -> None:
    found = dict(tour.forge(site, tmp_path))
    assert found.keys() == tour.FORGERIES.keys()
    for name, proof in found.items():
        assert (proof.verdict, name) == ("tampered", name)
        assert proof.wrong
    (gone,) = found["a whole case is deleted"].wrong
    assert gone.where == finished and "checkpoint 1" in gone.difference.explain("en")


ACTS = st.sampled_from(["complete", "complete", "complete", "return", "claim", "release", "rest", "forget"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 3)), max_size=45))
def test_random_runs_verify(site: Site, acts: list[tuple[str, int]]) -> None:
    case = walking.start(site)
    for act, choice in acts:
        tasks = walking.waiting(site, case)
        if not tasks:
            break
        task = tasks[choice % len(tasks)]
        holder = person(site, BY_LANE[task.lane])
        if act in ("complete", "return"):
            walking.complete(site, task, returning=act == "return")
        elif act == "claim":
            claim_user_task(site, holder, WEB, task.id)
        elif act == "release" and task.claimed_by == holder.name:
            release_user_task(site, holder, WEB, task.id)
        elif act == "rest":
            suspend_case(site, person(site, "admin"), WEB, case, "istirahat")
            resume_case(site, person(site, "admin"), WEB, case, "lanjut")
        elif act == "forget":
            site.cases.take((case, walking.look(site, case).instance.head))
    result = verify(site, OPERATOR, case)
    assert (result.status, result.first_divergence) == ("verified", None)
