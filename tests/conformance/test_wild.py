"""Whatever the checker lets through: no case crashes, stands still unseen, or parts from its reloaded twin."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checker.checking import findings
from engine.definitions import deployed_definitions
from engine.runtime import Case
from tests.conformance.drawing import FORM, model
from tests.conformance.running import START, Signature, operate

pytestmark = pytest.mark.slow

NODES = (
    "task {}", "user {}", "user {}", "xor {}", "xor {}", "and {}", "or {}", "complex {} go='activationCount >= 1'",
    "complex {} go='activationCount >= 2'", "catch {} message=m signal=t", "throw {} compensate", "throw {} message=m",
    "catch {} message=m timer=PT1H :parallelMultiple=true", "throw {} signal=t", "user {} times=2 result=x into=y",
    "task {} :startQuantity=2", "task {} :completionQuantity=2", "adhoc {} [ user u_{}; user v_{} ]", "end {}",
    "sub {} [ start s_{}; user u_{}; end e_{}; s_{} > u_{} > e_{} ]", "end {} terminate", "throw {} escalation=K",
    "end {} compensate", "end {} message=m terminate",
)  # fmt: skip
BESIDE = ("timer=PT1H", "message=m", "timer=PT1H signal=t", "escalation=K")
STEPS, LARGEST = 25, 60_000


def drawn(random: Random) -> str:
    """Some nodes with flows between any of them."""
    names = [f"n{number}" for number in range(random.randint(2, 8))]
    said = ["start s", f"s > {names[0]}"]
    for name in names:
        kind = random.choice(NODES)
        said.append(kind.replace("{}", name).replace("[", "{").replace("]", "}"))
        if kind.startswith(("task", "user", "sub")) and random.random() < 0.25:
            said.append(f"boundary b{name} on={name} compensate undo=w{name}; user w{name} undoes")
        if kind.startswith(("user", "sub", "adhoc")) and random.random() < 0.3:
            waits = random.choice(BESIDE) + random.choice(["", " beside"])
            said.append(f"boundary t{name} on={name} {waits}; t{name} > {random.choice(names)}")
        if not kind.startswith("end"):
            said += flows(random, name, names, kind.startswith(("xor", "or")))
    return "; ".join(said)


def flows(random: Random, name: str, names: list[str], choosing: bool) -> list[str]:
    targets = random.sample(names, min(len(names), random.choice([1, 1, 2, 2, 3])))
    conditions = [f" : 'z.k == {random.randint(0, 2)}'" for _ in targets[1:]] + [" : default"]
    return [f"{name} > {to}{said if choosing else ''}" for to, said in zip(targets, conditions, strict=True)]


def ways(case: Case, at: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """All that may come next."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    found += [("complete", (task.path, {"k": 1}, operate, at)) for task in case.open_tasks]
    for wait in case.waits:
        if wait.due is not None and wait.due <= at:
            found.append(("fire", (wait.path, operate, at)))
        elif wait.kind in ("message", "signal"):
            found.append(("deliver" if wait.kind == "message" else "broadcast", (wait.name, 1, operate, at)))
    return found


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_not_refused_goes_on_waits_or_says_why_not(seed: int) -> None:
    random = Random(seed)
    files = {"m.bpmn": model(drawn(random)), "f.json": FORM.encode()}
    if any(finding.severity == "error" for finding in findings(files, {"test/ok": Signature()})):
        return
    definition = next(each for each in deployed_definitions(files) if each.key == "p")
    case, _ = Case.start(definition, {"z": {"k": 1}}, operate, START)
    for hour in range(1, STEPS):
        if case.status != "running" or len(case.dump()) > LARGEST:
            break
        assert case.open_tasks or case.waits, "it stands still and nobody is told"
        possible = ways(case, START + timedelta(hours=hour))
        if possible:
            act, arguments = random.choice(possible)
            twin = Case.load(definition, case.dump())
            assert getattr(case, act)(*arguments) == getattr(twin, act)(*arguments)
            assert (case.dump(), case.digest(), case.waits) == (twin.dump(), twin.digest(), twin.waits)
    assert case.status != "completed" or not (case.open_tasks or case.waits)
