"""How a case runs: what opens, what is done, where it stops."""

import builtins
import hashlib
import time
import uuid
from dataclasses import replace
from typing import Any

import pytest

from engine.canonical import NotCanonical
from engine.errors import CaseEnded, NoIncident, OperatorFailed
from engine.runtime import Case, NotOpen, ServiceCall, Step, Transition
from engine.runtime.process import blueprint
from tests.unit.engine.diagrams import definition

REWORK = """
    s1 x0
    x0 a1
    a1 u1
    a1 u2
    u1 a2
    u2 a2
    a2 u3
    u3 x1
    x1 e1 | u3.ok
    x1 x0 | default
"""


def answer(call: ServiceCall) -> Any:
    """An operator that says where it was called and with what."""
    return {"path": call.path, "parameters": dict(call.parameters), "data": sorted(call.data)}


def started(flows: str, data: dict[str, Any] | None = None, **drawing: Any) -> tuple[Case, Step]:
    return Case.start(definition(flows, **drawing), data or {}, answer)


def run(case: Case, *paths: str, **data: Any) -> Step:
    for path in paths:
        step = case.complete(path, data, answer)
    return step


def paths(case: Case) -> list[str]:
    return [task.path for task in case.open_tasks]


def test_a_step_tells_in_order_what_happened_in_the_ids_of_the_diagram() -> None:
    case, step = started("s1 u1\nu1 x1\nx1 u2 | u1.ok\nx1 u1 | default\nu2 e1")
    assert step.transitions == (
        Transition("s1", "entered"),
        Transition("s1", "completed"),
        Transition("s1", "taken", "f1"),
        Transition("u1", "entered"),
    )
    assert [task.path for task in step.opened] == ["u1.1"]
    step = run(case, "u1.1", ok=False)
    assert step.transitions == (
        Transition("u1", "completed"),
        Transition("u1", "taken", "f2"),
        Transition("x1", "entered"),
        Transition("x1", "completed"),
        Transition("x1", "taken", "f4"),
        Transition("u1", "entered"),
    )
    assert (step.completed, step.cancelled, step.status) == (("u1.1",), (), "running")
    assert [(task.path, task.activity_id) for task in step.opened] == [("u1.2", "u1")]


def test_a_case_is_completed_when_no_token_is_left() -> None:
    case, _ = started("s1 a1\na1 u1\na1 u2\nu1 e1\nu2 e2")
    assert run(case, "u1.1").status == "running"
    assert run(case, "u2.1").status == "completed"
    assert case.open_tasks == []


@pytest.mark.parametrize("path", ["u1.1", "u1.9", "a2.1", "s1.1", "", "u3.1"])
def test_only_an_open_user_task_takes_a_submission(path: str) -> None:
    case, _ = started(REWORK)
    run(case, "u1.1")
    before = case.dump()
    with pytest.raises(NotOpen):
        run(case, path)
    assert case.dump() == before


def test_a_submission_that_is_not_json_changes_nothing() -> None:
    case, _ = started(REWORK)
    before = case.dump()
    with pytest.raises(NotCanonical):
        run(case, "u1.1", hal=float("nan"))
    assert case.dump() == before


def test_all_branches_see_and_keep_what_each_of_them_wrote() -> None:
    case, _ = started(REWORK, {"judul": "Rapat"})
    run(case, "u2.1", b=2)
    run(case, "u1.1", a=1.0)
    assert case.data == {"judul": "Rapat", "u1": {"a": 1}, "u2": {"b": 2}}


def test_a_submission_replaces_the_whole_of_the_earlier_one() -> None:
    case, _ = started("s1 u1\nu1 x1\nx1 e1 | u1.ok\nx1 u1 | default")
    run(case, "u1.1", alasan="kurang", ok=False)
    run(case, "u1.2", ok=True)
    assert case.data["u1"] == {"ok": True}


def test_a_form_without_data_key_replaces_only_what_it_gave_before() -> None:
    drawn = definition("s1 u1\nu1 x1\nx1 e1 | ok\nx1 u1 | default")
    element = replace(drawn.elements["u1"], properties={"formJsonSchemaFilename": "f.json"})
    flat = replace(drawn, digest="flat", elements={**drawn.elements, "u1": element})
    case, _ = Case.start(flat, {"judul": "Rapat"}, answer)
    run(case, "u1.1", ok=False, alasan="kurang")
    case = Case.load(flat, case.dump())
    run(case, "u1.2", ok=True)
    assert case.data == {"judul": "Rapat", "ok": True}


def test_a_join_inside_a_rework_loop_waits_for_both_branches_in_every_round() -> None:
    case, _ = started(REWORK)
    for lap in range(1, 6):
        first, second = (f"u1.{lap}", f"u2.{lap}") if lap % 2 else (f"u2.{lap}", f"u1.{lap}")
        assert run(case, first).opened == ()
        assert [task.path for task in run(case, second).opened] == [f"u3.{lap}"]
        run(case, f"u3.{lap}", ok=lap == 5)
    assert case.status == "completed"


def test_two_thousand_laps_work_and_leave_no_trace_in_the_state() -> None:
    case, _ = started(REWORK)
    sizes = {}
    for lap in range(1, 2001):
        run(case, f"u1.{lap}", f"u2.{lap}", f"u3.{lap}", ok=False)
        sizes[lap] = len(case.dump()), len(case._workflow.tasks)
    # Only the numbers of the laps get longer.
    assert sizes[2000][0] - sizes[10][0] < 40
    assert sizes[2000][1] == sizes[10][1] == 5
    run(case, "u1.2001", "u2.2001")
    assert run(case, "u3.2001", ok=True).status == "completed"


def test_a_split_that_chooses_one_way_into_a_join_of_two_is_stuck_and_says_where() -> None:
    case, _ = started("s1 u1\nu1 x1\nx1 u2 | u1.ok\nx1 u3 | default\nu2 a1\nu3 a1\na1 e1")
    run(case, "u1.1", ok=True)
    assert run(case, "u2.1").status == "incident"
    assert [(i.path, i.code, i.cause) for i in case.incidents] == [
        ("a1.1", "stuck", "“A1” waits for a branch that will never arrive.")
    ]


def test_a_second_token_on_a_flow_that_waits_is_an_incident_and_never_completes_the_join() -> None:
    case, _ = started("s1 a1\na1 u1\na1 u2\na1 u3\nu1 x1\nu2 x1\nx1 a2\nu3 a2\na2 e1")
    run(case, "u1.1")
    assert run(case, "u2.1").status == "incident"
    assert [(i.path, i.code) for i in case.incidents] == [("a2.2", "excess_token")]
    assert run(case, "u3.1").status == "incident"
    assert case.retry(answer).status == "incident"
    assert [i.code for i in case.incidents] == ["stuck"]


def test_an_inclusive_join_waits_for_the_branches_that_were_taken_and_for_no_other() -> None:
    flows = """
        s1 u0
        u0 o1
        o1 u1 | u0.a
        o1 u2 | u0.b
        o1 u3 | default
        u1 o2
        u2 o2
        u3 o2
        o2 u4
        u4 e1
    """
    case, _ = started(flows)
    run(case, "u0.1", a=True, b=True)
    assert paths(case) == ["u1.1", "u2.1"]
    assert run(case, "u2.1").opened == ()
    assert [task.path for task in run(case, "u1.1").opened] == ["u4.1"]
    for a, b, opened in ((True, False, "u1.1"), (False, False, "u3.1")):
        case, _ = started(flows)
        run(case, "u0.1", a=a, b=b)
        assert paths(case) == [opened]
        assert [task.path for task in run(case, opened).opened] == ["u4.1"]


def test_an_inclusive_join_goes_on_when_the_last_token_turns_away() -> None:
    case, _ = started(
        "s1 a1\na1 u1\na1 u2\nu1 o1\nu2 x1\nx1 o1 | u2.ok\nx1 e2 | default\no1 u3\nu3 e1",
    )
    assert run(case, "u1.1").opened == ()
    assert [task.path for task in run(case, "u2.1", ok=False).opened] == ["u3.1"]


def test_the_first_true_condition_in_the_document_wins_wherever_it_is_drawn() -> None:
    case, _ = started("s1 u1\nu1 x1\nx1 u2 | u1.n > 1\nx1 u3 | u1.n > 0\nx1 u4 | default\nu2 e1\nu3 e1\nu4 e1")
    run(case, "u1.1", n=2)
    assert paths(case) == ["u2.1"]


def test_a_gateway_without_a_true_condition_is_an_incident_that_can_be_retried() -> None:
    case, _ = started("s1 a1\na1 u1\na1 u2\nu1 x1\nx1 e1 | u2.n == 1\nu2 e2", {"u2": {"n": 0}})
    assert run(case, "u1.1").status == "incident"
    assert case.incidents[0].cause == "No condition of the gateway “X1” is true, and it has no default flow."
    assert run(case, "u2.1", n=1).status == "incident"
    step = case.retry(answer)
    assert step.status == "completed"
    assert step.transitions[0] == Transition("x1", "completed")


def test_an_expression_that_fails_is_an_incident_with_the_expression_and_the_cause() -> None:
    case, _ = started("s1 x1\nx1 e1 | tidak_ada == 1")
    (incident,) = case.incidents
    assert (incident.activity_id, incident.code) == ("x1", "expression_failed")
    assert incident.params["expression"] == "tidak_ada == 1"


def test_scripts_assign_all_or_nothing() -> None:
    case, step = started("s1 c1\nc1 c2\nc2 e1", {"n": 4}, scripts={"c1": "m = n / 2", "c2": "k = m\nl = k / 0"})
    assert step.status == "incident"
    assert case.data == {"n": 4, "m": 2}


def test_a_service_is_called_with_its_parameters_and_its_result_is_kept() -> None:
    case, step = started("s1 v1\nv1 e1", {"n": 4}, scripts={"v1": "[n, n + 1]"})
    assert step.status == "completed"
    assert case.data["r_v1"] == {"path": "v1.1", "parameters": {"n": [4, 5]}, "data": ["n"]}


def test_a_service_that_fails_stops_its_branch_only_and_can_be_retried() -> None:
    def fail(call: ServiceCall) -> Any:
        raise OperatorFailed(cause="tidak ada kop surat")

    drawn = definition("s1 a1\na1 v1\na1 u1\nv1 a2\nu1 a2\na2 e1")
    case, step = Case.start(drawn, {}, fail)
    assert (step.status, paths(case)) == ("incident", ["u1.1"])
    assert [(i.path, i.code, i.cause) for i in case.incidents] == [("v1.1", "operator_failed", "tidak ada kop surat")]
    case = Case.load(drawn, case.dump())
    assert case.complete("u1.1", {}, fail).status == "incident"
    assert case.retry(fail).status == "incident"
    assert case.retry(answer).status == "completed"
    with pytest.raises(NoIncident):
        case.retry(answer)


def test_a_fault_of_our_own_is_not_an_incident() -> None:
    def broken(call: ServiceCall) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Case.start(definition("s1 v1\nv1 e1"), {}, broken)


def test_an_automatic_loop_ends_as_an_incident() -> None:
    case, step = started("s1 x1\nx1 c1\nc1 x2\nx2 x1 | true\nx2 e1 | default", scripts={"c1": "n = 1"})
    assert step.status == "incident"
    assert [i.code for i in case.incidents] == ["step_budget"]
    assert case.retry(answer).status == "incident"


def test_a_terminating_end_cancels_what_is_still_open() -> None:
    case, _ = started("s1 a1\na1 u1\na1 u2\na1 p1\nu1 et1\nu2 e2\np1 e3", inner={"p1": "s2 u3\nu3 e4"})
    step = run(case, "u1.1")
    assert (step.status, step.completed, step.cancelled) == ("completed", ("u1.1",), ("u2.1", "u3.1"))
    assert Transition("p1", "cancelled") in step.transitions


def test_a_task_opened_and_cancelled_in_one_step_is_in_the_transitions_only() -> None:
    _, step = started("s1 a1\na1 u1\na1 et1\nu1 e1")
    assert (step.opened, step.cancelled, step.status) == ((), (), "completed")
    assert Transition("u1", "cancelled") in step.transitions


def test_a_sub_process_shares_the_data_and_ends_with_its_last_token() -> None:
    inner = {"p1": "s2 a2\na2 u1\na2 p2\nu1 e2\np2 e3", "p2": "s3 u2\nu2 et3"}
    case, _ = started("s1 p1\np1 u3\nu3 e1", {"n": 1}, inner=inner)
    assert paths(case) == ["u1.1", "u2.1"]
    run(case, "u1.1", a=1)
    assert [task.path for task in run(case, "u2.1", b=2).opened] == ["u3.1"]
    assert case.data == {"n": 1, "u1": {"a": 1}, "u2": {"b": 2}}


def test_one_sub_process_entered_twice_has_two_scopes() -> None:
    inner = {"p1": "s2 a3\na3 u2\na3 u3\nu2 a4\nu3 a4\na4 e2"}
    drawn = definition("s1 a1\na1 x1\na1 x2\nx1 x3\nx2 x3\nx3 p1\np1 u4\nu4 e1", inner=inner)
    case, _ = Case.start(drawn, {}, answer)
    case = Case.load(drawn, case.dump())
    assert paths(case) == ["u2.1", "u3.1", "u2.2", "u3.2"]
    assert run(case, "u2.1", "u3.2").opened == ()
    assert [task.path for task in run(case, "u3.1").opened] == ["u4.1"]


def test_a_cancelled_case_takes_nothing_any_more() -> None:
    case, _ = started(REWORK)
    step = case.cancel()
    assert (step.status, step.cancelled) == ("cancelled", ("u1.1", "u2.1"))
    case = Case.load(case.definition, case.dump())
    assert case.status == "cancelled"
    with pytest.raises(NotOpen):
        run(case, "u1.1")
    with pytest.raises(CaseEnded):
        case.cancel()


def test_every_token_in_every_scope_has_the_same_data() -> None:
    case, _ = started("s1 a1\na1 p1\na1 u1\np1 e1\nu1 e2", inner={"p1": "s2 u2\nu2 e3"})
    workflow = case._workflow
    scopes = [workflow, *workflow.subprocesses.values()]
    assert {id(task.data) for scope in scopes for task in scope.tasks.values()} == {id(case.data)}


def test_nothing_is_evaluated_by_python(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = definition("s1 c1\nc1 v1\nv1 x1\nx1 e1 | n == 2", scripts={"c1": "n = 1 + 1", "v1": "[n]"})
    for name in ("eval", "exec"):
        monkeypatch.setattr(builtins, name, None)
    _, step = Case.start(drawn, {}, answer)
    assert step.status == "completed"


def test_no_clock_and_no_chance_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = definition(REWORK)
    case, _ = Case.start(drawn, {}, answer)

    def refuse(*_: Any) -> Any:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(time, "time", refuse)
        patch.setattr(uuid, "uuid4", refuse)
        patch.setattr("SpiffWorkflow.task.uuid4", refuse)
        run(case, "u1.1", "u2.1", "u3.1")
        Case.start(drawn, {}, answer)


def test_cases_do_not_change_the_specs_that_they_share() -> None:
    drawn = definition(REWORK)
    before = specs_of(drawn)
    case, _ = Case.start(drawn, {}, answer)
    run(case, "u1.1", "u2.1", "u3.1")
    assert specs_of(drawn) == before


def specs_of(drawn: Any) -> dict[str, str]:
    specs = blueprint(drawn)[drawn.key].task_specs
    return {name: repr(sorted(vars(spec).items())) for name, spec in specs.items()}


def test_the_digest_is_of_the_case_in_our_own_words() -> None:
    case, _ = started("s1 u1\nu1 x1\nx1 e1 | u1.ok\nx1 u1 | default", {"n": 1})
    opened = '{"activity_id":"u1","path":"u1.1","state":"ready"}'
    text = f'{{"data":{{"n":1}},"incidents":[],"open":[{opened}],"status":"running"}}'
    assert case.digest() == hashlib.sha256(text.encode()).hexdigest()
