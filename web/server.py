"""Serving the application: waitress in one process, or in several that share one listening socket.

Ctrl-C and SIGTERM let requests that are being answered end, and then end the server.
"""

import errno
import logging
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from threading import Thread

from waitress import create_server

from engine import logs
from engine.errors import AddressInUse, BadSettings

# Browsers hold several connections each, which are idle most of the time; a thread is only taken by a request.
CONNECTIONS = 2000
IDLE_SECONDS = 60
LARGEST_BODY = 1024**3  # the application has its own, smaller limit, and answers it in its own words

if sys.platform == "win32":
    BIND_OPTION = socket.SO_EXCLUSIVEADDRUSE  # with SO_REUSEADDR two programs could have the same port
    TAKEN = (errno.EADDRINUSE, errno.EACCES)
else:
    BIND_OPTION = socket.SO_REUSEADDR  # a restart need not wait for old connections to be forgotten
    TAKEN = (errno.EADDRINUSE,)


def serve(app: str, host: str, port: int, threads: int, workers: int, ready: Callable[[], None]) -> None:
    """Answer requests with what `app` ("module:function") makes, until told to end; `ready` is called once it answers.

    Raises `AddressInUse` when the port is taken.
    """
    with listen(host, port) as listener, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if workers == 1:
            answer(listener, app, threads, ready)
        else:
            supervise(listener, app, threads, workers, ready)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address; raises `AddressInUse`, or `BadSettings` when there can be no such address."""
    listener: socket.socket | None = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, BIND_OPTION, 1)
        if host == "::":  # everywhere means IPv4 too, on every system
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        if error.errno in TAKEN:
            raise AddressInUse(host=host, port=port) from None
        raise BadSettings(variable="ALUR_HOST", reason=str(error.strerror)) from None
    return listener


def answer(listener: socket.socket, app: str, threads: int, ready: Callable[[], None]) -> None:
    """Serve in this process."""
    module, function = app.split(":")
    application = getattr(import_module(module), function)()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests queue is no news
    server = create_server(
        application,
        sockets=[listener],
        threads=threads,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=not application.config.get("PROXIES"),
        max_request_body_size=application.config.get("MAX_CONTENT_LENGTH") or LARGEST_BODY,
        ident=None,
    )
    ready()
    server.run()


def supervise(listener: socket.socket, app: str, threads: int, workers: int, ready: Callable[[], None]) -> None:
    """Serve in `workers` processes, and replace one that dies; the first to die before it answers ends the start."""
    spawning = multiprocessing.get_context(
        "spawn"
    )  # forking would copy open database connections, and is not on Windows
    answering = spawning.Event()

    def start() -> BaseProcess:
        process = spawning.Process(target=_work, args=(listener, app, threads, answering), daemon=True)
        process.start()
        return process

    processes = [start() for _ in range(workers)]
    try:
        while not answering.wait(0.1):
            if not all(process.is_alive() for process in processes):
                sys.exit(2)  # it has said why
        ready()
        while True:
            wait([process.sentinel for process in processes])
            processes = [process if process.is_alive() else start() for process in processes]
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _work(listener: socket.socket, app: str, threads: int, answering: Event) -> None:
    """One of several processes; it ends with the one that started it, however that ends."""
    logs.set_up()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Thread(target=_follow_parent, daemon=True).start()
    with suppress(KeyboardInterrupt):
        answer(listener, app, threads, answering.set)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a started process has work to do"
    parent.join()
    signal.raise_signal(signal.SIGINT)
