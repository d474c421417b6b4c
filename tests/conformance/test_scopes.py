"""Laws of scopes of data: what is saved in one is seen there and further in, as long as it lasts, and nowhere else."""

from collections import defaultdict

from hypothesis import assume, given, settings

from engine.checker import check
from engine.definitions import SCOPES_FILE, Definition, deployed_definitions, with_scopes
from engine.runtime import Case, state
from tests.conformance.drawing import FORM, model
from tests.conformance.running import START, Signature, operate
from tests.conformance.scoping import scopes_around
from tests.conformance.test_laws import Block, Sketch, blocks, choices, moves

SEVERAL = "start s; sub P times=2 { user u }; end e; s > P > e"
FLAT = {"m.bpmn": model(SEVERAL), "f.json": FORM.encode()}


def definition_of(files: dict[str, bytes]) -> Definition:
    return next(each for each in deployed_definitions(files) if each.key == "p")


def answered(case: Case, path: str) -> dict[str, object]:
    """What the answers of all tasks are, as one token sees them."""
    return {name: value for name, value in state.view_from(case.dump(), path).items() if isinstance(value, dict)}


@settings(max_examples=250, deadline=None)
@given(blocks, choices)
def test_answers_are_seen_in_their_scope_and_further_in_and_nowhere_else(
    block: Block, chosen: list[tuple[int, int]]
) -> None:
    sketch = Sketch()
    files = {"m.bpmn": model("; ".join([sketch.scope(block), *sketch.processes])), "f.json": FORM.encode()}
    errors = [finding for finding in check(files, {"test/ok": Signature()}) if finding.severity == "error"]
    assume(not errors)
    case, _ = Case.start(definition_of(with_scopes(files)), {"n": 1}, operate, START)
    expected: dict[str, dict[str, object]] = defaultdict(dict)  # by the scope's path
    for act, arguments in moves(case, chosen):
        if act == "complete":
            path, said = arguments[:2]
            expected[scopes_around(case, path)[0]][path.partition(".")[0]] = said
        getattr(case, act)(*arguments)
        for task in case.open_tasks:
            around = scopes_around(case, task.path)
            seen = {key: value for scope in reversed(around) for key, value in expected[scope].items()}
            assert answered(case, task.path) == seen, files["m.bpmn"].decode()
    assert {k: v for k, v in case.data.items() if isinstance(v, dict)} == expected[""]


def test_a_version_without_the_file_of_scopes_shares_all_data_as_before() -> None:
    flat, scoped = definition_of(FLAT), definition_of(with_scopes(FLAT))
    assert (flat.own_data, scoped.own_data) == (frozenset(), {"P"})
    assert flat.digest != scoped.digest
    case, _ = Case.start(flat, {}, operate, START)
    first, second = (task.path for task in case.open_tasks)
    case.complete(first, {"k": "a"}, operate, START)
    assert state.view_from(case.dump(), second)["u"] == {"k": "a"} == case.data["u"]


def test_what_has_no_scopes_has_the_digest_that_it_always_had() -> None:
    files = {"m.bpmn": model("start s; user u; end e; s > u > e"), "f.json": FORM.encode()}
    assert with_scopes(files) == files


def test_the_scopes_are_worked_out_anew_whatever_was_uploaded() -> None:
    uploaded = {**FLAT, f"p{SCOPES_FILE}": b'["u"]', f"q{SCOPES_FILE}": b"[]"}
    assert with_scopes(uploaded) == with_scopes(FLAT) != FLAT


def test_the_digest_of_a_state_knows_what_stands_in_a_scope() -> None:
    digests = set()
    for k in "ab":
        text = "start s; sub P times=2 { user u; user v; u > v }; end e; s > P > e"
        case, _ = Case.start(definition_of(with_scopes({**FLAT, "m.bpmn": model(text)})), {}, operate, START)
        case.complete(case.open_tasks[0].path, {"k": k}, operate, START)
        digests.add(case.digest())
    assert len(digests) == 2


def test_a_form_without_a_name_replaces_only_what_it_gave_in_its_own_scope() -> None:
    loop = "{ start t; xor r; user u key=; xor x; t > r > u > x; x > r : 'k == 1'; end f; x > f : default }"
    text = SEVERAL.replace("{ user u }", loop)
    case, _ = Case.start(definition_of(with_scopes({**FLAT, "m.bpmn": model(text)})), {}, operate, START)
    first, second = (task.path for task in case.open_tasks)
    case.complete(first, {"k": 1, "a": 1}, operate, START)
    case.complete(second, {"k": 1, "b": 1}, operate, START)
    case = Case.load(case.definition, case.dump())
    seen = [state.view_from(case.dump(), task.path) for task in case.open_tasks]
    assert sorted("".join(sorted(each.keys() - {"loopCounter"})) for each in seen) == ["ak", "bk"]
    case.complete(
        next(t.path for t, s in zip(case.open_tasks, seen, strict=True) if "a" in s), {"k": 1}, operate, START
    )
    seen = [state.view_from(case.dump(), task.path) for task in case.open_tasks]
    assert sorted("".join(sorted(each.keys() - {"loopCounter"})) for each in seen) == ["bk", "k"]
