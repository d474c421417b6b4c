"""The language of conditions, parameters and scripts."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from engine.canonical import canonical
from engine.expressions import BadExpression, Environment, ExpressionFailed, compile_expression, compile_script
from engine.runtime.data import Data

DATA: dict[str, Any] = {
    "penetapan": {"keputusan": "setuju", "hadir": 5, "alasan": None},
    "rab": [{"uraian": "ATK", "jumlah": 2}, {"uraian": "Sewa", "jumlah": 3}],
    "nama": "Rapat",
    "n": 7,
    "ya": True,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("penetapan.keputusan == 'setuju'", True),
        ("penetapan.keputusan != 'setuju' or n > 5", True),
        ("0 < n <= 7 and not false", True),
        ("penetapan['hadir'] % 2", 1),
        ("rab[1].uraian + ' gedung'", "Sewa gedung"),
        ("rab[-1].jumlah * 2 - 1 / 2", 5.5),
        ("n // 2 + 8 / 2", 7),
        ("nama in ['Rapat', 'Acara']", True),
        ("'ap' in nama and 'hadir' in penetapan and 'x' not in penetapan", True),
        ("'banyak' if len(rab) > 1 else 'satu'", "banyak"),
        ("max(1, n, 3) + min([4, 2]) + sum([1, 2]) + abs(-1)", 13),
        ("upper(nama) + str(n) + str(true)", "RAPAT7true"),
        ("round(2.345, 1) + int('4')", 6.3),
        ("any([false, ya]) and all([])", True),
        ("null", None),
        ("penetapan.tidak_ada", None),
        ("penetapan.alasan.panjang", None),
        ("penetapan.tidak_ada or 'kosong'", "kosong"),
        ("1 == true", False),
        ("\n  n\n  > 6\n", True),
    ],
)
def test_what_the_language_can_say(text: str, value: object) -> None:
    result = compile_expression(text).evaluate(DATA)
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "", "n ==", "__import__('os')", "nama.upper()", "(lambda: 1)()", "[x for x in rab]", "2 ** 9", "n is None",
        "{1: 2}", "f'{nama}'", "n := 3", "eval('1')", "rab[0:1]",
        "len(*rab)", "len(values=rab)", "~n", "1 + 2j", "b'x'", "...",
        "(1, 2)", "n << 3", "'a' 'b' @ n", "not " * 60 + "n", "(" * 300 + "n" + ")" * 300, "1" * 400, "n" * 2001,
        "\x00", "1e999", "\ud800", "print(1)", "nama.__class__.__mro__()", "1 if n",
    ],
)  # fmt: skip
def test_what_is_outside_the_language_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(BadExpression) as refused:
        compile_expression(text)
    assert refused.value.params["expression"] == text[:200]


@pytest.mark.parametrize(
    "text",
    [
        "tidak_ada", "tidak_ada.x", "nama.x", "n.x", "rab[2]", "rab['x']", "n + nama", "nama * 3", "n / 0", "n % 0",
        "9007199254740991 + 1", "nama < n", "ya + 1", "ya < 2", "3 in n", "len(n)", "sum(nama)", "min([])", "min(n)",
        "int('x')", "round(1, 999999999)", "max(1, 'a')", "-nama", "lower(n)", "len(n, n)",
    ],
)  # fmt: skip
def test_what_the_data_does_not_allow_fails_with_expression_and_cause(text: str) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression(text).evaluate(DATA)
    assert failed.value.params["expression"] == text
    assert failed.value.params["reason"]


def test_the_documentation_says_what_is_true() -> None:
    page = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text()
    data = json.loads(page.split("```json")[1].split("```")[0])
    rows = re.findall(r"^\| `(.+)` \| `(.+)` \|$", page, re.MULTILINE)
    assert len(rows) > 20
    for text, value in rows:
        assert canonical(compile_expression(text).evaluate(data)) == canonical(json.loads(value)), text


def test_texts_cannot_be_blown_up() -> None:
    data = {"a": "x" * 6000}
    with pytest.raises(ExpressionFailed, match="too long"):
        compile_expression("a + a").evaluate(data)


def test_python_attributes_are_only_keys() -> None:
    assert compile_expression("penetapan.__class__").evaluate(DATA) is None


@pytest.mark.parametrize(("text", "holds"), [("ya", True), ("penetapan.hadir_semua", False), ("n == 8", False)])
def test_a_condition_is_true_or_false_and_absent_is_false(text: str, holds: bool) -> None:
    assert compile_expression(text).holds(DATA) is holds


@pytest.mark.parametrize("text", ["nama", "n", "rab", "penetapan"])
def test_a_condition_that_is_neither_true_nor_false_is_an_error(text: str) -> None:
    with pytest.raises(ExpressionFailed, match="true or false"):
        compile_expression(text).holds(DATA)


def test_an_expression_knows_the_names_it_reads() -> None:
    expression = compile_expression("penetapan.keputusan == n and len(rab[0].uraian) > 1 or true")
    assert expression.reads == {"penetapan.keputusan", "n", "rab"}


def test_a_script_assigns_in_order_and_sees_what_it_assigned() -> None:
    script = compile_script("jumlah = sum([rab[0].jumlah, rab[1].jumlah])\nlebih = jumlah > n\njumlah = jumlah + 1")
    assert script.run(DATA) == {"jumlah": 6, "lebih": False}
    assert "jumlah" not in DATA


@pytest.mark.parametrize(
    "text",
    ["import os", "x.y = 1", "x = y = 1", "x += 1", "for a in rab: pass", "len = 1", "X = 1", "_x = 1", "true = 1",
     "x[0] = 1", "class A: pass", "x = 1; import os", "n", "x: int = 1"],
)  # fmt: skip
def test_a_script_holds_nothing_but_assignments(text: str) -> None:
    with pytest.raises(BadExpression):
        compile_script(text)


def test_a_script_that_fails_writes_nothing() -> None:
    data = Data({"n": 1})
    with pytest.raises(ExpressionFailed):
        Environment().execute("a = n\nb = a / 0", data)
    assert data == {"n": 1}


def test_spiffworkflow_evaluates_through_our_language_only() -> None:
    engine = PythonScriptEngine(environment=Environment())
    data = Data({"n": 1})
    assert engine.environment.evaluate("n + 1", data) == 2
    assert engine.environment.execute("m = n + 1", data)
    assert data == {"n": 1, "m": 2}
    with pytest.raises(BadExpression):
        engine.environment.evaluate("__import__('os').getcwd()", data)
    with pytest.raises(NotImplementedError):
        engine.environment.call_service(data)


@given(st.text(max_size=40) | st.text("nN01 .+-*/%()[]'\"<>=!,andorif elsot", max_size=40))
def test_no_text_breaks_the_parser_or_leaves_json(text: str) -> None:
    with suppress(BadExpression, ExpressionFailed):
        value = compile_expression(text).evaluate(DATA)
        assert value is None or isinstance(value, bool | int | float | str | list | dict)


@pytest.mark.parametrize("line", ["x = [x, x]", "x = x + x", "x = [x, 'teks', x]"])
def test_a_script_that_doubles_without_end_is_stopped_at_once(line: str) -> None:
    text = "x = ['a', 'b']\n" + f"{line}\n" * 60
    with pytest.raises(ExpressionFailed):
        compile_script(text).run({})
