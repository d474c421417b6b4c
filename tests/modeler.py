"""What designers' tools and docs/names.md say, made from the code's tables: `python -m tests.modeler` writes them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from docgen.names import LOOP
from docgen.wording import FILTERS
from engine.issuing import REGISTRY
from engine.language import translate
from engine.properties import ANY, EVENT, PARAMETERS, PROCESS, SUB_PROCESS, USER_TASK
from engine.worktime import parse_norm

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "web" / "static" / "modeler"
NAMES_PAGE = ROOT / "docs" / "names.md"
SCHEMA = "https://unpkg.com/@camunda/{}element-templates-json-schema/resources/schema.json"
FLAVOURS = ("camunda", "zeebe")
EVENTS = ("StartEvent", "IntermediateCatchEvent", "IntermediateThrowEvent", "BoundaryEvent", "EndEvent")
MESSAGES = (*EVENTS, "SendTask", "ReceiveTask")
PLAIN = ("ScriptTask", "ExclusiveGateway", "InclusiveGateway", "ParallelGateway",
         "EventBasedGateway", "ComplexGateway")  # fmt: skip
CHOICES = {
    "status": {"": "terbit (nomor dan tanda tangan)", "draft": "draf"},
    "with_files": {"": "tidak", "true": "ya"},
}
OPERATORS = {"docgen/render": "Terbitkan dokumen Word", "docgen/archive": "Arsipkan dokumen berkas (ZIP)"}
NEEDED = ("formJsonSchemaFilename", "dataKey")
LONG = ("dasar_hukum", "kualifikasi_pelaksana", "keterkaitan", "peralatan", "peringatan", "pencatatan", "keterangan")


def templates(flavour: str) -> list[Json]:
    """All templates of one flavour: `camunda` for Camunda 7, `zeebe` for Camunda 8."""
    made = [
        _template(flavour, "user-task", "Langkah orang dengan formulir", "UserTask", USER_TASK | ANY),
        _template(flavour, "process", "Kepala SOP", ("Process", "Collaboration"), PROCESS),
        _template(flavour, "event", "Kejadian atau pesan", MESSAGES, EVENT | ANY),
        _template(flavour, "part", "Bagian yang berulang", ("SubProcess", "CallActivity"), SUB_PROCESS | ANY),
        _template(flavour, "other", "Asal unsur", PLAIN, ANY),
    ]
    for name, operator in REGISTRY.items():
        template = _template(flavour, name.replace("/", "-"), OPERATORS[name], "ServiceTask", ANY)
        fields = _operator(flavour, name, operator.required, operator.optional)
        made.append({**template, "properties": [*fields, *template["properties"]]})
    return made if flavour == "camunda" else [*made, _timer()]


def _template(flavour: str, id_: str, name: str, of: str | Iterable[str], labels: Mapping[str, str]) -> Json:
    """A template for elements of some kinds; one for a kind of task also makes plain tasks into that kind."""
    kinds = ("Task", of) if isinstance(of, str) else of
    return {
        "$schema": SCHEMA.format("zeebe-" if flavour == "zeebe" else ""),
        "name": f"Alur: {name}",
        "id": f"alur.{id_}",
        "appliesTo": [f"bpmn:{kind}" for kind in kinds],
        **({"elementType": {"value": f"bpmn:{of}"}} if isinstance(of, str) else {}),
        **({"entriesVisible": True} if flavour == "camunda" else {}),  # else its panel asks for no repetition
        "properties": list(_properties(flavour, labels)),
    }


def _properties(flavour: str, labels: Mapping[str, str]) -> Iterator[Json]:
    for name, label in labels.items():
        field = _field(label, {"type": f"{flavour}:property", "name": name}, flavour == "zeebe", name in NEEDED)
        yield field | ({"type": "Text"} if name in LONG and flavour == "zeebe" else {})


def _operator(flavour: str, name: str, required: frozenset[str], optional: frozenset[str]) -> Iterator[Json]:
    eight = flavour == "zeebe"
    if eight:
        yield {"type": "Hidden", "value": name, "binding": {"type": "zeebe:taskDefinition", "property": "type"}}
    else:
        yield {"type": "Hidden", "value": "external", "binding": {"type": "property", "name": "camunda:type"}}
        yield {"type": "Hidden", "value": name, "binding": {"type": "property", "name": "camunda:topic"}}
    for parameter, label in PARAMETERS.items():
        if parameter in required | optional:
            binding = {"type": "zeebe:input" if eight else "camunda:inputParameter", "name": parameter}
            field = _field(label, binding, eight, parameter in required)
            yield field | (_choices(eight, parameter) if parameter in CHOICES else {})
    result = {"type": "zeebe:taskHeader", "key": "resultVariable"}
    label = "name under which its result is kept"
    yield _field(label, result if eight else {"type": "property", "name": "camunda:resultVariable"}, eight)


def _choices(eight: bool, parameter: str) -> Json:
    marked = {"true": "=true" if eight else "${true}"}
    choices = [{"name": name, "value": marked.get(value, value)} for value, name in CHOICES[parameter].items()]
    return {"type": "Dropdown", "choices": choices}


def _field(label: str, binding: Json, eight: bool, needed: bool = False) -> Json:
    told = translate(label, "id")
    field = {"label": told[:1].upper() + told[1:], "type": "String", "binding": binding}
    if needed:
        return {**field, "constraints": {"notEmpty": True}}
    return {**field, "optional": True} if eight else field


def _timer() -> Json:
    """Camunda 7 has no binding for it; its panel asks for the time itself."""
    template = _template("zeebe", "timer", "Menunggu", ["IntermediateCatchEvent"], ANY)
    binding = {"type": "bpmn:TimerEventDefinition#property", "name": "timeDuration"}
    field = {"label": "Lama menunggu, seperti PT2H atau P3D", "type": "String", "binding": binding}
    what = {"value": "bpmn:IntermediateCatchEvent", "eventDefinition": "bpmn:TimerEventDefinition"}
    return {**template, "elementType": what, "properties": [field, *template["properties"]]}


def text(flavour: str) -> str:
    """The file: one field a line."""
    made = json.dumps(templates(flavour), ensure_ascii=False, separators=(",", ": "))
    return made.replace('{"label"', '\n    {"label"').replace('{"$schema"', '\n  {"$schema"') + "\n"


def path(flavour: str) -> Path:
    """Where the file of a flavour lies."""
    return FOLDER / f"camunda-{'8' if flavour == 'zeebe' else '7'}.json"


def names() -> str:
    """The page docs/names.md."""
    groups = {"The SOP": PROCESS, "User tasks": USER_TASK, "Sub-processes and calls": SUB_PROCESS,
              "What sends or waits for messages": EVENT, "Anything": ANY}  # fmt: skip
    stated = "".join(f"\n**{group}**\n\n{_labels(labels)}" for group, labels in groups.items())
    operators = {name: sorted(each.required) + sorted(each.optional) for name, each in REGISTRY.items()}
    given = [(f"`{name}`", ", ".join(f"`{each}`" for each in taken)) for name, taken in operators.items()]
    filters = [(_call(name, each), (each.__doc__ or "").replace("|", "\\|")) for name, each in FILTERS.items()]
    norms = [(f"`{text}`", _norm(text)) for text in WAKTU]
    units = [(f"`{{%{unit} for r in rows %}}` … `{{%{unit} endfor %}}`", what) for unit, what in UNITS.items()]
    return PAGE.format(
        properties=stated,
        parameters=_labels(PARAMETERS),
        operators=_table(("operator", "takes"), given),
        filters=_table(("filter", "gives"), filters),
        units=_table(("tags", "repeat, or with `if` show"), units),
        loop=", ".join(f"`loop.{name}`" for name in sorted(LOOP)),
        norms=_table(("written", "is read as"), norms),
    )


def _labels(labels: Mapping[str, str]) -> str:
    rows = [(f"`{name}`", label, translate(label, "id")) for name, label in labels.items()]
    return _table(("name", "is", "in the element templates"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _call(name: str, function: Callable[..., Any]) -> str:
    """A filter with what it takes besides the field."""
    taken = ", ".join(list(signature(function).parameters)[1:])
    return f"`{name}({taken})`" if taken else f"`{name}`"


def _norm(text: str) -> str:
    norm = parse_norm(text)
    if norm is None:
        return "no standard time"
    hours = norm.effort.total_seconds() / 3600
    return f"{'about ' if norm.approximate else ''}{hours:g} hours of work"


WAKTU = ("± 1 Hari", "2 jam", "30 Menit", "1,5 hari kerja", "Disesuaikan")
UNITS = {"p": "whole paragraphs", "tr": "rows of a table", "tc": "cells of a row", "": "words inside a paragraph"}
PAGE = """# Names

The names that a model and a Word template may use. This page is made from the code's own tables by
`python -m tests.modeler`, and so are the element templates of [modelers.md](modelers.md).

## Properties

A property is a name with a value at an element: `spiffworkflow:property`, `camunda:property` or `zeebe:property`.
Those of the SOP are its cover: they stand in the header of the official form and on *Isi dan kelengkapannya*. Other
names may be added as `spiffworkflow:property`; nothing is done with them but to show them.
{properties}
`separate_from` names steps by their ids, and `keluarData` fields, with commas between them. A user task without
`aktivitas` is a row of its own in the official form only where no step has one. `keterangan` takes the place of
`keterkaitan` on the cover of an SOP that says it so.

## Standard time

`waktu` is a number and a unit, *menit*, *jam* or *hari* (*kerja*), with *±* in front if it is about. A day is 7.5
hours of work, counted in the office's working time. What is written otherwise is shown, and sets no deadline.

{norms}
## Automatic tasks

A service task names its operator and gives it parameters. In `spiffworkflow:parameter` each is an
[expression](expressions.md), so that a text stands in quotes; in the templates of Camunda Modeler a text stands as it
is, and an expression is marked, as `${{…}}` or `= …`.

{operators}
{parameters}
`resultVariable`, at the operator, is the name under which the result is kept in the case's data: of `docgen/render`
`nomor`, `tanggal` and `versi` of the document, of `docgen/archive` nothing. Later steps read it as `surat.nomor`.

## Word templates

A field is `{{{{ name.field }}}}`, a choice `{{% if … %}}` … `{{% elif … %}}` … `{{% else %}}` … `{{% endif %}}`. A
tag with a letter stands alone in its paragraph, row or cell, which then does not print.

{units}
In a loop there are {loop}. A filter stands behind a field: `{{{{ rapat.tanggal|tanggal }}}}`. Of an empty field it
makes nothing.

{filters}"""


if __name__ == "__main__":
    for flavour in FLAVOURS:
        path(flavour).write_text(text(flavour), encoding="utf-8")
    NAMES_PAGE.write_text(names(), encoding="utf-8")
