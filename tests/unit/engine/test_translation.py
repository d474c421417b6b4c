"""Conditions of other tools: translated where the meaning is certain, else left as they are."""

import pytest

from engine.bpmn.translation import translated
from engine.expressions import compile_expression


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("${approved}", "approved"),
        ("#{a == 'b'}", "a == 'b'"),
        ("= approved", "approved"),
        ('= status = "ok" and n >= 10', 'status == "ok" and n >= 10'),
        ("${amount gt 100 && !rejected}", "amount > 100 and not rejected"),
        ("${a || (b and c.d ne 'x')}", "a or (b and c.d != 'x')"),
        ("a === 1 && b !== 'c || d'", "a == 1 and b != 'c || d'"),
        ("${not (a)}", "not (a)"),
        ('${!test.contains("a") && n eq 1}', 'not ("a" in test) and n == 1'),
        ("a.b.equals('x')", "(a.b == 'x')"),
        ('=["a", "b"]', '[ "a" , "b" ]'),
        ("${n * 2 % 3 == 1}", "n * 2 % 3 == 1"),
    ],
)
def test_what_is_certain_is_translated(text: str, ours: str) -> None:
    assert translated(text) == ours
    compile_expression(ours)


@pytest.mark.parametrize(
    "text",
    [
        "a == 'b'", "n > 1", "not a", "a != 1", "'${x}' == y",  # ours already
        "${bean.call(a)}", "${empty a}", "${a = 1}", "= if a then b else c", "${a ? b : c}", "${a} and ${b}",
        "= [1..3]", "= [1, 2][1]", "= (a)[1]",
        "${list[0]}", "${test.contains(x)}", "${test.contains('a').x}", "'a.contains(\"b\")' == x",
        "= some x in y satisfies x",
        "${a", "=", "${}", "${'a\\'b' == c}", "= a[item > 1]",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left(text: str) -> None:
    assert translated(text) is None
