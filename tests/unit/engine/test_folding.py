"""However much there is to say of a model, what stands in its way is said."""

from hypothesis import given
from hypothesis import strategies as st

from engine.checker import Finding, check
from engine.checker.findings import RULES, Place, finding
from engine.checker.folding import MOST, folded
from tests.unit.engine.diagrams import FORM, bpmn

FOREIGN = '<x:colour xmlns:x="http://x"/>'
codes = st.sampled_from([code for code in sorted(RULES) if not code.startswith("more_")][:60])
runs = st.lists(st.tuples(codes, st.integers(1, 200)), max_size=12)


def told(some: list[tuple[str, int]]) -> list[Finding]:
    return [finding(code, Place(f"{code}{n}", "", n + 1)) for code, times in some for n in range(times)]


@given(runs)
def test_nothing_is_hidden_behind_warnings_or_behind_more_of_the_same(some: list[tuple[str, int]]) -> None:
    found = told(some)
    errors = [each for each in found if each.severity == "error"]
    shown = folded(found)
    rest = [each for each in shown if each.code.startswith("more_")]
    said = [each for each in shown if each not in rest]
    assert [each.severity for each in said] == sorted(each.severity for each in said)
    assert {each.code for each in errors} <= {each.code for each in said}
    assert sum(each.severity == "error" for each in said) == min(MOST, len(errors))
    assert len(said) == min(MOST, len(found))
    assert sum(int(str(each.params[of])) for each in rest for of in ("errors", "warnings")) == len(found) - len(said)
    assert any(each.severity == "error" for each in shown) == bool(errors)
    assert [each.severity for each in rest] in ([], ["error" if len(errors) > MOST else "warning"])


def test_five_hundred_remarks_hide_no_error() -> None:
    flows = (
        "s1 u1\n"
        + "\n".join(f"u{n} u{n + 1}" for n in range(1, 500))
        + "\nu500 x1\nx1 e1 | u1. ==\nx1 v1 | default\nv1 e1"
    )
    model = bpmn(flows).decode().replace("<spiffworkflow:properties>", f"{FOREIGN}<spiffworkflow:properties>")
    model = model.replace('id="test/v1"', 'id=""').replace("<bpmn:flowNodeRef>u7</bpmn:flowNodeRef>", "")
    found = check({"m.bpmn": model.encode(), "f.json": FORM}, None)
    assert {each.code for each in found if each.severity == "error"} == {"no_lane", "no_operator", "bad_expression"}
    assert found[-1].message % found[-1].params == "403 warnings more are not shown."
    assert {each.file for each in found[:-1]} == {"m.bpmn"}
