"""Alur's API on a real server, with clients in processes of their own that keep their connections open."""

import http.client
import json
import multiprocessing
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from benchmarks.eight import DOER, KEY, SUBMISSION, TASKS
from benchmarks.ours import CHANNEL, OPERATOR, install
from benchmarks.servers import free_port, wait_for
from engine import credentials

WARM_UP = 1.0
SECONDS = 6.0


@dataclass(frozen=True)
class Server:
    """A running server and its people's tokens."""

    port: int
    tokens: dict[str, str]


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """(d) `alur serve` on an installation of its own."""
    site = install(folder)
    tokens = {name: credentials.create_token(site, OPERATOR, CHANNEL, name) for name in set(DOER.values())}
    site.database.close()
    port = free_port()
    environment = {"ALUR_VAR": str(folder), "ALUR_PORT": str(port), "ALUR_SECRET_KEY": secrets.token_hex(32)}
    alur = Path(sys.executable).with_name("alur")
    process = subprocess.Popen([alur, "serve"], env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Server(port, tokens)
    finally:
        process.terminate()
        process.wait()


class Client:
    """One keep-alive connection."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.headers = {
            name: {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            for name, token in server.tokens.items()
        }

    def post(self, who: str, path: str, body: Any) -> Any:
        self.connection.request("POST", f"/api/v1{path}", json.dumps(body), self.headers[who])
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        assert response.status in (200, 201), answer
        return answer

    def one_case(self) -> list[float]:
        """The milliseconds of each submission."""
        case = self.post(DOER[TASKS[0]], "/process-instances", {"process_definition_key": KEY})["id"]
        took = []
        for task in TASKS:
            began = time.perf_counter()
            answer = self.post(DOER[task], f"/user-tasks/{case}-{task}.1/complete", {"data": SUBMISSION})
            took.append((time.perf_counter() - began) * 1000)
        assert answer["process_instance"]["status"] == "completed"
        return took


def work(server: Server, together: Barrier, results: "multiprocessing.Queue[list[float]]") -> None:
    client = Client(server)
    together.wait()
    warm = time.perf_counter() + WARM_UP
    while time.perf_counter() < warm:
        client.one_case()
    took = []
    end = warm + SECONDS
    while time.perf_counter() < end:
        took += client.one_case()
    results.put(took)


def measure(server: Server, clients: int) -> tuple[float, list[float]]:
    """Cases a second, and the milliseconds of every submission."""
    together = multiprocessing.Barrier(clients)
    results: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(server, together, results)) for _ in range(clients)]
    for process in processes:
        process.start()
    took = [ms for _ in processes for ms in results.get(timeout=60)]
    for process in processes:
        process.join()
    return len(took) / len(TASKS) / SECONDS, took
