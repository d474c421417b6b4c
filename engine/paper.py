"""An SOP as its paper form has it, read from the model: activities, a symbol for each person's act, the flow."""

from collections import ChainMap
from collections.abc import Collection, Iterator, Sequence

from docgen.sop_flow import Shape, Symbol
from docgen.sop_form import Row, SopForm, write_sop_form
from engine.bpmn import Element
from engine.definitions import Definition
from engine.properties import HEADER, NOTES

CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


def word_form(definition: Definition) -> bytes:
    """The form as a Word file."""
    return write_sop_form(paper_form(definition), definition.name)


def paper_form(definition: Definition) -> SopForm:
    """The form. Where user tasks say their `aktivitas`, those of the same are one row, the others left out."""
    tasks = _shown(definition)
    order = list(dict.fromkeys(map(_activity, tasks)))
    said = {"nama_sop": definition.name, **definition.properties}
    # What the regulation calls keterkaitan is keterangan where the SOP says so.
    silent = next((name for name in ("keterangan", "keterkaitan") if not said.get(name)), None)
    return SopForm(
        unit=said.get("unit", ""),
        header=[(label, said.get(name, "")) for name, label in HEADER.items()],
        notes=[(label, said.get(name, "")) for name, label in NOTES.items() if name != silent],
        roles=definition.lanes,
        rows=[_row(activity, tasks) for activity in order],
        symbols=[_symbol(definition, task, order.index(_activity(task))) for task in tasks],
        flows=list(dict.fromkeys(_flows(definition, [task.id for task in tasks]))),
        legend=said.get("keterangan_gambar", ""),
    )


def _shown(definition: Definition) -> list[Element]:
    tasks = [e for e in definition.elements.values() if e.kind == "userTask" and e.lane]
    return [task for task in tasks if task.properties.get("aktivitas")] or tasks


def _activity(task: Element) -> str:
    return task.properties.get("aktivitas") or task.name


def _row(activity: str, tasks: Sequence[Element]) -> Row:
    said = ChainMap(*(dict(task.properties) for task in tasks if _activity(task) == activity))
    return Row(activity, *(said.get(name, "") for name in ("kelengkapan", "waktu", "keluaran", "ket")))


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
