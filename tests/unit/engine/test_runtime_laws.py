"""Laws of the runtime, on random block-structured models and random runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine.checker import check
from engine.runtime import Case, ServiceCall
from tests.unit.engine.diagrams import FORM, bpmn, definition

Block = tuple[Any, ...]


@dataclass
class Drawing:
    """Turns nested blocks into the lines of a diagram."""

    lines: list[str] = field(default_factory=list)
    inner: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def fresh(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def flow(self, source: str, target: str, condition: str = "") -> None:
        self.lines.append(f"{source.removesuffix('?')} {target}{f' | {condition}' if condition else ''}")

    def block(self, source: str, condition: str, block: Block) -> tuple[str, str]:
        """Draw a block after `source`; returns where to go on from, with which condition."""
        kind, *parts = block
        match kind:
            case "seq":
                for part in parts:
                    source, condition = self.block(source, condition, part)
                return source, condition
            case "xor" | "and" | "or":
                asked = self.node("u", source, condition)
                split, join = (self.fresh({"xor": "x", "and": "a", "or": "o"}[kind]) for _ in range(2))
                self.flow(asked, split)
                for n, part in enumerate(parts):
                    exclusive = f"{asked}['k'] == {n}" if n else "default"
                    test = {"xor": exclusive, "and": "", "or": f"{asked}['k'] >= {n}"}[kind]
                    self.flow(*self.end(self.block(split, test, part), join))
                return join, ""
            case "mix":
                asked = self.node("u", source, condition)
                split, join = self.fresh(parts[0]), self.fresh(parts[1])
                self.flow(asked, split)
                for n, part in enumerate(parts[2:]):
                    test = "" if parts[0] == "a" else f"{asked}['k'] >= {n}" if n else "default"
                    self.flow(*self.end(self.block(split, test, part), join))
                return join, ""
            case "loop":
                merge = self.node("x", source, condition)
                tail = self.block(merge, "", parts[0])
                asked = self.node("u", *tail)
                again = self.node("x", asked, "")
                self.flow(again, merge, f"{asked}['k'] > 1")
                return again, "default"
            case "sub":
                name = self.node("p", source, condition)
                outer, self.lines = self.lines, []
                start, end = self.fresh("s"), self.fresh("e")
                self.flow(*self.end(self.block(start, "", parts[0]), end))
                self.inner[name], self.lines = "\n".join(self.lines), outer
                return name, ""
            case "script":
                name = self.node("c", source, condition)
                self.scripts[name] = f"t_{name} = {parts[0]}"
                return name, ""
        return self.node(kind, source, condition), ""

    def node(self, letter: str, source: str, condition: str) -> str:
        name = self.fresh(letter)
        self.flow(source, name, condition)
        return name

    def end(self, tail: tuple[str, str], target: str) -> tuple[str, str, str]:
        return tail[0], target, tail[1]


def drawn(block: Block) -> dict[str, Any]:
    drawing = Drawing()
    drawing.flow(*drawing.end(drawing.block("s0", "", block), "e0"))
    return {"flows": "\n".join(drawing.lines), "inner": drawing.inner, "scripts": drawing.scripts}


def blocks(*kinds: str) -> st.SearchStrategy[Block]:
    leaf = st.sampled_from([("u",), ("v",), ("script", "1 + 1")])

    def grow(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        of = {kind: st.tuples(st.just(kind), inner, inner) for kind in ("xor", "and", "seq")}
        of["mix"] = st.tuples(st.just("mix"), st.sampled_from("xao"), st.sampled_from("xao"), inner, inner)
        of["or"] = st.tuples(st.just("or"), inner, inner, inner)
        of |= {kind: st.tuples(st.just(kind), inner) for kind in ("loop", "sub")}
        return st.one_of([of[kind] for kind in kinds])

    inner = st.recursive(leaf, grow, max_leaves=4)
    return st.tuples(st.just("seq"), grow(inner), grow(inner))


choices = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=25)


def answer(call: ServiceCall) -> Any:
    return {"path": call.path, "of": dict(call.parameters)}


def play(case: Case, moves: list[tuple[int, int]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The submissions of a run; every choice picks an open task and an answer, later ones lead out of loops."""
    for n, (which, k) in enumerate([*moves, *[(0, 0)] * 40]):
        tasks = sorted(task.path for task in case.open_tasks)
        if tasks:
            yield tasks[which % len(tasks)], {"k": k if n < len(moves) else 0, "teks": "é" * k, "x": k / 4}


@settings(max_examples=60, deadline=None)
@given(blocks("seq", "xor", "and", "or", "loop", "sub"), choices)
def test_a_case_loaded_after_every_step_goes_on_as_the_live_one(block: Block, moves: list[tuple[int, int]]) -> None:
    model = definition(**drawn(block))
    live, first = Case.start(model, {"judul": "Rapat"}, answer)
    other, second = Case.start(model, {"judul": "Rapat"}, answer)
    assert first == second
    for path, data in play(live, moves):
        other = Case.load(model, other.dump())
        assert live.complete(path, data, answer) == other.complete(path, data, answer)
        assert (live.dump(), live.digest(), live.open_tasks) == (other.dump(), other.digest(), other.open_tasks)
    assert live.status == "completed"


@settings(max_examples=60, deadline=None)
@given(blocks("seq", "xor", "and", "or", "loop", "sub"), choices)
def test_well_structured_models_never_stand_still(block: Block, moves: list[tuple[int, int]]) -> None:
    drawing = drawn(block)
    assert not {f.code for f in check({"m.bpmn": bpmn(**drawing), "f.json": FORM})} & {"deadlock", "not_synchronised"}
    case, step = Case.start(definition(**drawing), {}, answer)
    for path, data in play(case, moves):
        assert step.status == "running"
        step = case.complete(path, data, answer)
    assert step.status == "completed"


@settings(max_examples=150, deadline=None)
@given(blocks("seq", "mix", "loop", "sub"), choices)
def test_what_the_checker_finds_sound_never_stops_by_itself(block: Block, moves: list[tuple[int, int]]) -> None:
    drawing = drawn(block)
    found = {finding.code for finding in check({"m.bpmn": bpmn(**drawing), "f.json": FORM})}
    if found.isdisjoint({"deadlock", "not_synchronised", "not_proven"}):
        case, step = Case.start(definition(**drawing), {}, answer)
        for path, data in play(case, moves):
            assert step.status == "running"
            step = case.complete(path, data, answer)
        assert step.status == "completed"


class Stock:
    """The same model on SpiffWorkflow as it comes: its parser, its specs, its data handling."""

    def __init__(self, content: bytes) -> None:
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.fromstring(content))
        engine = StockEngine(environment=TaskDataEnvironment())
        self.workflow = BpmnWorkflow(parser.get_spec("proses"), parser.get_subprocess_specs("proses"), engine)
        self.workflow.do_engine_steps()

    def open(self) -> dict[str, Any]:
        return {task.task_spec.name: task for task in self.workflow.get_tasks(state=TaskState.READY, manual=True)}

    def complete(self, activity: str, data: dict[str, Any]) -> None:
        task = self.open()[activity]
        task.data[activity] = data
        task.run()
        self.workflow.do_engine_steps()


class StockEngine(PythonScriptEngine):
    """Answers service tasks as `answer` does, but for the path, which the stock engine does not have."""

    def call_service(self, task: Any, **call: Any) -> str:
        return json.dumps({name: each["value"] for name, each in call["operation_params"].items()})


# With a choice inside an inclusive branch the stock engine goes on at the join while the branch is still on its way.
@settings(max_examples=60, deadline=None)
@given(blocks("seq", "xor", "and", "sub") | blocks("seq", "and", "or", "sub"), choices)
def test_without_loops_we_do_what_the_stock_engine_does(block: Block, moves: list[tuple[int, int]]) -> None:
    drawing = drawn(block)
    case, _ = Case.start(definition(**drawing), {}, lambda call: dict(call.parameters))
    stock = Stock(bpmn(**drawing))
    for path, data in play(case, moves):
        assert sorted(stock.open()) == sorted(task.activity_id for task in case.open_tasks)
        case.complete(path, data, lambda call: dict(call.parameters))
        stock.complete(path.rpartition(".")[0], data)
    assert stock.open() == {}
    assert stock.workflow.completed is (case.status == "completed")
    assert stock.workflow.last_task.data == case.data


FRESH = """
import sys
from engine.runtime import Case
from tests.unit.engine.diagrams import definition
from tests.unit.engine.test_runtime_laws import answer
case, _ = Case.start(definition("s1 x0\\nx0 a1\\na1 u1\\na1 u2\\na1 v1\\nu1 o1\\nu2 o1\\nv1 o1\\no1 u3\\nu3 x1\\n"
                                "x1 e1 | u3.ok\\nx1 x0 | default"), {"b": 1, "a": 2}, answer)
for path in ("u2.1", "u1.1", "u3.1", "u1.2"):
    case.complete(path, {"z": 1, "é": 2.5}, answer)
print(case.digest(), case.dump())
"""


def test_another_process_with_other_hashes_comes_to_the_same_state() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", FRESH],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
