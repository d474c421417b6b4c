"""What people answer at the same time is kept, or the model is refused; and nothing else is."""

import re

import pytest
from hypothesis import given, reject, settings

from engine.checker import check
from engine.definitions import deployed_definitions, with_scopes
from engine.runtime import Case
from tests.conformance.drawing import FORM, model
from tests.conformance.features.answers import KEPT, LOST
from tests.conformance.running import START, Signature, operate
from tests.conformance.scoping import scope_of
from tests.conformance.test_laws import Block, Sketch, blocks, choices, moves


def overwritten(content: bytes) -> list[str]:
    """The elements whose answers can be lost; nothing else stands in the way."""
    found = check({"m.bpmn": content, "f.json": FORM.encode()}, {"test/ok": Signature()})
    errors = [each for each in found if each.severity == "error"]
    if any(error.params.get("tag") == "compensateEventDefinition" for error in errors):  # inside what is repeated
        reject()
    assert {error.code for error in errors} <= {"overwritten"}
    return [error.element_id for error in errors]


@pytest.mark.parametrize(("text", "elements"), [case[1:] for case in LOST], ids=[case[0] for case in LOST])
def test_what_would_be_lost_is_refused(text: str, elements: str) -> None:
    assert sorted(overwritten(model(text))) == sorted(elements.split())


@pytest.mark.parametrize("text", [case[1] for case in KEPT], ids=[case[0] for case in KEPT])
def test_what_is_kept_is_not_refused(text: str) -> None:
    assert overwritten(model(text)) == []


def asks(block: Block) -> bool:
    """Whether a person is asked in a block, for the scope of data around it."""
    kind, *parts = block
    if kind == "leaf":
        return bool(parts[0] % 3 == 0)
    if kind in ("sub", "several"):
        apart, beside = kind == "several" and not parts[1] % 2, parts[1] % 2
        return not apart and (asks(parts[0]) or bool(parts[3] and not beside))
    inner = [part for part in parts if isinstance(part, tuple)]
    return kind in ("and", "xor", "or", "again", "undone", "some", "adhoc") or any(map(asks, inner))


def asks_at_once(block: Block) -> bool:
    """Whether one scope of data can await two answers at once, by what the blocks are made of."""
    kind, *parts = block
    inner = [part for part in parts if isinstance(part, tuple)]
    if any(map(asks_at_once, inner)) or kind == "some":
        return True
    if kind == "adhoc":
        return bool(parts[0] % 3 != 1)
    return kind == "and" and all(map(asks, inner))


def with_one_key(block: Block) -> bytes:
    """The model of a block in which all answers have one name."""
    sketch = Sketch()
    text = model("; ".join([sketch.scope(block), *sketch.processes])).decode()
    return re.sub(r'(?<="dataKey" value=")\w+', "sama", re.sub(r"\b\w+(?=\.k == 1)", "sama", text)).encode()


@settings(max_examples=300, deadline=None)
@given(blocks)
def test_of_blocks_exactly_those_are_refused_that_ask_two_people_at_once(block: Block) -> None:
    assert bool(overwritten(with_one_key(block))) == asks_at_once(block), with_one_key(block).decode()


@settings(max_examples=200, deadline=None)
@given(blocks, choices)
def test_no_scope_of_a_model_that_deploys_awaits_two_answers_of_one_name(
    block: Block, chosen: list[tuple[int, int]]
) -> None:
    content = with_one_key(block)
    if not overwritten(content):
        files = with_scopes({"m.bpmn": content, "f.json": FORM.encode()})
        definition = next(d for d in deployed_definitions(files) if d.key == "p")
        case, _ = Case.start(definition, {"n": 1}, operate, START)
        for act, arguments in moves(case, chosen):
            getattr(case, act)(*arguments)
            homes = [scope_of(case, task.path) for task in case.open_tasks]
            assert len(set(homes)) == len(homes), content.decode()
