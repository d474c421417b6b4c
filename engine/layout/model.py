"""What there is to lay out: nodes with their sizes, lanes, and the flows between them, read from BPMN."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.vocabulary import BPMN, NODES, SAME

Size = tuple[float, float]

TASK, EVENT, GATEWAY, DATA, NOTE = (160.0, 70.0), (36.0, 36.0), (50.0, 50.0), (36.0, 50.0), (110.0, 44.0)
# Drawn beside what they belong to.
EXTRAS = {"dataObjectReference": DATA, "dataStoreReference": (50.0, 50.0), "textAnnotation": NOTE}
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
KNOWN = NODES | frozenset(SAME) | frozenset(EXTRAS)


@dataclass(frozen=True, slots=True)
class Flow:
    """A line from one element to another."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(slots=True)
class Node:
    """A symbol; `host` is the activity on whose border it sits, `inner` what a sub-process holds."""

    id: str
    kind: str
    name: str
    size: Size
    lane: int = 0
    host: str | None = None
    inner: "Graph | None" = None

    @property
    def extra(self) -> bool:
        """Whether no flow comes to it."""
        return self.kind in EXTRAS


@dataclass(slots=True)
class Graph:
    """The contents of a process or of a sub-process; `lanes` are ids from left to right, none for a single column."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    associations: list[Flow] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pool:
    """A participant with its process, if that is in the file."""

    id: str
    graph: Graph | None


@dataclass(frozen=True, slots=True)
class Model:
    """Everything: pools beside each other, processes that stand in none, and the messages between them."""

    plane: str
    pools: tuple[Pool, ...]
    free: tuple[Graph, ...]
    messages: tuple[Flow, ...]


def read_model(root: etree._Element) -> Model:
    """The model in a `definitions` element."""
    graphs = {process.get("id", ""): _graph(process) for process in root.iterfind(f"{BPMN}process")}
    collaboration = root.find(f"{BPMN}collaboration")
    pools: tuple[Pool, ...] = ()
    messages: tuple[Flow, ...] = ()
    if collaboration is not None:
        participants = collaboration.iterfind(f"{BPMN}participant")
        pools = tuple(Pool(each.get("id", ""), graphs.get(_local(each.get("processRef")))) for each in participants)
        messages = tuple(_flow(each) for each in collaboration.iterfind(f"{BPMN}messageFlow"))
    shown = {pool.graph.id for pool in pools if pool.graph}
    free = tuple(graph for name, graph in graphs.items() if name not in shown)
    plane = next(iter(graphs), "") if collaboration is None else collaboration.get("id", "")
    return Model(plane, pools, free, messages)


def _graph(scope: etree._Element) -> Graph:
    graph = Graph(scope.get("id", ""))
    for element in scope:
        kind = _kind(element)
        if kind in KNOWN and element.get("id"):
            node = graph.nodes[element.get("id", "")] = _node(element, kind)
            graph.associations += _data(element, node.id)
        elif kind == "sequenceFlow":
            graph.flows.append(_flow(element))
        elif kind == "association":
            graph.associations.append(_flow(element))
    _lanes(scope, graph)
    ends = {node.id for node in graph.nodes.values() if not node.host}  # nothing leads to an event on a border
    graph.flows = [flow for flow in graph.flows if flow.source in graph.nodes and flow.target in ends]
    return graph


def _node(element: etree._Element, kind: str) -> Node:
    inner = _graph(element) if kind in SUB_PROCESSES else None
    node = Node(element.get("id", ""), kind, element.get("name") or "", _size(kind), inner=inner)
    if kind == "boundaryEvent":
        node.host = _local(element.get("attachedToRef"))
    return node


def _size(kind: str) -> Size:
    if kind in EXTRAS:
        return EXTRAS[kind]
    if kind.endswith("Event"):
        return EVENT
    return GATEWAY if kind.endswith("Gateway") else TASK


def _lanes(scope: etree._Element, graph: Graph) -> None:
    """The innermost lanes in the order of the file, and whose each node is; a boundary event is where its host is."""
    leaves = [lane for lane in scope.iterfind(f"{BPMN}laneSet//{BPMN}lane") if lane.find(f"{BPMN}childLaneSet") is None]
    graph.lanes = [lane.get("id", "") for lane in leaves]
    for number, lane in enumerate(leaves):
        for reference in lane.iterfind(f"{BPMN}flowNodeRef"):
            if node := graph.nodes.get(_local(reference.text)):
                node.lane = number
    for node in graph.nodes.values():
        host = graph.nodes.get(node.host or "")
        node.host = host.id if host and host.kind != "boundaryEvent" else None
        node.lane = host.lane if host else node.lane


def _data(element: etree._Element, owner: str) -> Iterator[Flow]:
    """What a task reads and writes, as lines between it and the data."""
    for tag, other in (("dataInputAssociation", "sourceRef"), ("dataOutputAssociation", "targetRef")):
        for each in element.iterfind(BPMN + tag):
            there = _local(each.findtext(BPMN + other))
            ends = (there, owner) if other == "sourceRef" else (owner, there)
            yield Flow(each.get("id", ""), *ends)


def _flow(element: etree._Element) -> Flow:
    source, target = (_local(element.get(end)) for end in ("sourceRef", "targetRef"))
    return Flow(element.get("id", ""), source, target, element.get("name") or "")


def _kind(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _local(reference: str | None) -> str:
    return (reference or "").strip().rpartition(":")[2]
