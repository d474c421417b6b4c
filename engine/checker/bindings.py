"""Whether what a model names is there: lanes, forms, templates, operators, and the data that expressions read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from docgen.render import TemplateInvalid, compile_template
from engine.bpmn import Element, Event, Loop, Process
from engine.checker.findings import Finding, Place, finding, in_file
from engine.checker.scopes import Visible, given
from engine.errors import N_
from engine.expressions import (
    BadExpression,
    Expression,
    ExpressionFailed,
    compile_expression,
    compile_script,
    is_field_name,
)
from engine.times import is_literal
from engine.worktime import is_norm_or_none
from forms.schema import Form, FormInvalid, expressions, field_names, read_form
from forms.signed_copies import copied_activities

# What a template finds beside the case's data, so that no data may have these names. The lines of the letterhead are
# the office's own.
CONTEXT: Mapping[str, frozenset[str] | None] = {
    "kop": None,
    "dokumen": frozenset({"nomor", "kode", "tanggal", "versi", "status", "jenis"}),
    "penanda_tangan": frozenset({"garis_kewenangan", "jabatan", "nama", "pangkat", "nip", "waktu", "langkah"}),
    "kasus": frozenset({"id", "judul", "kepala_riwayat", "kode"}),
    "berkas": frozenset({"no", "nama", "judul", "jenis", "nomor", "tanggal", "sha256"}),
}
# What a multi-instance activity knows of itself while it goes on.
COUNTS = frozenset(f"{of}{what}Instances" for of in ("nrOf", "numberOf") for what in ("", "Active", "Completed"))


class OperatorSignature(Protocol):
    """The parameters a service task may give to an operator."""

    @property
    def required(self) -> frozenset[str]:
        """Those it must give."""

    @property
    def optional(self) -> frozenset[str]:
        """Those it may leave out."""


Operators = Mapping[str, OperatorSignature]


def files_named(element: Element) -> Iterator[str]:
    """The forms and the template that an element names; they are looked up among the deployed files, never a path."""
    if element.kind == "userTask":
        for name in ("formJsonSchemaFilename", "formUiSchemaFilename"):
            if element.properties.get(name):
                yield element.properties[name]
    template = _template(element)
    if template:
        yield template


def binding_findings(
    processes: Sequence[Process], files: Mapping[str, bytes], operators: Operators | None, own: frozenset[str]
) -> Iterator[Finding]:
    """All findings about what the elements of processes name that share their data, but in the scopes of `own`."""
    bindings = _Bindings(processes, files, operators, Visible(processes, own))
    yield from in_file(processes[0].file, _starters(processes))
    for process in processes:
        yield from in_file(process.file, _lanes(process))
        for element in process.elements:
            yield from in_file(process.file, bindings.findings(element))
        yield from in_file(process.file, bindings.conditions(process))
    for process in processes:
        yield from in_file(process.file, bindings.unknown_names(process))


def _starters(processes: Sequence[Process]) -> Iterator[Finding]:
    """What people start has a lane, if only in what it calls."""
    first, starts = processes[0], [e for e in processes[0].elements if e.kind == "startEvent" and e.event is None]
    by_hand = any(start.scope == first.id for start in starts)
    if by_hand and not any(lane.name for process in processes for lane in process.lanes):
        yield finding("no_lanes", first)


def _lanes(process: Process) -> Iterator[Finding]:
    lanes_of: dict[str, list[str]] = defaultdict(list)
    for lane in process.lanes:
        for member in lane.members:
            lanes_of[member].append(lane.name)
        if lane.members and not lane.name:
            yield finding("unnamed_lane", Place("", "", lane.line))
    for element in process.elements:
        lanes = lanes_of[element.id]
        if len(lanes) > 1:
            yield finding("two_lanes", element, lanes=", ".join(lanes))
        elif element.kind == "userTask" and not lanes and not element.lane:
            yield finding("no_lane", element)


class _Bindings:
    """Goes through the elements once; what they read and write is compared at the end."""

    def __init__(
        self, processes: Sequence[Process], files: Mapping[str, bytes], operators: Operators | None, visible: Visible
    ) -> None:
        self.files, self.operators, self.visible = files, operators, visible
        elements = [element for process in processes for element in process.elements]
        self.user_tasks = {element.id for element in elements if element.kind == "userTask"}
        self.issuing = {element.id for element in elements if "template" in element.parameters}
        # By name, the scopes in which it is written; `open` are those whose fields we cannot know: results, scripts.
        self.written: Mapping[str, set[str]] = defaultdict(set)
        self.open: Mapping[str, set[str]] = defaultdict(set)
        self.reads: Mapping[tuple[str, bool], list[frozenset[str]]] = defaultdict(list)  # by element, and if outside it
        self.templates: dict[str, tuple[str, frozenset[str]]] = {}

    def findings(self, element: Element) -> Iterator[Finding]:
        """What this element names."""
        for name in files_named(element):
            if name not in self.files:
                yield finding("missing_file", element, file=name)
        if not is_norm_or_none(element.properties.get("waktu", "")):
            yield finding("unread_time", element, time=element.properties["waktu"])
        yield from self._separation(element)
        if element.kind == "userTask":
            yield from self._user_task(element)
        elif element.kind == "serviceTask":
            yield from self._service_task(element)
        elif element.kind == "scriptTask":
            yield from self._script_task(element)
        if element.loop is not None:
            yield from self._loop(element, element.loop)
        for event in element.events:
            yield from self._event(element, event)
        yield from self._assignments(element)
        if element.activation:
            yield from self._expression(element, element.activation, own=frozenset({"activationCount"}))
        if element.adhoc is not None and element.adhoc.condition:
            yield from self._expression(element, element.adhoc.condition)

    def conditions(self, process: Process) -> Iterator[Finding]:
        """The conditions on flows."""
        elements = {element.id: element for element in process.elements}
        for flow in process.flows:
            if flow.condition is not None and flow.source in elements:
                yield from self._expression(elements[flow.source], flow.condition, outside=True)

    def unknown_names(self, process: Process) -> Iterator[Finding]:
        """What is read, in expressions and templates, and written nowhere."""
        for element in process.elements:
            for outside in (False, True):
                seen = self.visible.seen_by(element, outside)
                for name in sorted(frozenset().union(*self.reads[element.id, outside])):
                    yield from self._unknown(element, name, seen, "unknown_name")
            for name in given(element):
                if element.id not in self._scopes_of(name):
                    yield finding("unknown_name", element, field=name)
            seen = self.visible.seen_by(element)
            template, names = self.templates.get(element.id, ("", frozenset()))
            for name in sorted(names):
                if not _is_context(name):
                    yield from self._unknown(element, name, seen, "unknown_field", file=template)

    def _unknown(self, element: Element, name: str, seen: set[str], code: str, **params: str) -> Iterator[Finding]:
        scopes = self._scopes_of(name)
        if not scopes:
            yield finding(code, element, field=name, **params)
        elif scopes.isdisjoint(seen):
            yield finding("kept_inside", element, field=name)

    def _scopes_of(self, name: str) -> set[str]:
        """The scopes in which a name is written."""
        return self.written.get(name, set()) | self.open.get(name.partition(".")[0], set())

    def _opens(self, names: Iterable[str], scopes: set[str]) -> None:
        for name in names:
            self.open[name] |= scopes

    def _separation(self, element: Element) -> Iterator[Finding]:
        if element.separate_from and element.kind != "userTask":
            yield finding("separation_misplaced", element)
        for name in element.separate_from:
            if name not in self.user_tasks - {element.id}:
                yield finding("unknown_separation", element, activity=name)

    def _user_task(self, element: Element) -> Iterator[Finding]:
        key = element.properties.get("dataKey", "")
        if not key:
            yield finding("no_data_key", element)
        elif not _is_key(key):
            yield finding("bad_data_key", element, key=key)
        schema, ui = (element.properties.get(f"form{part}SchemaFilename", "") for part in ("Json", "Ui"))
        if not schema:
            yield finding("no_form", element)
        try:
            form = read_form(self.files[schema], self.files[ui] if ui else None)
        except KeyError:
            self._opens([key], self.visible.around(element))
        except FormInvalid as invalid:
            self._opens([key], self.visible.around(element))
            for problem in invalid.problems:
                file = schema if problem.source == "schema" else ui
                yield finding(
                    "bad_form", element, problem.message, **{**problem.params, "file": file, "pointer": problem.pointer}
                )
        else:
            yield from self._form(element, form, key)

    def _form(self, element: Element, form: Form, key: str) -> Iterator[Finding]:
        fields = field_names(form)
        for name in {key} | {f"{key}.{name}" for name in fields} if key else fields:
            self.written[name] |= self.visible.around(element)
        for _, text in expressions(form):
            yield from self._expression(element, text, own=fields)
            if _asks(text):
                reason = N_("a form cannot ask the office's calendar")
                yield finding("bad_expression", element, expression=text, reason=reason, detail="workdays, today")
        for _, activity in copied_activities(form):
            if activity not in self.issuing:
                yield finding("unknown_signed_copy", element, activity=activity)

    def _service_task(self, element: Element) -> Iterator[Finding]:
        if not element.operator:
            yield finding("no_operator", element)
            return
        for text in element.parameters.values():
            yield from self._expression(element, text)
        if "template" in element.parameters:
            yield from self._template(element)
        if element.result:
            if not _is_key(element.result):
                yield finding("bad_data_key", element, key=element.result)
            self._opens([element.result], self.visible.around(element))
        for signer in _signers(element):
            if signer not in self.user_tasks:
                yield finding("unknown_signatory", element, signer=signer)
        if self.operators is not None:
            yield from _signature(element, element.operator, self.operators)

    def _template(self, element: Element) -> Iterator[Finding]:
        name = _template(element)
        if name is None:
            yield finding("template_not_fixed", element)
        elif name in self.files:
            try:
                self.templates[element.id] = name, compile_template(self.files[name], name).names
            except TemplateInvalid as invalid:
                for problem in invalid.problems:
                    place = f" (“{problem.place}”)" if problem.place else ""
                    params = {**problem.params, "file": name, "place": place}
                    yield finding("bad_template", element, problem.msgid, **params)

    def _script_task(self, element: Element) -> Iterator[Finding]:
        if not element.script:
            yield finding("no_script", element)
            return
        try:
            script = compile_script(element.script)
        except BadExpression as bad:
            yield finding("bad_expression", element, **bad.params)
        else:
            self._opens(script.writes, self.visible.around(element))
            self._reads(element, script.expressions)

    def _assignments(self, element: Element) -> Iterator[Finding]:
        """What comes in is of its own scope, where it has one; what goes out is of that around it."""
        self._opens((name for name, _ in element.before), self.visible.inside(element))
        self._opens((*(name for name, _ in element.after), *given(element)), self.visible.around(element))
        for name, text in (*element.before, *element.after):
            if not _is_key(name):
                yield finding("bad_data_key", element, key=name)
            yield from self._expression(element, text)
        for name in given(element):
            if not _is_key(name):
                yield finding("bad_data_key", element, key=name)

    def _loop(self, element: Element, loop: Loop) -> Iterator[Finding]:
        self._opens(filter(None, (loop.item, loop.result)), self.visible.inside(element))
        self._opens(filter(None, (loop.results,)), self.visible.around(element))
        for text in filter(None, (loop.collection, loop.cardinality, loop.condition)):
            yield from self._expression(element, text, own=COUNTS, outside=True)

    def _event(self, element: Element, event: Event) -> Iterator[Finding]:
        if event.variable:
            if not _is_key(event.variable):
                yield finding("bad_data_key", element, key=event.variable)
            self._opens([event.variable], self.visible.around(element))
        if event.expression and not (event.kind == "timer" and is_literal(event.expression)):
            yield from self._expression(element, event.expression, outside=True)
        if element.properties.get("correlation"):
            yield from self._expression(element, element.properties["correlation"], outside=True)

    def _expression(
        self, element: Element, text: str, own: frozenset[str] = frozenset(), outside: bool = False
    ) -> Iterator[Finding]:
        try:
            expression = compile_expression(text)
        except BadExpression as bad:
            yield finding("bad_expression", element, **bad.params)
        else:
            self._reads(element, [expression], own, outside)

    def _reads(
        self,
        element: Element,
        read: Iterable[Expression],
        own: frozenset[str] = frozenset(),
        outside: bool = False,
    ) -> None:
        self.reads[element.id, outside] += [expression.reads - own - {"loopCounter"} for expression in read]


def _asks(text: str) -> bool:
    try:
        return compile_expression(text).asks
    except BadExpression:
        return False


def _template(element: Element) -> str | None:
    """The name of the template file, when it is written as a text in quotes."""
    name = constant(element, "template")
    return name if isinstance(name, str) else None


def _signers(element: Element) -> list[str]:
    """The user tasks whose actors sign, when they are written down."""
    signers = constant(element, "signed_by")
    return [str(signer) for signer in (signers if isinstance(signers, list) else [signers]) if signer is not None]


def constant(element: Element, parameter: str) -> Any:  # noqa: ANN401 - JSON
    """What a service task's parameter always is; None for one that is worked out, or not there."""
    if element.kind != "serviceTask" or parameter not in element.parameters:
        return None
    try:
        return compile_expression(element.parameters[parameter]).constant
    except (BadExpression, ExpressionFailed):
        return None


def _is_context(name: str) -> bool:
    root, _, field = name.partition(".")
    fields = CONTEXT.get(root)
    return root in CONTEXT and (not field or fields is None or field in fields)


def _is_key(name: str) -> bool:
    return is_field_name(name) and name not in CONTEXT


def _signature(element: Element, operator: str, operators: Operators) -> Iterator[Finding]:
    signature = operators.get(operator)
    if signature is None:
        yield finding("unknown_operator", element, operator=operator, known=", ".join(sorted(operators)))
        return
    given = frozenset(element.parameters)
    for name in sorted(signature.required - given):
        yield finding("missing_parameter", element, operator=operator, parameter=name)
    for name in sorted(given - signature.required - signature.optional):
        yield finding("unknown_parameter", element, operator=operator, parameter=name)
