"""What an event waits for or throws, and how often an activity is done, read from their XML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.bpmn.values import AdHoc, Event, Loop, truth
from engine.bpmn.vocabulary import BPMN, SPIFF

_DEFINITION = "EventDefinition"
_CODES = {"error": "errorCode", "escalation": "escalationCode"}


@dataclass(frozen=True, slots=True)
class Names:
    """What events refer to by id, anywhere in the file."""

    named: Mapping[str, Any]
    associations: Mapping[str, str]

    @classmethod
    def of(cls, root: Any) -> "Names":
        """The messages, signals, errors, escalations, event definitions and data objects of a file."""
        drawn = root.iter(f"{BPMN}association")
        ends = {node.get("sourceRef", "").strip(): node.get("targetRef", "").strip() for node in drawn}
        return cls({node.get("id"): node for node in root.iter(etree.Element) if node.get("id")}, ends)

    def associated(self, node: Any) -> str:
        """What an association leads to from a node."""
        return self.associations.get(node.get("id", ""), "").rpartition(":")[2]

    def find(self, reference: str | None) -> Any:
        """The element of that id, with or without a prefix; None when there is none."""
        reference = (reference or "").strip()
        found = self.named.get(reference)
        return self.named.get(reference.rpartition(":")[2]) if found is None else found


def read_event(node: Any, names: Names) -> Event | None:
    """The event definition of a node; several of them are of the kind `multiple`."""
    definitions = [child for child in node.iterchildren(etree.Element) if _is_definition(child)]
    for reference in node.iterchildren(f"{BPMN}eventDefinitionRef"):
        found = names.find(reference.text)
        definitions.append(reference if found is None else found)
    if not definitions:
        return None
    if len(definitions) == 1:
        return _event(definitions[0], node, names)
    parts = tuple(_event(definition, node, names) for definition in definitions)
    return Event("multiple", parts=parts, every=truth(node.get("parallelMultiple")))


def read_message(node: Any, names: Names) -> Event:
    """What a send or receive task sends or receives."""
    return _with_payload(Event("message"), node, node.get("messageRef"), names)


def read_loop(node: Any, names: Names) -> Loop | None:
    """The loop of an activity."""
    standard = node.find(f"{BPMN}standardLoopCharacteristics")
    if standard is not None:
        return Loop(
            "standard",
            condition=text(standard, "loopCondition"),
            test_before=truth(standard.get("testBefore")),
            maximum=standard.get("loopMaximum", "").strip(),
        )
    several = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if several is None:
        return None
    return Loop(
        "sequential" if truth(several.get("isSequential")) else "parallel",
        condition=text(several, "completionCondition"),
        cardinality=text(several, "loopCardinality"),
        collection=_data(text(several, "loopDataInputRef"), names),
        item=_item(several, "inputDataItem"),
        results=_data(text(several, "loopDataOutputRef"), names),
        result=_item(several, "outputDataItem"),
        behavior=several.get("behavior", "All"),
        thrown=_thrown(several, node, names),
    )


def read_adhoc(node: Any) -> AdHoc:
    """How an ad-hoc sub-process goes on."""
    return AdHoc(
        sequential=node.get("ordering", "Parallel") == "Sequential",
        condition=text(node, "completionCondition"),
        cancels=truth(node.get("cancelRemainingInstances"), True),
    )


def assignments(node: Any, tag: str) -> tuple[tuple[str, str], ...]:
    """What the data associations of a node assign: names, and the expressions that give their values."""
    found = node.iterfind(f"{BPMN}{tag}/{BPMN}assignment")
    return tuple((text(each, "to"), text(each, "from")) for each in found)


def _thrown(several: Any, node: Any, names: Names) -> Event | None:
    """The event that instances throw when they are done."""
    reference = several.get(f"{several.get('behavior', 'All').lower()}BehaviorEventRef")
    definition = names.find(reference)
    return _event(definition, node, names) if reference and definition is not None else None


def text(node: Any, tag: str) -> str:
    """The text inside the first child of that tag."""
    child = node.find(f"{BPMN}{tag}")
    return "" if child is None else "".join(child.itertext()).strip()


def _is_definition(node: Any) -> bool:
    return str(node.tag).startswith(BPMN) and str(node.tag).endswith(_DEFINITION)


def _event(definition: Any, node: Any, names: Names) -> Event:
    kind = etree.QName(definition).localname.removesuffix(_DEFINITION)
    if kind == "timer":
        timers = [child for child in definition.iterchildren(etree.Element) if "time" in str(child.tag)]
        how = etree.QName(timers[0]).localname if len(timers) == 1 else ""
        return Event(kind, timer=how, expression=text(definition, how) if how else "")
    if kind == "conditional":
        return Event(kind, expression=text(definition, "condition"))
    if kind == "compensate":
        return Event(kind, definition.get("activityRef", "").strip().rpartition(":")[2])
    if kind == "link":
        return Event(kind, name=(definition.get("name") or node.get("name") or "").strip())
    return _with_payload(Event(kind), definition, definition.get(f"{kind}Ref"), names)


def _with_payload(event: Event, node: Any, reference: str | None, names: Names) -> Event:
    named = names.find(reference)
    code = None if named is None else named.get(_CODES.get(event.kind, "name"))
    name = (code or (named.get("id") if named is not None else "")).strip()
    places = [place for place in (node, named) if place is not None]
    payload = [_extension(place, tag) for place in places for tag in ("messagePayload", "payloadExpression")]
    variable = [_extension(place, tag) for place in places for tag in ("messageVariable", "variableName")]
    return Event(event.kind, name, "", next(filter(None, payload), ""), next(filter(None, variable), ""))


def _extension(node: Any, tag: str) -> str:
    child = node.find(f"{BPMN}extensionElements/{SPIFF}{tag}")
    return "" if child is None else "".join(child.itertext()).strip()


def _item(node: Any, tag: str) -> str:
    item = node.find(f"{BPMN}{tag}")
    return "" if item is None else (item.get("name") or item.get("id") or "").strip()


def _data(reference: str, names: Names) -> str:
    """The name of the data that a reference means: a data object's, or the expression itself."""
    found = names.find(reference)
    if found is not None and found.get("dataObjectRef"):
        return str(found.get("dataObjectRef")).strip()
    return reference
