"""An SOP as its paper form has it, read from the model: activities, a symbol for each person's act, the flow."""

from collections.abc import Collection, Iterator

from docgen.sop_flow import Shape, Symbol
from docgen.sop_form import Row, SopForm
from engine.bpmn import Element
from engine.definitions import Definition

#: The properties of a process that the form's first page prints, under the labels of the regulation.
HEADER = {
    "nomor_sop": "Nomor SOP",
    "tanggal_pengesahan": "Tanggal Pengesahan",
    "disahkan_oleh": "Disahkan Oleh",
    "nama_sop": "Nama SOP",
}
NOTES = {
    "dasar_hukum": "Dasar Hukum",
    "kualifikasi_pelaksana": "Kualifikasi Pelaksana",
    "keterangan": "Keterangan",
    "peralatan": "Peralatan/ Perlengkapan",
    "peringatan": "Peringatan",
    "pencatatan": "Pencatatan/ Pendataan",
}
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


def paper_form(definition: Definition) -> SopForm:
    """The form. Where user tasks say their `aktivitas`, those of the same are one row, the others left out."""
    tasks = _shown(definition)
    rows = {_activity(task): task for task in reversed(tasks)}
    order = list(dict.fromkeys(map(_activity, tasks)))
    said = {"nama_sop": definition.name, **definition.properties}
    return SopForm(
        unit=said.get("unit", ""),
        header=[(label, said.get(name, "")) for name, label in HEADER.items()],
        notes=[(label, said.get(name, "")) for name, label in NOTES.items()],
        roles=definition.lanes,
        rows=[_row(rows[activity]) for activity in order],
        symbols=[_symbol(definition, task, order.index(_activity(task))) for task in tasks],
        flows=list(dict.fromkeys(_flows(definition, [task.id for task in tasks]))),
        legend=said.get("keterangan_gambar", ""),
    )


def _shown(definition: Definition) -> list[Element]:
    tasks = [e for e in definition.elements.values() if e.kind == "userTask" and e.lane]
    return [task for task in tasks if task.properties.get("aktivitas")] or tasks


def _activity(task: Element) -> str:
    return task.properties.get("aktivitas") or task.name


def _row(task: Element) -> Row:
    said = task.properties
    return Row(_activity(task), said.get("kelengkapan", ""), said.get("waktu", ""), said.get("keluaran", ""))


def _symbol(definition: Definition, task: Element, row: int) -> Symbol:
    return Symbol(task.id, row, definition.lanes.index(task.lane or ""), _shape(definition, task.id))


def _shape(definition: Definition, task: str) -> Shape:
    """A diamond where the person's answer says how it goes on, round where the SOP begins or nobody follows."""
    flows, elements = definition.flows.values(), definition.elements
    if any(flow.source == task and elements[flow.target].kind in CHOICES for flow in flows):
        return "decision"
    begins = any(flow.target == task and elements[flow.source].kind == "startEvent" for flow in flows)
    people = {element.id for element in elements.values() if element.kind == "userTask"}
    return "terminator" if begins or not any(_next(definition, task, people)) else "process"


def _flows(definition: Definition, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    for task in shown:
        yield from ((task, after) for after in _next(definition, task, shown) if after != task)


def _next(definition: Definition, task: str, shown: Collection[str]) -> Iterator[str]:
    """The tasks on the form that come next, past everything that it does not show."""
    seen, waiting = {task}, [task]
    while waiting:
        here = waiting.pop()
        for target in [flow.target for flow in definition.flows.values() if flow.source == here]:
            if target in shown:
                yield target
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
