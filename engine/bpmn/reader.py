"""From a file's bytes to its processes.

Only the bytes given are read: no network, no DTD, no entity. Nothing here raises for a strange model, only for what is
not XML at all; what we do not know is collected as `Foreign`, so that a refusal can name it and its line.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from engine.bpmn.normal import normalise
from engine.bpmn.parts import Names, assignments, read_adhoc, read_event, read_loop, read_message, text
from engine.bpmn.values import BadBpmn, Change, Element, Flow, Foreign, Lane, Process, label, truth
from engine.bpmn.vocabulary import (
    ACTIVITIES,
    BPMN,
    CARRIED,
    DECORATION,
    EVENT_PARTS,
    EVENTS,
    FLOW_PARTS,
    GATEWAY_PARTS,
    LANE_PARTS,
    LOOP_TAGS,
    NODE_PARTS,
    NODES,
    PARTS,
    PLAIN_ATTRIBUTES,
    POOL_PARTS,
    PROCESS_PARTS,
    ROOT_PARTS,
    SAME,
    SCRIPT_FORMATS,
    SPIFF,
)
from engine.errors import N_

LARGEST_FILE = 5_000_000
_OF_SCOPES = NODE_PARTS | LOOP_TAGS | {"completionCondition"}
MOST_PARTS = 10_000
DEEPEST = 20


def read_bpmn(content: bytes) -> tuple[list[Process], list[Foreign]]:
    """The file's processes, and what stands beside them that we do not know; raises `BadBpmn`."""
    root = _root(content)
    strange: list[Foreign] = []
    if root.tag != f"{BPMN}definitions":
        return [], strange
    changes = normalise(root)
    for child in root.iterchildren(etree.Element):
        if child.tag == f"{BPMN}collaboration":
            strange += _strangers(child, POOL_PARTS)
        elif _tag(child) not in ROOT_PARTS and not _tag(child).endswith("EventDefinition"):
            strange.append(_foreign(child))
    names = Names.of(root)
    nodes = list(root.iterchildren(f"{BPMN}process"))
    processes = [_Reader(node, names).process(changes[node.get("id")]) for node in nodes]
    if sum(len(process.elements) + len(process.flows) for process in processes) > MOST_PARTS:
        raise BadBpmn(reason=N_("it is too large"), line=1)
    return _offered(processes), strange


def _offered(processes: list[Process]) -> list[Process]:
    """Where no process is marked executable, those that hold something are meant all the same."""
    if any(process.executable for process in processes):
        return processes
    return [replace(p, executable=True, changes=(*p.changes, Change("offered", p.id, p.name, p.line)))
            if p.elements else p for p in processes]  # fmt: skip


def _root(content: bytes) -> Any:
    if len(content) > LARGEST_FILE:
        raise BadBpmn(reason=N_("it is too large"), line=1)
    if b"<!DOCTYPE" in content:
        before = content[: content.index(b"<!DOCTYPE")]
        raise BadBpmn(reason=N_("a DOCTYPE is not allowed"), line=1 + before.count(b"\n"))
    # UTF-8 is forced, so that no other encoding can hide a DOCTYPE from the line above.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadBpmn(reason=N_("it is not well-formed XML"), line=error.lineno or 1) from None


class _Reader:
    """Walks one process and its sub-processes."""

    def __init__(self, node: Any, names: Names) -> None:
        self.node = node
        self.names = names
        self.foreign: list[Foreign] = []
        self.flows: list[Flow] = []
        self.lanes: list[Lane] = []
        self.lane_of: dict[str, str] = {}

    def process(self, changes: list[Change]) -> Process:
        return Process(
            id=self.node.get("id", ""),
            name=label(self.node.get("name")) or self.node.get("id", ""),
            line=self.node.sourceline,
            executable=truth(self.node.get("isExecutable"), True),
            elements=tuple(self._nodes(self.node, None, 0)),
            flows=tuple(self.flows),
            lanes=tuple(self.lanes),
            properties=self._properties(self.node),
            documentation=text(self.node, "documentation"),
            foreign=tuple(self.foreign),
            changes=tuple(changes),
        )

    def _nodes(self, scope: Any, inherited: str | None, depth: int) -> Iterator[Element]:
        if depth > DEEPEST:
            raise BadBpmn(reason=N_("it is nested too deeply"), line=scope.sourceline)
        for lane_set in scope.iterchildren(f"{BPMN}laneSet"):
            self._lanes(lane_set)
        for child in scope.iterchildren(etree.Element):
            tag = SAME.get(_tag(child), _tag(child))
            if tag in NODES:
                lane = self.lane_of.get(child.get("id", ""), inherited)
                yield self._element(child, tag, scope.get("id", ""), lane or None)
                if tag == "subProcess":
                    yield from self._nodes(child, lane, depth + 1)
            elif tag == "sequenceFlow":
                self._flow(child, scope.get("id", ""))
            elif tag not in PROCESS_PARTS and not (tag in _OF_SCOPES and scope is not self.node):
                self.foreign.append(_foreign(child, of=child if child.get("id") else scope))

    def _lanes(self, lane_set: Any) -> set[str]:
        named: set[str] = set()
        for lane in lane_set.iterchildren(f"{BPMN}lane"):
            self.foreign += _strangers(lane, LANE_PARTS)
            name = label(lane.get("name"))
            inner: set[str] = set()
            for child_set in lane.iterchildren(f"{BPMN}childLaneSet"):
                inner |= self._lanes(child_set)
            members = [label(ref.text) for ref in lane.iterchildren(f"{BPMN}flowNodeRef")]
            own = tuple(member for member in members if member not in inner)
            if own or not inner:  # else it only groups its inner lanes
                self.lanes.append(Lane(name, lane.sourceline, own))
                self.lane_of |= dict.fromkeys(own, name)
            named |= inner.union(members)
        return named

    def _flow(self, node: Any, scope: str) -> None:
        self.foreign += _strangers(node, FLOW_PARTS)
        condition = node.find(f"{BPMN}conditionExpression")
        self.flows.append(
            Flow(
                id=node.get("id", ""),
                source=node.get("sourceRef", "").strip(),
                target=node.get("targetRef", "").strip(),
                name=label(node.get("name")),
                condition=None if condition is None else "".join(condition.itertext()).strip() or None,
                line=node.sourceline,
                scope=scope,
            )
        )

    def _element(self, node: Any, tag: str, scope: str, lane: str | None) -> Element:
        self._check(node, tag)
        operator = node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
        names = self.names
        return Element(
            id=node.get("id", ""),
            name=label(node.get("name")),
            kind=tag,
            lane=lane,
            line=node.sourceline,
            scope=scope,
            properties=self._properties(node),
            documentation=text(node, "documentation"),
            default=node.get("default", "").strip() or None,
            operator=None if operator is None else operator.get("id", ""),
            parameters=_parameters(operator),
            result=None if operator is None else operator.get("resultVariable") or None,
            script=text(node, "script"),
            event=read_message(node, names) if tag in ("sendTask", "receiveTask")
            else read_event(node, names) if tag in EVENTS else None,
            attached_to=node.get("attachedToRef", "").strip(),
            interrupting=truth(node.get("cancelActivity"), True) and truth(node.get("isInterrupting"), True),
            loop=read_loop(node, names) if tag in ACTIVITIES else None,
            called=node.get("calledElement", "").strip().rpartition(":")[2],
            triggered=truth(node.get("triggeredByEvent")),
            transaction=_tag(node) == "transaction",
            instantiate=truth(node.get("instantiate")),
            handler=names.associated(node) if tag == "boundaryEvent" else "",
            undoes=truth(node.get("isForCompensation")),
            activation=text(node, "activationCondition"),
            adhoc=read_adhoc(node) if _tag(node) == "adHocSubProcess" else None,
            needs=_quantity(node, "startQuantity"),
            yields=_quantity(node, "completionQuantity"),
            before=assignments(node, "dataInputAssociation"),
            after=assignments(node, "dataOutputAssociation"),
        )  # fmt: skip

    def _check(self, node: Any, tag: str) -> None:
        """What stands in or at a node that we do not know."""
        if tag != "subProcess":  # its children are nodes of their own
            known = EVENT_PARTS if tag in EVENTS else NODE_PARTS | LOOP_TAGS if tag in ACTIVITIES else GATEWAY_PARTS
            found = _strangers(node, known | ({"script"} if tag == "scriptTask" else set()))
            self.foreign += [each for each in found if tag not in EVENTS or not each.tag.endswith("EventDefinition")]
        for name, plain in PLAIN_ATTRIBUTES.items():
            if node.get(name, plain).strip() != plain:
                self.foreign.append(_foreign(node, f"@{name}"))
        self.foreign += [_foreign(node, _prefix(node, name)) for name in node.attrib if name.startswith("{")]
        if node.get("scriptFormat", "").strip().lower() not in SCRIPT_FORMATS:
            self.foreign.append(_foreign(node, "@scriptFormat"))
        for undo in node.iterchildren(f"{BPMN}compensateEventDefinition"):
            if not truth(undo.get("waitForCompletion"), True):
                self.foreign.append(_foreign(undo, "@waitForCompletion", of=node))
        for several in node.iterchildren(f"{BPMN}multiInstanceLoopCharacteristics"):
            if several.get("behavior", "All") not in ("All", "None", "One"):
                self.foreign.append(_foreign(several, "@behavior", of=node))
        for part in ("dataInputAssociation", "dataOutputAssociation"):
            for association in node.iterchildren(f"{BPMN}{part}"):
                self.foreign += _strangers(association, PARTS | {"sourceRef", "targetRef", "assignment"}, of=node)

    def _properties(self, node: Any) -> dict[str, str]:
        extensions = node.find(f"{BPMN}extensionElements")
        properties: dict[str, str] = {}
        for child in () if extensions is None else extensions.iterchildren(etree.Element):
            if child.tag == f"{SPIFF}properties":
                properties |= {p.get("name", ""): p.get("value", "") for p in child.iterchildren(f"{SPIFF}property")}
            elif child.tag != f"{SPIFF}serviceTaskOperator" and not (
                child.tag in CARRIED and _tag(node) in ("sendTask", "receiveTask")
            ):
                names = ", ".join(part.get("name") for part in child.iterchildren(etree.Element) if part.get("name"))
                self.foreign.append(_foreign(child, f"{_tag(child)} ({names})" if names else None, of=node))
        return properties


def _parameters(operator: Any) -> dict[str, str]:
    if operator is None:
        return {}
    return {p.get("id", ""): p.get("value", "") for p in operator.iterfind(f"{SPIFF}parameters/{SPIFF}parameter")}


def _quantity(node: Any, name: str) -> int:
    """How many tokens; 0 for what is no number of them."""
    stated = node.get(name, "1").strip()
    return int(stated) if stated.isdecimal() and len(stated) < 3 else 0


def _strangers(node: Any, known: frozenset[str] | set[str], of: Any = None) -> list[Foreign]:
    owner = node if of is None else of
    return [_foreign(child, of=owner) for child in node.iterchildren(etree.Element) if _tag(child) not in known]


def _foreign(node: Any, tag: str | None = None, of: Any = None) -> Foreign:
    owner = node if of is None else of
    name = tag or _tag(node)
    id_ = owner.get("id") or node.get("id", "")
    return Foreign(name, id_, label(owner.get("name")), node.sourceline, drawn=name in DECORATION)


def _prefix(node: Any, name: str) -> str:
    """A foreign attribute as people write it."""
    attribute = etree.QName(name)
    prefixes = {uri: prefix for prefix, uri in node.nsmap.items()}
    return f"{prefixes.get(attribute.namespace) or '?'}:{attribute.localname}"


def _tag(node: Any) -> str:
    """The local name of a BPMN tag; others keep a prefix in front, as people write it."""
    name = etree.QName(node)
    if name.namespace == BPMN[1:-1] or name.localname == "BPMNDiagram":
        return str(name.localname)
    return f"{'spiffworkflow' if name.namespace == SPIFF[1:-1] else node.prefix or '?'}:{name.localname}"
