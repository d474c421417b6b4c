"""The server as a process: it answers, says when a port is taken, and ends without dropping what it is answering."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import AddressInUse, BadSettings
from web.server import listen

SIGNALS = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")

APP = """
import os, time
from flask import Flask, request

def make():
    app = Flask(__name__)

    @app.route("/process", methods=["GET", "POST"])
    def process():
        return {"pid": os.getpid(), "received": len(request.get_data())}

    @app.get("/slow")
    def slow():
        time.sleep(0.5)
        return "x" * 300_000

    return app
"""
START = """
from web.server import serve

serve("slow_app:make", "127.0.0.1", {}, 4, {}, lambda: print("ready", flush=True))
"""


@contextmanager
def served(folder: Path, workers: int = 1) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """A server's port and process."""
    (folder / "slow_app.py").write_text(APP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join([str(folder), str(Path(__file__).parents[3])])
    process = subprocess.Popen(
        [sys.executable, "-c", START.format(port, workers)],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield port, process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


@SIGNALS
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_is_being_answered_is_answered_before_the_end(tmp_path: Path, how: signal.Signals) -> None:
    answers: list[tuple[int, bytes]] = []
    with served(tmp_path) as (port, process):
        asking = threading.Thread(target=lambda: answers.append(get(port, "/slow")))
        asking.start()
        time.sleep(0.2)
        process.send_signal(how)
        asking.join()
        assert process.wait(10) == 0
    assert [(status, len(body)) for status, body in answers] == [(200, 300_000)]


def test_a_connection_stays_open_between_requests_and_waits_for_no_late_packet(tmp_path: Path) -> None:
    with served(tmp_path) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.connect()
        kept, took = connection.sock, []
        for _ in range(10):
            began = time.perf_counter()
            connection.request("POST", "/process", b"x" * 5000)
            assert b'"received":5000' in connection.getresponse().read()
            took.append(time.perf_counter() - began)
        assert connection.sock is kept
        assert sorted(took)[5] < 0.03, "a delayed acknowledgement costs 40 ms"
        connection.close()


@SIGNALS
def test_several_processes_share_the_port_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    with served(tmp_path, workers=2) as (port, process):
        _, before = get(port, "/process")
        os.kill(int(before.split(b'"pid":')[1].split(b",")[0]), signal.SIGKILL)
        assert [get(port, "/process")[0] for _ in range(20)] == [200] * 20
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        with pytest.raises(ConnectionRefusedError):
            get(port, "/process")


def test_workers_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    with served(tmp_path, workers=2) as (port, process):
        process.kill()
        process.wait()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                get(port, "/process")
            except OSError:
                return
            time.sleep(0.1)
    pytest.fail("workers still answer")


def test_a_taken_port_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressInUse, match=f"Port {port} on 127.0.0.1"):
            listen("127.0.0.1", port)


def test_an_address_that_is_not_this_machines_is_refused() -> None:
    with pytest.raises(BadSettings, match="ALUR_HOST"):
        listen("192.0.2.1", 8000)
