"""A diagram for models that come without one: lanes upright as on a paper SOP, the flow from top to bottom."""

from functools import lru_cache

from lxml import etree

from engine.bpmn.vocabulary import BPMN
from engine.layout.model import EXTRAS, KNOWN, Graph, Model, read_model
from engine.layout.picture import HEADER, Box, Picture, draw, message

__all__ = ["drawn", "lay_out"]

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAY = "{http://www.omg.org/spec/DD/20100524/DI}"
NAMES = {"bpmndi": DI[1:-1], "dc": DC[1:-1], "di": WAY[1:-1]}
BETWEEN = 60.0  # pools
BLACK_BOX = 160.0


def drawn(root: etree._Element) -> bool:
    """Whether a `definitions` element has a place for everything in its processes that a reader must see."""
    placed = {shape.get("bpmnElement", "").rpartition(":")[2] for shape in root.iter(DI + "BPMNShape", DI + "BPMNEdge")}
    closed = {shape.get("bpmnElement") for shape in root.iter(DI + "BPMNShape") if shape.get("isExpanded") == "false"}
    wanted = KNOWN - EXTRAS.keys() | {"sequenceFlow", "lane"}

    def missing(scope: etree._Element) -> bool:
        for element in scope:
            kind = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if kind in wanted and element.get("id") not in placed:
                return True
            opened = kind in KNOWN and element.get("id") not in closed
            if (opened or kind in ("laneSet", "childLaneSet", "lane")) and missing(element):
                return True
        return False

    return not any(missing(process) for process in root.iterfind(f"{BPMN}process"))


@lru_cache(maxsize=64)
def lay_out(xml: bytes) -> bytes:
    """The same model with a diagram; one that has a whole one is left as it is, byte for byte."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml, parser)
    if drawn(root):
        return xml
    for diagram in root.findall(DI + "BPMNDiagram"):
        root.remove(diagram)
    model = read_model(root)
    root.append(_diagram(model, _compose(model)))
    etree.indent(root[-1], level=1)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _compose(model: Model) -> Picture:
    """Pools and processes beside each other, as high as the highest."""
    whole = Picture()
    parts: list[tuple[str, Graph | None, Picture]] = []
    for pool in model.pools:
        parts.append((pool.id, pool.graph, draw(pool.graph) if pool.graph else Picture(BLACK_BOX, 0.0)))
    parts += [("", graph, draw(graph)) for graph in model.free if graph.nodes]
    height = max((_headers(pool_id, graph) + picture.height for pool_id, graph, picture in parts), default=0.0)
    x = 0.0
    for pool_id, graph, picture in parts:
        _pool(whole, pool_id, graph, picture, x, height)
        x += picture.width + BETWEEN
    for flow in model.messages:
        if flow.source in whole.boxes and flow.target in whole.boxes:
            whole.lines[flow.id] = message(flow, whole.boxes)
    return whole


def _pool(whole: Picture, pool_id: str, graph: Graph | None, picture: Picture, x: float, height: float) -> None:
    headers = _headers(pool_id, graph)
    for name in graph.lanes if graph else ():
        box = picture.boxes[name]
        picture.boxes[name] = Box(box.x, -HEADER, box.width, height - headers + HEADER)
    whole.paste(picture, x, headers)
    if pool_id:
        whole.boxes[pool_id] = Box(x, 0.0, picture.width, height)


def _headers(pool_id: str, graph: Graph | None) -> float:
    """How high the names of the pool and of its lanes are."""
    return HEADER * (bool(pool_id) + bool(graph and graph.lanes))


def _diagram(model: Model, picture: Picture) -> etree._Element:
    diagram = etree.Element(DI + "BPMNDiagram", {"id": "diagram_laid_out"}, nsmap=NAMES)
    plane = etree.SubElement(diagram, DI + "BPMNPlane", {"id": "plane_laid_out", "bpmnElement": model.plane})
    upright = {pool.id for pool in model.pools}
    graphs = [*(pool.graph for pool in model.pools if pool.graph), *model.free]
    upright |= {lane for graph in graphs for lane in graph.lanes}
    for name, box in picture.boxes.items():
        shape = etree.SubElement(plane, DI + "BPMNShape", {"id": f"{name}_di", "bpmnElement": name})
        if name in upright:
            shape.set("isHorizontal", "false")
        _bounds(shape, box)
        _label(shape, picture, name)
    for name, points in picture.lines.items():
        edge = etree.SubElement(plane, DI + "BPMNEdge", {"id": f"{name}_di", "bpmnElement": name})
        for x, y in points:
            etree.SubElement(edge, WAY + "waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
        _label(edge, picture, name)
    return diagram


def _label(of: etree._Element, picture: Picture, name: str) -> None:
    if box := picture.labels.get(name):
        _bounds(etree.SubElement(of, DI + "BPMNLabel"), box)


def _bounds(of: etree._Element, box: Box) -> None:
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(of, DC + "Bounds", {side: f"{value:g}" for side, value in sides.items()})
