"""Random models on SpiffWorkflow and on the token machine that ran them before, step by step: they must not part.

`python -m tests.conformance.lockstep [COUNT] [FIRST SEED]`. The case on SpiffWorkflow is loaded anew before each
command, every third time from what the other wrote, as after an upgrade; compared are the digest of the state after
each, and what it opened, completed, cancelled, armed and disarmed. Where several wait for one message BPMN leaves open
who gets it, so that such a message is not sent.
"""

import sys
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.checker import check
from engine.definitions import Definition, deployed_definitions
from engine.runtime import Case, Step
from tests.conformance.drawing import FORM, model
from tests.conformance.running import START, Signature, operate
from tests.conformance.test_laws import Block, Sketch
from tests.oracle import Case as Machine

MOVES = 120
LEAVES = ["leaf"] * 4 + ["catch", "first", "adhoc", "undone", "some"]
HOLDING = ["sub", "several", "call"]
ENDING = ["error", "escalation", "each fails", "handled", "terminate"]
NESTS = ["seq"] * 3 + ["and", "and", "xor", "or", "again", "again", *HOLDING, *ENDING]


class Endings(Sketch):
    """Blocks whose scope may end early, too."""

    def block(self, block: Block) -> tuple[str, str, str]:
        kind, *parts = block
        if kind == "terminate":
            return self.terminated(*parts)
        return self.left(kind, parts[0]) if kind in ENDING else super().block(block)

    def left(self, kind: str, within: Block) -> tuple[str, str, str]:
        """A sub-process that an error or escalation leaves, as a person says."""
        p, s, a, x, e, n, m, b, t, te = (self.id(letter) for letter in "psaxenmbtz")
        thrown = "escalation=K" if kind == "escalation" else "error=E"
        inner, first, last = self.block(within)
        said = f"start {s}; user {a}; xor {x}; end {e} {thrown}; end {n}; {inner}; {s} > {a} > {x}"
        said += f"; {x} > {e} : '{a}.k == 1'; {x} > {first} : default; {last} > {n}"
        if kind == "handled":
            h, hs, u, he = (self.id(letter) for letter in "hsue")
            said += f"; sub {h} event {{ start {hs} error=E; user {u}; end {he}; {hs} > {u} > {he} }}"
        whole = f"sub {p}{' times=2' if kind == 'each fails' else ''} {{ {said} }}; xor {m}; {p} > {m}"
        if kind == "escalation":
            whole += f"; boundary {b} on={p} {thrown} beside; task {t}; end {te}; {b} > {t} > {te}"
        elif kind != "handled":
            whole += f"; boundary {b} on={p} {thrown}; {b} > {m}"
        return whole, p, m

    def terminated(self, within: Block, listens: bool) -> tuple[str, str, str]:
        """A sub-process with an end event that ends the rest of it."""
        p, s, g, a, t, e = (self.id(letter) for letter in "psgate")
        inner, first, last = self.block(within)
        said = f"start {s}; and {g}; user {a}; end {t} terminate; end {e}; {inner}; {s} > {g}; {g} > {a} > {t}"
        said += f"; {g} > {first}; {last} > {e}"
        if listens:
            h, hs, u, he = (self.id(letter) for letter in "hsue")
            said += f"; sub {h} event {{ start {hs} message=m beside; user {u}; end {he}; {hs} > {u} > {he} }}"
        return f"sub {p} {{ {said} }}", p, p


def drawn(random: Random, left: int) -> Block:
    """A block of up to so many leaves."""
    if left <= 1 or random.random() < 0.15:
        return (random.choice(LEAVES), random.randrange(5))
    kind = random.choice(NESTS)
    if kind in ("seq", "and", "xor", "or"):
        first = random.randrange(1, left)
        return (kind, drawn(random, first), drawn(random, left - first))
    inner = drawn(random, left - 1)
    if kind in HOLDING:
        return (kind, inner, random.randrange(4), random.choice([None, 0, 1]), random.random() < 0.4)
    return (kind, inner, random.random() < 0.5) if kind == "terminate" else (kind, inner)


def moves(case: Any, at: datetime) -> list[tuple[str, str]]:
    """What may come next."""
    found = {("complete", task.path) for task in case.open_tasks}
    named = Counter((wait.kind, wait.name) for wait in case.waits)
    for wait in case.waits:
        if wait.due is not None and wait.due <= at:
            found.add(("fire", wait.path))
        elif wait.kind == "signal" or (wait.kind == "message" and named[wait.kind, wait.name] == 1):
            found.add(("broadcast" if wait.kind == "signal" else "deliver", wait.name))
    return sorted(found)


def told(step: Step) -> tuple[Any, ...]:
    """What a step did, but for the order of what has none."""
    tasks = (set(step.opened), set(step.completed), set(step.cancelled))
    return (step.status, *tasks, {str(wait) for wait in step.armed}, step.disarmed)


def model_of(random: Random, fails: bool) -> Definition | None:
    """A random model, half of them with conditions that may fail; None when the checker refuses it."""
    sketch = Endings()
    text = "; ".join([sketch.scope(drawn(random, random.randrange(2, 7))), *sketch.processes])
    if fails:
        text = text.replace(".k == 1", ".k < 2")
    files = {"m.bpmn": model(text), "f.json": FORM.encode()}
    errors = {finding.code for finding in check(files, {"test/ok": Signature()}) if finding.severity == "error"}
    if errors - {"overwritten"}:  # what is refused today still goes on where it runs
        return None
    return next(each for each in deployed_definitions(files) if each.key == "p")


def parted(seed: int) -> str | None:
    """Run a random model on both; where they part, what each came to. None for one that is refused."""
    random, at = Random(seed), START
    definition = model_of(random, bool(seed % 2))
    if definition is None:
        return None
    machine, first = Machine.start(definition, {"n": 1}, operate, at)
    case, second = Case.start(definition, {"n": 1}, operate, at)
    done: list[Any] = []
    for turn in range(MOVES):
        if (machine.digest(), told(first)) != (case.digest(), told(second)):
            return f"{done[-3:]}\n{machine.dump()}\n{case.dump()}\n{first}\n{second}"
        if machine.status not in ("running", "incident"):
            break
        at += timedelta(hours=1)
        again = machine.status == "incident" and random.random() < 0.3
        possible = [("retry", "")] if again else moves(machine, at)
        if not possible:
            if machine.status == "incident":
                break
            continue
        act, name = random.choice(possible)
        k = 1 if turn < 40 and random.random() < 0.5 else random.choice([0, 2, "x"] if seed % 2 else [0, 2])
        said = {"complete": (name, {"k": k}), "fire": (name,), "retry": ()}.get(act, (name, k))
        done.append((act, name, k))
        case = Case.load(definition, (machine if turn % 3 == 2 else case).dump())
        first, second = (getattr(each, act)(*said, operate, at) for each in (machine, case))
    return ""


def main(count: int = 2_000, first: int = 0) -> int:
    """Report the models that part; how many there were decides the exit code."""
    found = {seed: parted(seed) for seed in range(first, first + count)}
    apart = {seed: said for seed, said in found.items() if said}
    for seed, said in apart.items():
        print(f"--- {seed}\n{said}")
    refused = sum(said is None for said in found.values())
    print(f"{count - refused} models in lock-step, {len(apart)} parted, {refused} refused by the checker")
    return int(bool(apart))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
