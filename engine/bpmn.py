"""Reading BPMN: hardened XML in, plain values with line numbers out. What it means is judged by `engine.checker`.

Only the bytes given are read: no network, no DTD, no entity. Nothing here raises for a strange model, only for what is
not XML at all; what we do not know is collected as `Foreign`, so that a refusal can name it and its line.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.errors import N_, AlurError

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
LARGEST_FILE = 5_000_000
MOST_PARTS = 5_000
DEEPEST = 20

EVENTS = frozenset({"startEvent", "endEvent"})
ACTIVITIES = frozenset({"userTask", "serviceTask", "scriptTask", "subProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
NODES = EVENTS | ACTIVITIES | GATEWAYS
# Drawn for the reader; they neither hold nor move anything when the process runs.
DRAWN = frozenset({"dataObject", "dataObjectReference", "textAnnotation", "association", "group"})
_PARTS = frozenset({"documentation", "extensionElements"})
_NODE_PARTS = _PARTS | {"incoming", "outgoing", "property", "dataInputAssociation", "dataOutputAssociation"}
_PROCESS_PARTS = _PARTS | DRAWN | {"laneSet", "sequenceFlow", "property"}
_ROOT_PARTS = frozenset({"process", "collaboration", "category", "BPMNDiagram", "extensionElements", "documentation"})
_POOL_PARTS = frozenset({"participant"}) | _PARTS | {"textAnnotation", "association", "group"}
_LANE_PARTS = frozenset({"flowNodeRef", "childLaneSet"}) | _PARTS
_FLOW_PARTS = frozenset({"conditionExpression"}) | _PARTS
_PLAIN_ATTRIBUTES = {
    "startQuantity": "1", "completionQuantity": "1", "isForCompensation": "false", "triggeredByEvent": "false",
    "isInterrupting": "true", "isClosed": "false",
}  # fmt: skip


class BadBpmn(AlurError):
    """A file that cannot be read as XML, or must not be."""

    code = "bad_xml"
    message = N_("This file cannot be read: %(reason)s (line %(line)s)")


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram; `kind` is its BPMN tag, `scope` the process or sub-process that holds it."""

    id: str
    name: str
    kind: str
    lane: str | None
    line: int
    scope: str
    properties: Mapping[str, str]
    documentation: str = ""
    default: str | None = None
    terminates: bool = False
    operator: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str | None = None
    script: str = ""

    @property
    def separate_from(self) -> tuple[str, ...]:
        """The activities that this one must not share its person with, as the property of that name lists them."""
        return tuple(name for part in self.properties.get("separate_from", "").split(",") if (name := label(part)))


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, in the order of the document."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    line: int
    scope: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and the ids that it names itself, rather than through a lane inside it."""

    name: str
    line: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that we do not run: an element (`tag`) or an attribute (`@name`), at or in the element `id`."""

    tag: str
    id: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Process:
    """One process of a file, as it is drawn. Ids may be missing, doubled or dangling."""

    id: str
    name: str
    line: int
    executable: bool
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    properties: Mapping[str, str]
    documentation: str
    foreign: tuple[Foreign, ...]


def read_bpmn(content: bytes) -> tuple[list[Process], list[Foreign]]:
    """The file's processes, and what stands beside them that we do not know; raises `BadBpmn`."""
    root = _root(content)
    strange: list[Foreign] = []
    if root.tag != f"{BPMN}definitions":
        return [], strange
    for child in root.iterchildren(etree.Element):
        if _tag(child) not in _ROOT_PARTS:
            strange.append(_foreign(child))
        elif child.tag == f"{BPMN}collaboration":
            strange += _strangers(child, _POOL_PARTS)
    processes = [_Reader(node).process() for node in root.iterchildren(f"{BPMN}process")]
    if sum(len(process.elements) + len(process.flows) for process in processes) > MOST_PARTS:
        raise BadBpmn(reason=N_("it is too large"), line=1)
    return processes, strange


def label(text: str | None) -> str:
    """A name as people compare it: NFC, white space folded."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def upstream(flow: Flow, incoming: Mapping[str, Sequence[Flow]]) -> frozenset[str]:
    """The nodes from which a path leads to a gateway by this one of its flows, without passing the gateway before."""
    seen: set[str] = set()
    ahead = [flow.source]
    while ahead:
        name = ahead.pop()
        if name != flow.target and name not in seen:
            seen.add(name)
            ahead += [before.source for before in incoming.get(name, ())]
    return frozenset(seen)


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

    def __init__(self, node: Any) -> None:
        self.node = node
        self.foreign: list[Foreign] = []
        self.flows: list[Flow] = []
        self.lanes: list[Lane] = []
        self.lane_of: dict[str, str] = {}

    def process(self) -> Process:
        return Process(
            id=self.node.get("id", ""),
            name=label(self.node.get("name")) or self.node.get("id", ""),
            line=self.node.sourceline,
            executable=self.node.get("isExecutable", "true").strip() != "false",
            elements=tuple(self._nodes(self.node, None, 0)),
            flows=tuple(self.flows),
            lanes=tuple(self.lanes),
            properties=self._properties(self.node),
            documentation=_text(self.node, "documentation"),
            foreign=tuple(self.foreign),
        )

    def _nodes(self, scope: Any, inherited: str | None, depth: int) -> Iterator[Element]:
        if depth > DEEPEST:
            raise BadBpmn(reason=N_("it is nested too deeply"), line=scope.sourceline)
        for lane_set in scope.iterchildren(f"{BPMN}laneSet"):
            self._lanes(lane_set)
        for child in scope.iterchildren(etree.Element):
            tag = _tag(child)
            if tag in NODES:
                lane = self.lane_of.get(child.get("id", ""), inherited)
                yield self._element(child, tag, scope.get("id", ""), lane or None)
                if tag == "subProcess":
                    yield from self._nodes(child, lane, depth + 1)
            elif tag == "sequenceFlow":
                self._flow(child, scope.get("id", ""))
            elif tag not in _PROCESS_PARTS and not (tag in _NODE_PARTS and scope is not self.node):
                self.foreign.append(_foreign(child, of=child if child.get("id") else scope))

    def _lanes(self, lane_set: Any) -> set[str]:
        named: set[str] = set()
        for lane in lane_set.iterchildren(f"{BPMN}lane"):
            self.foreign += _strangers(lane, _LANE_PARTS)
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
        self.foreign += _strangers(node, _FLOW_PARTS)
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
        own = {"scriptTask": {"script"}, "endEvent": {"terminateEventDefinition"}}.get(tag, set())
        if tag != "subProcess":  # its children are nodes of their own
            self.foreign += _strangers(node, _NODE_PARTS | own)
        for name, plain in _PLAIN_ATTRIBUTES.items():
            if node.get(name, plain).strip() != plain:
                self.foreign.append(_foreign(node, f"@{name}"))
        operator = node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
        return Element(
            id=node.get("id", ""),
            name=label(node.get("name")),
            kind=tag,
            lane=lane,
            line=node.sourceline,
            scope=scope,
            properties=self._properties(node),
            documentation=_text(node, "documentation"),
            default=node.get("default"),
            terminates=node.find(f"{BPMN}terminateEventDefinition") is not None,
            operator=None if operator is None else operator.get("id", ""),
            parameters=_parameters(operator),
            result=None if operator is None else operator.get("resultVariable") or None,
            script=_text(node, "script"),
        )

    def _properties(self, node: Any) -> dict[str, str]:
        extensions = node.find(f"{BPMN}extensionElements")
        properties: dict[str, str] = {}
        for child in () if extensions is None else extensions.iterchildren(etree.Element):
            if child.tag == f"{SPIFF}properties":
                properties |= {p.get("name", ""): p.get("value", "") for p in child.iterchildren(f"{SPIFF}property")}
            elif child.tag != f"{SPIFF}serviceTaskOperator":
                self.foreign.append(_foreign(child, of=node))
        return properties


def _parameters(operator: Any) -> dict[str, str]:
    if operator is None:
        return {}
    return {p.get("id", ""): p.get("value", "") for p in operator.iterfind(f"{SPIFF}parameters/{SPIFF}parameter")}


def _strangers(node: Any, known: frozenset[str] | set[str]) -> list[Foreign]:
    return [_foreign(child, of=node) for child in node.iterchildren(etree.Element) if _tag(child) not in known]


def _foreign(node: Any, tag: str | None = None, of: Any = None) -> Foreign:
    owner = node if of is None else of
    return Foreign(tag or _tag(node), owner.get("id") or node.get("id", ""), label(owner.get("name")), node.sourceline)


def _tag(node: Any) -> str:
    """The local name of a BPMN tag; others keep a prefix in front, as people write it."""
    name = etree.QName(node)
    if name.namespace == BPMN[1:-1] or name.localname == "BPMNDiagram":
        return str(name.localname)
    return f"{'spiffworkflow' if name.namespace == SPIFF[1:-1] else node.prefix or '?'}:{name.localname}"


def _text(node: Any, tag: str) -> str:
    child = node.find(f"{BPMN}{tag}")
    return "" if child is None else "".join(child.itertext()).strip()
