"""The process is killed in the middle of submissions: nothing that was answered is lost, nothing is done twice."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random
from typing import Any

import pytest

from engine import history
from engine.installation import ROOT
from engine.queries.user_tasks import OPEN
from engine.replay import verify_all
from engine.site import Site
from tests import walking
from tests.cast import BY_LANE
from tests.conftest import Prepared

pytestmark = pytest.mark.slow

CASES = 3
KILLS = 3
PATIENCE = 30
SERVE = "import sys; from web.cli import alur; alur(['serve', *sys.argv[1:]])"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(site: Site) -> dict[str, str]:
    """The environment of a process that works on the same installation."""
    return {
        **os.environ,
        "ALUR_VAR": str(site.settings.var),
        "ALUR_DATABASE_URL": site.database.database.url.render_as_string(hide_password=False),
        "ALUR_SECRET_KEY": "kunci rahasia untuk uji coba saja",
        "ALUR_DEMO": "0",
    }


@contextmanager
def served(site: Site, port: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server of its own process; whatever happens, it is killed the hard way at the end."""
    command = [sys.executable, "-c", SERVE, *options]
    environment = {**surroundings(site), "ALUR_PORT": str(port)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(PATIENCE * 10):
            with suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                connection.close()
                break
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)


def send(port: int, token: str, task: str, data: dict[str, Any], key: str) -> str | None:
    """The receipt of a submission; None when no answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    try:
        connection.request("POST", f"/api/v1/user-tasks/{task}/complete", json.dumps({"data": data}), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    assert answer.status == 200, body
    return str(body["receipt"])


def walk(site: Site, port: int, tokens: dict[str, str], case: str, receipts: list[str]) -> None:
    """Go on with the case as a stubborn client: the same key again until an answer comes, or the server is gone."""
    while tasks := [task for task in walking.look(site, case).user_tasks if task.status in OPEN]:
        task = tasks[0]
        receipt = send(port, tokens[BY_LANE[task.lane]], task.id, walking.example(site, task), f"key-{task.id}")
        if receipt is None:
            return
        receipts.append(receipt)


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(site: Site, prepared: Prepared) -> None:
    cases = [walking.start(site, f"Rapat {n}") for n in range(CASES)]
    receipts: list[str] = []
    moments = Random(16)
    for life in range(KILLS + 1):
        port = free_port()
        with served(site, port) as process, ThreadPoolExecutor(CASES) as pool:
            walks = [pool.submit(walk, site, port, prepared.tokens, case, receipts) for case in cases]
            if life < KILLS:
                time.sleep(moments.uniform(0.05, 0.4))
                process.send_signal(signal.SIGKILL)
            for each in walks:
                each.result(PATIENCE * 2)
    assert [walking.look(site, case).instance.status for case in cases] == ["completed"] * CASES
    assert [result.status for _, result in verify_all(site)] == ["verified"] * (CASES + 1)  # and the acts
    with site.database.read() as connection:
        entries = [entry for case in cases for entry in history.read(connection, case)]
    completed = [entry.entry["user_task_id"] for entry in entries if entry.entry["kind"] == "complete"]
    assert len(completed) == len(set(completed))
    assert set(receipts) <= {entry.hash for entry in entries}
