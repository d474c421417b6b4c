"""What comes next in an SOP: the steps for people that follow one step, whatever lies between."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn import SCOPES, Element
from engine.definitions import Definition


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step that may follow, and the answers on the way to it ("Ya", "Tidak")."""

    element: Element
    answers: tuple[str, ...]


def ahead(definition: Definition, activity_id: str) -> list[Ahead]:
    """The next steps for people after `activity_id`, in the order of the diagram; none when the case ends."""
    found: dict[str, Ahead] = {}
    seen = {activity_id}
    ways: list[tuple[str, tuple[str, ...]]] = [(activity_id, ())]
    while ways:
        here, answers = ways.pop(0)
        for target, answer in _targets(definition, here):
            passed = (*answers, answer) if answer else answers
            element = definition.elements[target]
            if element.kind == "userTask":
                found.setdefault(target, Ahead(element, passed))
            elif target not in seen:
                seen.add(target)
                ways.append((target, passed))
    return list(found.values())


def _targets(definition: Definition, activity_id: str) -> Iterator[tuple[str, str]]:
    """Where a token goes from an element: along its flows, into a sub-process, or out of one."""
    element = definition.elements[activity_id]
    holders = [each for each in definition.elements.values() if each.kind in SCOPES]
    if element in holders:
        starts = (e.id for e in definition.elements.values() if e.scope == element.inside and e.kind == "startEvent")
        yield from ((start, "") for start in starts)
        return
    ends = element.kind == "endEvent"
    around = {each.id for each in holders if each.inside == element.scope} if ends else {activity_id}
    yield from ((flow.target, flow.name) for flow in definition.flows.values() if flow.source in around)
