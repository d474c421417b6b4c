"""Reading files that anybody may have made, in a process that is killed when it takes too long or too much.

The process is started once and kept: it takes a request on its standard input and answers with a line of JSON. Nothing
it says is executed here. It has no secrets in its environment and, where the system can do it, can write no file.
"""

import atexit
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any

from engine.checker.bindings import OperatorSignature
from engine.checker.findings import Finding
from engine.errors import N_

SECONDS = 10.0
LONGEST_ANSWER = 8_000_000
TOO_LONG = N_("it takes too long, or too much memory")
ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-B", "-m", "engine.checker")
_PASSED_ON = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")

log = logging.getLogger("alur.checker")


class Failed(Exception):
    """No answer: it took too long, or something broke; the reason is a sentence to translate."""


class Apart:
    """Keeps one such process warm; when that is busy, another takes its place for the moment."""

    def __init__(self, command: tuple[str, ...] = _COMMAND, seconds: float = SECONDS) -> None:
        self._command, self._seconds = command, seconds
        self._idle: list[subprocess.Popen[bytes]] = []
        self._owner = os.getpid()
        atexit.register(self.close)

    def findings(self, files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None) -> list[Finding]:
        """What there is to say about the files; raises `Failed`."""
        known = {name: [sorted(o.required), sorted(o.optional)] for name, o in (operators or {}).items()}
        return [Finding(**each) for each in self._ask("check", files, None if operators is None else known)]

    def named(self, bpmn: bytes) -> set[str]:
        """The files that a `.bpmn` names; raises `Failed`."""
        return set(self._ask("named", {"": bpmn}, None))

    def close(self) -> None:
        """End the process that is kept."""
        while self._own():
            _end(self._idle.pop())

    def _own(self) -> list[subprocess.Popen[bytes]]:
        """What this process keeps; a fork of it starts anew, since two cannot talk through one pipe."""
        if self._owner != os.getpid():
            self._owner, self._idle = os.getpid(), []
        return self._idle

    def _ask(self, what: str, files: Mapping[str, bytes], operators: object) -> Any:
        process, late = self._process(), Event()

        def give_up() -> None:
            late.set()
            process.kill()

        watch = Timer(self._seconds, give_up)
        watch.daemon = True
        watch.start()
        answer: dict[str, Any] = {}
        try:
            answer = _exchange(process, {"what": what, "operators": operators}, files)
        except (OSError, ValueError):
            raise Failed(TOO_LONG) from None
        finally:
            watch.cancel()
            watch.join()
            self._put_back(process, well="answer" in answer and not late.is_set())
        if "failed" in answer:
            log.error("reading %s failed: %s", ", ".join(files), answer["trace"])
            raise Failed(answer["failed"])
        return answer["answer"]

    def _process(self) -> subprocess.Popen[bytes]:
        with suppress(IndexError):
            process = self._own().pop()
            if process.poll() is None:
                return process
            _end(process)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _pipes(process)[1].readline()
        return process

    def _put_back(self, process: subprocess.Popen[bytes], well: bool) -> None:
        """Keep the process for the next model if it is well; one that was killed may look alive for a moment."""
        if well and process.poll() is None and not self._idle:
            self._idle.append(process)
        else:
            _end(process)


def _exchange(process: subprocess.Popen[bytes], request: dict[str, Any], files: Mapping[str, bytes]) -> Any:
    sink, source = _pipes(process)
    request["files"] = [(name, len(content)) for name, content in files.items()]
    sink.write(json.dumps(request).encode() + b"\n")
    sink.writelines(files.values())
    sink.flush()
    return json.loads(source.readline(LONGEST_ANSWER))


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in _pipes(process):
        with suppress(OSError):
            pipe.close()
