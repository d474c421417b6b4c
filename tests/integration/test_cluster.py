"""Two servers and two workers on one PostgreSQL: one of each is killed, nothing is lost and nothing is done twice."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import select

from engine import history
from engine.commands.cases import start_process
from engine.commands.deployments import deploy
from engine.installation import ROOT
from engine.models import instances
from engine.queries.user_tasks import OPEN
from engine.replay import verify_all
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE, CHANNEL, OPERATOR
from tests.conformance.drawing import FORM, model
from tests.conftest import Prepared
from tests.integration.test_kill import PATIENCE, free_port, send, served, surroundings
from tests.walking import WEB, person

CASES = 6
REMINDED = 8
TIMES = 4
REMINDERS = f"""
    start s; user u; boundary b on=u cycle=R{TIMES}/PT1S beside; task Ingatkan; end f; end e
    s > u > e; b > Ingatkan > f
"""
ASKING = 6
ASKS = "start s; throw t message=surat; catch c message=balasan; end e; s > t > c > e"
ANSWERS = "start s message=surat; end e message=balasan; s > e"
WORK = "from web.cli import alur; alur(['worker'])"


@contextmanager
def working(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process; whatever happens, it is killed the hard way at the end."""
    environment = surroundings(site)
    process = subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)


def insist(ports: list[int], token: str, task: str, data: dict[str, object]) -> str:
    """The receipt of a submission: the same key again, to one server after the other, until one of them answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for port in ports:
            receipt = send(port, token, task, data, f"key-{task}")
            if receipt is not None:
                return receipt
    raise AssertionError("no server answers")


def walk(site: Site, ports: list[int], tokens: dict[str, str], case: str, receipts: list[str]) -> None:
    """Take a case to its end, by turns over both servers."""
    while tasks := [task for task in walking.look(site, case).user_tasks if task.status in OPEN]:
        task = tasks[0]
        ports = ports[::-1]
        receipts.append(insist(ports, tokens[BY_LANE[task.lane]], task.id, walking.example(site, task)))


def kinds(site: Site, cases: list[str]) -> dict[str, Counter[str]]:
    with site.database.read() as connection:
        return {case: Counter(each.entry["kind"] for each in history.read(connection, case)) for case in cases}


def until_reminded(site: Site, cases: list[str]) -> None:
    end = time.monotonic() + PATIENCE
    while any(count["timer"] < TIMES for count in kinds(site, cases).values()):
        assert time.monotonic() < end, kinds(site, cases)
        time.sleep(0.2)


def until_answered(site: Site, cases: list[str]) -> None:
    end = time.monotonic() + PATIENCE
    while any(walking.look(site, case).instance.status != "completed" for case in cases):
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.postgres
def test_one_server_and_one_worker_die_and_nobody_notices(site: Site, prepared: Prepared) -> None:
    for key, text in {"p": REMINDERS, "asks": ASKS, "answers": ANSWERS}.items():
        content = model(text).replace(b'id="p"', f'id="{key}"'.encode())
        deploy(site, OPERATOR, CHANNEL, {"m.bpmn": content, "f.json": FORM.encode()})
    cases = [walking.start(site, f"Rapat {n}") for n in range(CASES)]
    ports = [free_port(), free_port()]
    with ExitStack() as running, ThreadPoolExecutor(CASES) as pool:
        servers = [running.enter_context(served(site, port, "--no-worker")) for port in ports]
        workers = [running.enter_context(working(site)) for _ in range(2)]
        reminded = [start_process(site, person(site, "staf"), WEB, "p")[0] for _ in range(REMINDED)]
        asking = [start_process(site, person(site, "staf"), WEB, "asks")[0] for _ in range(ASKING)]
        receipts: list[str] = []
        walks = [pool.submit(walk, site, ports, prepared.tokens, case, receipts) for case in cases]
        while len(receipts) < CASES:
            time.sleep(0.01)
        servers[0].send_signal(signal.SIGKILL)
        while not any(count["timer"] for count in kinds(site, reminded).values()):
            time.sleep(0.01)
        workers[0].send_signal(signal.SIGKILL)
        for each in walks:
            each.result(PATIENCE * 2)
        until_reminded(site, reminded)
        until_answered(site, asking)
    assert [walking.look(site, case).instance.status for case in cases] == ["completed"] * CASES
    with site.database.read() as connection:
        begun = connection.execute(select(instances.c.status).where(instances.c.definition_key == "answers")).scalars()
        assert list(begun) == ["completed"] * ASKING
    assert {result.status for _, result in verify_all(site)} == {"verified"}
    with site.database.read() as connection:
        entries = [entry for case in cases for entry in history.read(connection, case)]
    completed = [entry.entry["user_task_id"] for entry in entries if entry.entry["kind"] == "complete"]
    assert len(completed) == len(set(completed)) == len(receipts) == len(set(receipts))
    assert set(receipts) <= {entry.hash for entry in entries}
    assert [count["timer"] for count in kinds(site, reminded).values()] == [TIMES] * REMINDED
