"""Which WSGI server? `python -m benchmarks.servers` measures three that also run on Windows.

Each server runs the same Flask application (a JSON body in, a JSON body out) in its own process with eight threads;
one or eight clients with keep-alive connections send one request after the other. waitress is a dependency; the other
candidates are taken when they are installed (`pip install cheroot granian`).
"""

import importlib.util
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from flask import Flask, request

THREADS = 8
SECONDS = 4.0
BODY = b'{"data": {"hal": "Rapat koordinasi", "peserta": ["Ketua", "Anggota", "Sekretaris"], "jumlah": 12}}'
HEAD = b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
REQUEST = HEAD % len(BODY) + BODY

application = Flask(__name__)


@application.post("/echo")
def echo() -> dict[str, Any]:
    return {"received": request.get_json(), "items": list(range(20))}


def run_waitress(port: int) -> None:
    import logging

    import waitress

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(application, host="127.0.0.1", port=port, threads=THREADS, _quiet=True)


def run_cheroot(port: int) -> None:
    from cheroot.wsgi import Server

    Server(("127.0.0.1", port), application, numthreads=THREADS).start()


def run_granian(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "benchmarks.servers:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        log_enabled=False,
    ).serve()


SERVERS: dict[str, Callable[[int], None]] = {"waitress": run_waitress, "cheroot": run_cheroot, "granian": run_granian}


def read_answer(connection: socket.socket) -> None:
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536) or sys.exit("the server closed the connection")
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split()[0])
    while len(body) < length:
        body += connection.recv(65536) or sys.exit("the server closed the connection")


def client(port: int, seconds: float, results: "multiprocessing.Queue[list[float]]") -> None:
    """Sends requests over one connection and reports the milliseconds of each; raw, so that it costs little."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    took = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        connection.sendall(REQUEST)
        read_answer(connection)
        took.append((time.perf_counter() - start) * 1000)
    results.put(took)


def load(port: int, clients: int, seconds: float) -> list[float]:
    """The milliseconds of every request that `clients` processes made."""
    results: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=client, args=(port, seconds, results)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    took = [ms for _ in workers for ms in results.get()]
    for worker in workers:
        worker.join()
    return took


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"nothing answers on port {port}")


def measure(name: str, clients: int) -> str:
    """One row of the table: requests a second, latency, CPU per request of the server and its children."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", __spec__.name, name, str(port)])
    wait_for(port)
    load(port, clients, 0.5)
    took = load(port, clients, SECONDS)
    stopping = time.perf_counter()
    server.terminate()
    threading.Timer(10, server.kill).start()
    _, _, usage = os.wait4(server.pid, 0)
    stop = time.perf_counter() - stopping
    cpu = (usage.ru_utime + usage.ru_stime) * 1000 / (len(took) * (1 + 0.5 / SECONDS))
    cut = quantiles(took, n=100)
    return (
        f"{name:10} {clients:7} {len(took) / SECONDS:10.0f} {cut[49]:8.2f} {cut[94]:8.2f} {cut[98]:8.2f}"
        f" {cpu:9.2f} {stop:7.2f}"
    )


def main() -> None:
    if len(sys.argv) == 3:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # the Python servers stop on KeyboardInterrupt only
        SERVERS[sys.argv[1]](int(sys.argv[2]))
        return
    print("server     clients requests/s   p50 ms   p95 ms   p99 ms    CPU ms  stop s")
    for name in SERVERS:
        if importlib.util.find_spec(name):
            for clients in (1, 8):
                print(measure(name, clients), flush=True)
        else:
            print(f"{name:10} is not installed")


if __name__ == "__main__":
    main()
