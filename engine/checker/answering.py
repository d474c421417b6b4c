"""The process that reads what anybody may have made: `python -m engine.checker`, asked by `engine.checker.apart`."""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from engine.checker.apart import SECONDS, TOO_LONG
from engine.checker.checking import findings, named
from engine.checker.findings import Finding
from engine.errors import N_

MEMORY = 1 << 30
FAULT = N_("reading it fails")

Files = Mapping[str, bytes]
Job = Callable[[Files, Any], Any]


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of an operator, as they were sent."""

    required: frozenset[str]
    optional: frozenset[str]


def serve(jobs: Mapping[str, Job]) -> None:
    """Answer requests until there are no more; what the process is there for."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(b"\n")  # ready: what it took to start is not counted against a model
    sink.flush()
    while line := source.readline():
        request = json.loads(line)
        files = {name: source.read(size) for name, size in request["files"]}
        _limit()
        sink.write(json.dumps(_answer(jobs[request["what"]], files, request["operators"])).encode() + b"\n")
        sink.flush()


def _answer(job: Job, files: Files, operators: Any) -> Any:
    try:
        return {"answer": job(files, operators)}
    except MemoryError:
        return {"failed": TOO_LONG, "trace": "out of memory"}
    except Exception as error:
        return {"failed": FAULT, "trace": f"{type(error).__name__}: {error}"[:2000]}


def _check(files: Files, operators: Any) -> list[dict[str, Any]]:
    known = operators and {name: Signature(*map(frozenset, parts)) for name, parts in operators.items()}
    return [_plain(each) for each in findings(files, known)]


def _named(files: Files, operators: Any) -> list[str]:
    return sorted(named(files[""]))


def _plain(found: Finding) -> dict[str, Any]:
    params = {name: value if isinstance(value, int) else str(value)[:500] for name, value in found.params.items()}
    return {**asdict(found), "params": params}


def _limit() -> None:
    """Bound this process, should whoever asked be gone and kill it no more."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + 2 * SECONDS) + 1
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


JOBS: Mapping[str, Job] = {"check": _check, "named": _named}
