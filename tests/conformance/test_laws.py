"""Laws of cases with events, loops and calls, on random models: replay = live, and none stands still."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.checker import check
from engine.definitions import deployed_definitions, with_scopes
from engine.runtime import Case, Step
from tests.conformance.drawing import FORM, model
from tests.conformance.running import START, Signature, operate

Block = tuple[Any, ...]
CATCHES = ("timer=PT1H", "message=m", "signal=t", "message=m signal=t", "message=m timer=PT1H :parallelMultiple=true")
EVENTS = ("timer=PT1H", "message=m", "signal=t", "when='n > 5'")


@dataclass
class Sketch:
    """Turns nested blocks into statements; every block has one way in and one way out."""

    count: int = 0
    processes: list[str] = field(default_factory=list)

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def scope(self, block: Block) -> str:
        start, end = self.id("s"), self.id("e")
        said, first, last = self.block(block)
        return f"start {start}; end {end}; {said}; {start} > {first}; {last} > {end}"

    def block(self, block: Block) -> tuple[str, str, str]:
        """The statements of a block, where one comes in and where one goes out."""
        kind, *parts = block
        match kind:
            case "seq":
                (a, first, x), (b, y, last) = self.block(parts[0]), self.block(parts[1])
                return f"{a}; {b}; {x} > {y}", first, last
            case "and" | "xor" | "or":
                g, j, ask = self.id("g"), self.id("j"), self.id("u")
                (a, i, x), (b, k, y) = self.block(parts[0]), self.block(parts[1])
                tests = ("", "") if kind == "and" else (f" : '{ask}.k == 1'", " : default")
                said = f"user {ask}; {kind} {g}; {kind} {j}; {a}; {b}; {ask} > {g}"
                return f"{said}; {g} > {i}{tests[0]}; {g} > {k}{tests[1]}; {x} > {j}; {y} > {j}", ask, j
            case "again":
                r, x, ask = self.id("r"), self.id("x"), self.id("u")
                a, i, o = self.block(parts[0])
                said = f"xor {r}; xor {x}; user {ask}; {a}; {r} > {i}; {o} > {ask}; {ask} > {x}"
                done = self.id("d")
                return f"{said}; task {done}; {x} > {r} : '{ask}.k == 1'; {x} > {done} : default", r, done
            case "catch":
                name = self.id("c")
                return f"catch {name} {CATCHES[parts[0] % len(CATCHES)]}", name, name
            case "undone":
                a, b, u, t = (self.id(letter) for letter in "abut")
                kind = ("task", "user")[parts[0] % 2]
                said = f"{kind} {a}; boundary {b} on={a} compensate undo={u}; user {u} undoes; throw {t} compensate"
                return f"{said}; {a} > {t}", a, t
            case "some":
                g, a, b, d = (self.id(letter) for letter in "gabd")
                said = f"and {g}; user {a}; user {b}; complex {d} go='activationCount >= 1'"
                return f"{said}; {g} > {a} > {d}; {g} > {b} > {d}", g, d
            case "adhoc":
                name, a, b = (self.id(letter) for letter in "pab")
                order = ("", ":ordering=Sequential", f"done='{a}.k == 1'")[parts[0] % 3]
                return f"adhoc {name} {order} {{ user {a}; user {b} }}", name, name
            case "first":
                g, a, b, m = (self.id(letter) for letter in "gabm")
                said = f"first {g}; catch {a} timer=PT2H; catch {b} message=m; xor {m}"
                return f"{said}; {g} > {a}; {g} > {b}; {a} > {m}; {b} > {m}", g, m
            case "sub" | "several" | "call":
                return self.holder(kind, parts)
            case "leaf":
                name = self.id("u")
                said = ("user {}", "task {}", "receive {} message=m")[parts[0] % 3]
                return said.format(name), name, name
        raise AssertionError(kind)

    def holder(self, kind: str, parts: list[Any]) -> tuple[str, str, str]:
        inner, event, beside, handled = parts
        name, m = self.id("p"), self.id("m")
        times = {"several": " times=2" + " sequential" * (event % 2), "sub": "", "call": ""}[kind]
        if kind == "call":
            self.processes.append(f"process q_{name} {{ {self.scope(inner)} }}")
            said = f"call {name} process=q_{name}"
        else:
            handler = self.handler(event) if handled else ""
            said = f"sub {name}{times} {{ {self.scope(inner)}{handler} }}"
        said = f"{said}; xor {m}; {name} > {m}"
        if beside is not None:
            b = self.id("b")
            said += f"; boundary {b} on={name} {EVENTS[event % 4]}{' beside' * beside}"
            said += f"; {b} > {m}" if not beside else f"; task {b}t; end {b}e; {b} > {b}t > {b}e"
        return said, name, m

    def handler(self, event: int) -> str:
        h, s, u, e = (self.id(letter) for letter in "hsue")
        beside = " beside" * (event % 2)
        return f"; sub {h} event {{ start {s} {EVENTS[event % 3]}{beside}; user {u}; end {e}; {s} > {u} > {e} }}"


def grow(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    held = (inner, st.integers(0, 3), st.sampled_from([None, 0, 1]), st.booleans())
    return st.one_of(
        *(st.tuples(st.just(kind), inner, inner) for kind in ("seq", "and", "xor", "or")),
        st.tuples(st.just("again"), inner),
        *(st.tuples(st.just(kind), *held) for kind in ("sub", "several", "call")),
    )


leaves = st.one_of(
    *(st.tuples(st.just(kind), st.integers(0, 4)) for kind in ("leaf", "catch", "undone", "some", "adhoc")),
    st.just(("first",)),
)
blocks = st.recursive(leaves, grow, max_leaves=5)
choices = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=20)


def moves(case: Case, chosen: list[tuple[int, int]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What may come next, as the choices say; later ones lead out of loops. Time goes on by an hour a move."""
    at = START
    for which, k in [*chosen, *[(0, 0)] * 200]:
        at += timedelta(hours=1)
        ways: list[tuple[str, tuple[Any, ...]]] = []
        for task in case.open_tasks:
            ways.append(("complete", (task.path, {"k": k}, operate, at)))
        for wait in case.waits:
            if wait.due is not None and wait.due <= at:
                ways.append(("fire", (wait.path, operate, at)))
            elif wait.kind == "message":
                ways.append(("deliver", (wait.name, k, operate, at)))
            elif wait.kind == "signal":
                ways.append(("broadcast", (wait.name, k, operate, at)))
        if ways:
            yield ways[which % len(ways)]


@settings(max_examples=200, deadline=None)
@given(blocks, choices)
def test_a_case_loaded_before_every_step_goes_on_as_the_live_one_and_ends(
    block: Block, chosen: list[tuple[int, int]]
) -> None:
    sketch = Sketch()
    files = {"m.bpmn": model("; ".join([sketch.scope(block), *sketch.processes])), "f.json": FORM.encode()}
    errors = [finding for finding in check(files, {"test/ok": Signature()}) if finding.severity == "error"]
    assume(all(error.params.get("tag") != "compensateEventDefinition" for error in errors))  # inside what is repeated
    assert {error.code for error in errors} <= {"overwritten"}  # what is refused today still goes on where it runs
    definition = next(d for d in deployed_definitions(with_scopes(files)) if d.key == "p")
    live, first = Case.start(definition, {"n": 1}, operate, START)
    other, second = Case.start(definition, {"n": 1}, operate, START)
    assert first == second
    entered: dict[str, int] = {}
    follow(entered, first)
    for act, arguments in moves(live, chosen):
        other = Case.load(definition, other.dump())
        step = getattr(live, act)(*arguments)
        assert step == getattr(other, act)(*arguments)
        assert (live.dump(), live.digest(), live.waits) == (other.dump(), other.digest(), other.waits)
        follow(entered, step)
        assert step.status in ("running", "completed"), (live.incidents, files["m.bpmn"].decode())
    assert live.status == "completed", live.dump()
    assert not any(entered.values())
    assert live.waits == []


def follow(entered: dict[str, int], step: Step) -> None:
    """Every node that is entered is completed or cancelled once."""
    for transition in step.transitions:
        if transition.event != "taken":
            name = transition.activity_id
            entered[name] = entered.get(name, 0) + (1 if transition.event == "entered" else -1)
            assert entered[name] >= 0, name
