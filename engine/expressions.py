"""The language of a model's conditions, parameters and scripts: a small interpreter, parsed once, never `eval`.

An expression reads the case's data and gives a JSON value. It knows names, numbers, texts, lists, comparison, `and`,
`or`, `not`, `in`, `+ - * / // %`, `a if c else b`, subscripts, dotted names and the functions below; a script is lines
of `name = expression`. There is no loop, and what is made is bounded, so size bounds are time bounds.

A dotted name looks a key up in an object. A name that the case does not have is an error; a key that an object does not
have is null, and so is everything inside null, because an optional field that was left empty is simply not there.
"""

import ast
import keyword
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment

from engine.errors import N_, AlurError
from engine.functions import ASKING, FUNCTIONS, Problem, applied, fail, made, number
from engine.functions import text as bounded

Data = Mapping[str, Any]
T = TypeVar("T")
Evaluate = Callable[[Data], Any]

LONGEST_TEXT = 2_000
DEEPEST = 50
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class BadExpression(AlurError):
    """A text outside the language; found when the model is deployed."""

    message = N_("“%(expression)s” cannot be used: %(reason)s (%(detail)s)")


class ExpressionFailed(AlurError):
    """An expression that could not be worked out with the data the case has."""

    message = N_("“%(expression)s” could not be worked out: %(reason)s (%(detail)s)")


class Expression:
    """A parsed expression; `reads` are the dotted names that it looks up, `asks` is whether it asks the calendar."""

    def __init__(self, text: str, node: ast.expr) -> None:
        self.text = text
        self._evaluate = _compile(node, 0)
        self.reads = frozenset(_reads(node))
        self.asks = any(isinstance(each, ast.Call) and _called(each) in ASKING for each in ast.walk(node))

    @property
    def constant(self) -> Any:
        """The value of an expression that reads and asks nothing; else None."""
        return None if self.reads or self.asks else self.evaluate({})

    def evaluate(self, data: Data) -> Any:
        """The value; raises `ExpressionFailed`."""
        try:
            return self._evaluate(data)
        except Problem as problem:
            reason, detail = problem.args
            raise ExpressionFailed(expression=self.text, reason=reason, detail=detail) from None

    def is_known(self, data: Data) -> bool:
        """Whether the data have all names that it reads."""
        return all(name.partition(".")[0] in data for name in self.reads)

    def holds(self, data: Data) -> bool:
        """Whether a condition is true. Null counts as false (a box nobody ticked); a text or number is an error."""
        value = self.evaluate(data)
        if value is None or isinstance(value, bool):
            return bool(value)
        reason = N_("a condition must be true or false")
        raise ExpressionFailed(expression=self.text, reason=reason, detail=repr(value)[:80])


class Script:
    """Parsed `assignments`, in order; `writes` are the names that they set."""

    def __init__(self, text: str, assignments: list[tuple[str, Expression]]) -> None:
        self.text = text
        self.assignments = tuple(assignments)
        self.writes = tuple(dict.fromkeys(name for name, _ in assignments))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What is assigned, in order."""
        return tuple(expression for _, expression in self.assignments)

    def run(self, data: Data) -> dict[str, Any]:
        """What to write into the case's data: all of it, or `ExpressionFailed` and nothing."""
        scope = dict(data)
        for name, expression in self.assignments:
            scope[name] = expression.evaluate(scope)
        return {name: scope[name] for name in self.writes}


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Parse an expression; raises `BadExpression`."""
    source = re.sub(r"[\r\n\t]", " ", text).strip()
    return _guarded(text, lambda: Expression(text, _parse(source, "eval").body))


@lru_cache(maxsize=1024)
def compile_script(text: str) -> Script:
    """Parse a script; raises `BadExpression`."""
    return _guarded(text, lambda: Script(text, [_assignment(line) for line in _parse(text, "exec").body]))


def is_field_name(name: str) -> bool:
    """Whether data may have this name: no word that means something in an expression."""
    taken = keyword.iskeyword(name) or name in FUNCTIONS or name in _CONSTANTS
    return _FIELD_NAME.fullmatch(name) is not None and not taken


class Environment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """All that SpiffWorkflow itself may evaluate, anywhere: our language, and no services."""

    def evaluate(self, expression: str, context: Data, external_context: Data | None = None) -> Any:
        """The value of an expression."""
        return compile_expression(expression).evaluate(context)

    def execute(self, script: str, context: Any, external_context: Data | None = None) -> bool:
        """Run a script's assignments on the data of a case, all or none."""
        context.put(compile_script(script).run(context))
        return True


def _guarded(text: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except Problem as problem:
        reason, detail = problem.args
    except SyntaxError as error:
        reason, detail = N_("it is not well-formed"), f"{error.lineno}:{error.offset}"
    except (ValueError, MemoryError, RecursionError):
        reason, detail = N_("it is not well-formed"), "1:1"
    raise BadExpression(expression=text[:200], reason=reason, detail=detail)


def _parse(text: str, mode: str) -> Any:
    if len(text) > LONGEST_TEXT:
        fail(N_("it is too long"), len(text))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, mode=mode)


def _assignment(line: ast.stmt) -> tuple[str, Expression]:
    match line:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if not is_field_name(name):
                fail(N_("this is not a name that data can have"), name)
            return name, Expression(ast.unparse(value), value)
    raise Problem(N_("a script is lines of name = expression"), type(line).__name__)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _reads(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            if name not in _CONSTANTS:
                yield name
        case ast.Attribute(value=ast.Name() | ast.Attribute() as value, attr=key):
            yield from (f"{name}.{key}" for name in _reads(value))
        case ast.Call(args=arguments):
            for argument in arguments:
                yield from _reads(argument)
        case _:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from _reads(child)


def _compile(node: ast.expr, depth: int) -> Evaluate:
    """Turn a node into a function of the data; what is not named here is not in the language."""
    if depth > DEEPEST:
        fail(N_("it is too complicated"), DEEPEST)

    def inner(child: ast.expr) -> Evaluate:
        return _compile(child, depth + 1)

    match node:
        case ast.Constant(value=None | bool() | str() | int() | float() as value):
            constant = value if value is None or isinstance(value, bool | str) else number(value)
            return lambda data: constant
        case ast.Name(id=name) if name in _CONSTANTS:
            return lambda data: _CONSTANTS[name]
        case ast.Name(id=name):
            return lambda data: data[name] if name in data else fail(N_("the case has no such name"), name)
        case ast.Attribute(value=value, attr=key):
            of = inner(value)
            return lambda data: _member(of(data), key)
        case ast.Subscript(value=value, slice=index) if not isinstance(index, ast.Slice):
            of, at = inner(value), inner(index)
            return lambda data: _member(of(data), at(data))
        case ast.List(elts=elements):
            items = [inner(element) for element in elements]
            return lambda data: made([item(data) for item in items])
        case ast.BoolOp(op=operator, values=values):
            return _either([inner(value) for value in values], stop_at=isinstance(operator, ast.Or))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            value_of = inner(operand)
            return lambda data: not value_of(data)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value_of = inner(operand)
            return lambda data: -number(value_of(data))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            apply, a, b = _OPERATORS[type(operator)], inner(left), inner(right)
            return lambda data: apply(a(data), b(data))
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARISONS for op in ops):
            tests = [_COMPARISONS[type(op)] for op in ops]
            return _chain(tests, [inner(left), *map(inner, others)])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            condition, yes, no = inner(test), inner(body), inner(orelse)
            return lambda data: yes(data) if condition(data) else no(data)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            function, of_each = FUNCTIONS[name], [inner(argument) for argument in arguments]
            return lambda data: applied(name, function, [argument(data) for argument in of_each])
    raise Problem(N_("this is not in the language of expressions"), ast.unparse(node))


def _either(values: list[Evaluate], stop_at: bool) -> Evaluate:
    def evaluate(data: Data) -> Any:
        result: Any = None
        for value in values:
            result = value(data)
            if bool(result) is stop_at:
                break
        return result

    return evaluate


def _chain(tests: list[Callable[[Any, Any], bool]], values: list[Evaluate]) -> Evaluate:
    def evaluate(data: Data) -> bool:
        left = values[0](data)
        for test, value in zip(tests, values[1:], strict=True):
            right = value(data)
            if not test(left, right):
                return False
            left = right
        return True

    return evaluate


def _member(of: Any, key: Any) -> Any:
    if of is None:
        return None
    if isinstance(of, dict) and isinstance(key, str):
        return of.get(key)
    if isinstance(of, list) and type(key) is int:
        return of[key] if -len(of) <= key < len(of) else fail(N_("the list is shorter"), key)
    raise Problem(N_("there is nothing of this name inside"), key)


def _numeric(operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(a: Any, b: Any) -> Any:
        try:
            return number(operate(number(a), number(b)))
        except ZeroDivisionError:
            fail(N_("division by zero"), repr(a))

    return apply


def _add(a: Any, b: Any) -> Any:
    if isinstance(a, list) and isinstance(b, list):
        return made(a + b)
    return bounded(a + b) if isinstance(a, str) and isinstance(b, str) else number(number(a) + number(b))


def _equal(a: Any, b: Any) -> bool:
    return isinstance(a, bool) is isinstance(b, bool) and bool(a == b)


def _in(item: Any, container: Any) -> bool:
    if isinstance(container, list):
        return any(_equal(item, each) for each in container)
    if isinstance(container, str | dict) and isinstance(item, str):
        return item in container
    return False if container is None else fail(N_("nothing can be in this"), repr(container))


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(a: Any, b: Any) -> bool:
        if isinstance(a, str) and isinstance(b, str):
            return compare(a, b)
        return compare(number(a), number(b))

    return test


_CONSTANTS = {"true": True, "false": False, "null": None}
_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _numeric(lambda a, b: a - b),
    ast.Mult: _numeric(lambda a, b: a * b),
    ast.Div: _numeric(lambda a, b: a / b),
    ast.FloorDiv: _numeric(lambda a, b: a // b),
    ast.Mod: _numeric(lambda a, b: a % b),
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: lambda a, b: not _equal(a, b),
    ast.Lt: _ordered(lambda a, b: a < b),
    ast.LtE: _ordered(lambda a, b: a <= b),
    ast.Gt: _ordered(lambda a, b: a > b),
    ast.GtE: _ordered(lambda a, b: a >= b),
    ast.In: _in,
    ast.NotIn: lambda a, b: not _in(a, b),
}
