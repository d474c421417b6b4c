"""What a template may say, and the fields that it names.

Jinja is a programming language; a template may use the little of it that fills a letter: fields, our filters,
conditions and loops. Anything else is refused by name. The same walk collects the fields, so that a deployment can
compare them with the forms: in `{% for r in rencana.rab %}{{ r.uraian }}` the field is `rencana.rab.uraian`.
"""

from collections.abc import Collection, Iterator

from jinja2 import nodes

from docgen.errors import N_, Problem

_EXPRESSIONS = (
    nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.CondExpr,
)  # fmt: skip
_STATEMENTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For)
LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex"})
#: Filters whose text arguments are fields of the rows that they are given.
ROW_FILTERS = frozenset({"jumlah", "banyak"})
_TEXT = "\0text"

# A variable's field; None for what has no name of its own.
Scope = dict[str, str | None]


class Reader:
    """Walks one part's syntax tree."""

    def __init__(self, filters: Collection[str]) -> None:
        self.names: set[str] = set()
        self.problems: list[tuple[int, Problem]] = []
        self._filters = filters
        self._texts: dict[str, str] = {}  # which field a loop over the lines of a text runs over

    def read(self, tree: nodes.Template) -> None:
        """Collect the names of a whole part and what it may not say."""
        self._statements(tree.body, {}, None)

    def _refuse(self, node: nodes.Node, msgid: str, **params: object) -> None:
        self.problems.append((node.lineno, Problem(msgid, params)))

    def _statements(self, body: list[nodes.Node], scope: Scope, row: str | None) -> None:
        for node in body:
            if not isinstance(node, _STATEMENTS):
                self._refuse(node, N_("A template may not use “%(what)s”."), what=type(node).__name__)
            elif isinstance(node, nodes.For):
                self._loop(node, scope, row)
            elif isinstance(node, nodes.If):
                self._expression(node.test, scope)
                for branch in (node.body, node.elif_, node.else_):
                    self._statements(list(branch), scope, row)
            elif isinstance(node, nodes.Output):
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        self._expression(child, scope)

    def _loop(self, node: nodes.For, scope: Scope, row: str | None) -> None:
        if not isinstance(node.target, nodes.Name) or node.recursive:
            self._refuse(node, N_("A loop takes one name, as in: for row in rows."))
            return
        variable = node.target.name
        if row is not None and row not in {name.name for name in node.iter.find_all(nodes.Name)} | _root(node.iter):
            # Otherwise a few nested loops over the same rows would run for hours.
            self._refuse(node, N_("A loop inside a loop must run over the outer loop's “%(row)s”."), row=row)
        field = self._expression(node.iter, scope)
        inner = {**scope, variable: _TEXT if isinstance(node.iter, nodes.Filter) else field, "loop": "\0loop"}
        if node.test:
            self._expression(node.test, inner)
        self._statements(list(node.body), inner, variable)
        self._statements(list(node.else_), scope, row)

    def _expression(self, node: nodes.Node, scope: Scope) -> str | None:
        """Record what an expression names; the field that it is, when it is one."""
        if not isinstance(node, _EXPRESSIONS):
            self._refuse(node, N_("A template may not use “%(what)s”."), what=type(node).__name__)
            return None
        if isinstance(node, nodes.Filter):
            self._filter(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            field = self._field(node, scope)
            if field is not None and not field.startswith("\0"):
                self.names.add(field)
            return field
        else:
            for child in node.iter_child_nodes():
                self._expression(child, scope)
        return None

    def _field(self, node: nodes.Node, scope: Scope) -> str | None:
        match node:
            case nodes.Name(name=name) if not name.startswith("_"):
                return scope.get(name, name)
            case nodes.Getitem(node=inner, arg=nodes.Const(value=int())):
                return self._field(inner, scope)
            case nodes.Getattr(node=inner, attr=attr) if not attr.startswith("_"):
                base = self._field(inner, scope)
                if base == "\0loop" and attr in LOOP:
                    return None
                if base is not None and not base.startswith("\0"):
                    return f"{base}.{attr}"
        shown = node.attr if isinstance(node, nodes.Getattr) else getattr(node, "name", "[…]")
        self._refuse(node, N_("“%(name)s” is not a field."), name=shown)
        return None

    def _filter(self, node: nodes.Filter, scope: Scope) -> None:
        if node.name not in self._filters:
            self._refuse(node, N_("There is no filter named “%(name)s”."), name=node.name)
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            self._refuse(node, N_("Arguments of “%(name)s” are given in order."), name=node.name)
        field = self._expression(node.node, scope) if node.node else None
        for argument in node.args:
            self._expression(argument, scope)
            if field and node.name in ROW_FILTERS and isinstance(argument, nodes.Const):
                self.names.add(f"{field}.{argument.value}")


#: What a traced document has around each value: its beginning, and its end with the name of its field.
BEGIN, NAME, END = "\ue000", "\ue001", "\ue002"


class Tracer(Reader):
    """Reads a part so that what it prints says of each value from which field it came."""

    def _statements(self, body: list[nodes.Node], scope: Scope, row: str | None) -> None:
        super()._statements(body, scope, row)
        for node in body:
            if isinstance(node, nodes.Output):
                node.nodes = [each for child in node.nodes for each in self._marked(child, scope)]

    def _marked(self, child: nodes.Expr, scope: Scope) -> Iterator[nodes.Expr]:
        if isinstance(child, nodes.TemplateData):
            yield child
            return
        yield nodes.TemplateData(BEGIN, lineno=child.lineno)
        yield child
        yield nodes.TemplateData(f"{NAME}{self._origin(child, scope)}{END}", lineno=child.lineno)

    def _origin(self, node: nodes.Node, scope: Scope) -> str:
        """The field that a value was made of."""
        while isinstance(node, nodes.Filter) and node.node is not None:
            node = node.node
        if isinstance(node, nodes.CondExpr):
            node = node.expr1
        named = isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem)
        field = self._field(node, scope) if named else None
        if field == _TEXT and isinstance(node, nodes.Name):
            return self._texts.get(node.name, "")
        return "" if field is None or field.startswith("\0") else field

    def _loop(self, node: nodes.For, scope: Scope, row: str | None) -> None:
        if isinstance(node.iter, nodes.Filter) and isinstance(node.target, nodes.Name):
            self._texts[node.target.name] = self._origin(node.iter, scope)
        super()._loop(node, scope, row)


def _root(node: nodes.Node) -> set[str]:
    return {node.name} if isinstance(node, nodes.Name) else set()
