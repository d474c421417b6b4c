"""A BPMN diagram as SVG, drawn from its own coordinates: no browser and no script are needed to see it.

Every symbol is a group `<g class="bpmn-task user-task …" data-element="id">`; the states that the caller marks become
further classes (`finished`, `active`, `returned`, `incident`; flows: `taken`). Colours are presentation attributes,
so any stylesheet overrides them; there is no `style` attribute and no `<style>`, which our CSP would refuse.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from lxml import etree

from engine.layout import lay_out
from web import shapes
from web.shapes import HEADER, INK, LINE, PAPER, SIZE, Box, Point

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
MARGIN = 10
TAKEN = 'stroke="#2f7d3b" fill="#2f7d3b" stroke-width="2.5"'
# Fill, outline and its width for each state; the last one that applies wins.
STATES = {
    "finished": 'fill="#e6f3e8" stroke="#2f7d3b" stroke-width="1.5"',
    "returned": 'fill="#fdeedd" stroke="#b4600a" stroke-width="2.5"',
    "active": 'fill="#fff4cc" stroke="#a86f00" stroke-width="2.5"',
    "incident": 'fill="#fbe0e0" stroke="#b3261e" stroke-width="2.5"',
}
# What is drawn over what.
POOL, LANE, FRAME, FLOW, TAKEN_FLOW, SYMBOL, LABEL = range(7)


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn element: what stays the same however it is marked."""

    id: str
    layer: int
    classes: str
    paint: str
    body: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole diagram, and apart from it the strip with the names of upright lanes."""

    box: Box
    pieces: tuple[Piece, ...]
    heading: str


def draw(
    xml: bytes,
    marks: Mapping[str, Collection[str]] | None = None,
    taken: Collection[str] = (),
    title: str = "",
    *,
    painted: bool = True,
) -> str:
    """The diagram in `xml` as an SVG element; `marks` are states by element id, `taken` the ids of flows.

    Unless it is `painted`, states and flows taken are classes alone, for a stylesheet that a script can follow.
    """
    drawing, marks = _read(xml), marks or {}
    # Where lines share their way, what was taken is drawn over what was not.
    order = sorted(drawing.pieces, key=lambda piece: TAKEN_FLOW if piece.id in taken else piece.layer)
    body = "".join(_group(piece, marks.get(piece.id, ()), piece.id in taken, painted) for piece in order)
    name = f"<title>{escape(title)}</title>" if title else ""
    return _svg(drawing.box, name + body, 'class="bpmn-diagram" role="img"')


def draw_heading(xml: bytes) -> str:
    """The names of upright lanes as an SVG of the same width, to stay in sight above a long diagram; else empty."""
    drawing = _read(xml)
    strip = Box(drawing.box.x, 0, drawing.box.width, HEADER + 2)
    return drawing.heading and _svg(strip, drawing.heading, 'class="bpmn-heading" aria-hidden="true"')


def _svg(box: Box, body: str, attributes: str) -> str:
    size = f'width="{box.width:g}" height="{box.height:g}" viewBox="{box.x:g} {box.y:g} {box.width:g} {box.height:g}"'
    font = f'font-family="{FONT}" font-size="{SIZE}" color="{INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} {size} {font}>{body}</svg>'


def _group(piece: Piece, states: Collection[str], taken: bool, painted: bool) -> str:
    classes = " ".join([piece.classes, *sorted(states), *(["taken"] if taken else [])])
    paint = TAKEN if taken and painted else piece.paint
    for state, paint_of in STATES.items() if painted else ():
        paint = paint_of if state in states else paint
    # An address may point at a symbol (#el-id); its label is apart from it and must not carry the same id.
    anchor = "" if piece.layer == LABEL else f'id="el-{escape(piece.id)}" '
    return f'<g class="{escape(classes)}" {anchor}data-element="{escape(piece.id)}" {paint}>{piece.body}</g>'


@lru_cache(maxsize=64)
def _read(xml: bytes) -> Drawing:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(lay_out(xml), parser)
    elements = {element.get("id", ""): element for element in root.iter("{*}*")}
    pieces: list[Piece] = []
    corners: list[Point] = []
    lanes: list[tuple[float, str]] = []
    for shape in root.iter("{*}BPMNShape"):
        element, box = elements.get(shape.get("bpmnElement", "")), _bounds(shape)
        if element is None or box is None:
            continue
        corners += [(box.x, box.y), (box.x + box.width, box.y + box.height)]
        pieces += _labelled(element, shape, _symbol(element, shape, box))
        if _kind(element) == "lane" and _upright(shape):
            strip = Box(box.x, 1, box.width, HEADER)
            lanes.append((box.x, shapes.container(element.get("name", ""), strip, True)))
    for edge in root.iter("{*}BPMNEdge"):
        element, points = elements.get(edge.get("bpmnElement", "")), _waypoints(edge)
        if element is None or len(points) < 2:
            continue
        corners += points
        default = elements.get(element.get("sourceRef", ""), element).get("default") == element.get("id")
        pieces += _labelled(element, edge, _connection(element, points, default))
    # Editors save lanes in any order; readers go from left to right.
    heading = "".join(f'<g fill="{PAPER}" stroke="{LINE}">{strip}</g>' for _x, strip in sorted(lanes))
    return Drawing(_around(corners), tuple(pieces), heading)


def _around(corners: list[Point]) -> Box:
    if not corners:
        return Box(0, 0, 1, 1)
    left, top = min(x for x, _ in corners) - MARGIN, min(y for _, y in corners) - MARGIN
    right, bottom = max(x for x, _ in corners) + MARGIN, max(y for _, y in corners) + MARGIN
    return Box(left, top, right - left, bottom - top)


def _symbol(element: etree._Element, shape: etree._Element, box: Box) -> Piece:
    kind, name = _kind(element), element.get("name", "")
    ink, faint = f'fill="{PAPER}" stroke="{INK}" stroke-width="1.3"', f'fill="{PAPER}" stroke="{LINE}"'
    layer, family, paint = SYMBOL, "task", ink
    if kind in ("participant", "lane"):
        layer, family, paint = (POOL if kind == "participant" else LANE), "pool", faint
        body = shapes.container(name, box, _upright(shape))
    elif kind in ("group", "subProcess", "transaction", "adHocSubProcess") and shape.get("isExpanded") != "false":
        layer, family = FRAME, "frame"
        dashes = ' stroke-dasharray="8 4" fill="none"' if kind == "group" else ""
        body = shapes.rectangle(box, 9, dashes) + shapes.text([name], (box.middle[0], box.y + 14))
    elif kind.endswith("Event"):
        family, body = "event", shapes.event(box, kind, _definition(element))
    elif kind.endswith("Gateway"):
        family, body = "gateway", shapes.gateway(box, kind)
    elif kind.startswith("dataStore"):
        family, paint, body = "data", faint, shapes.store(box)
    elif kind.startswith("data"):
        family, paint, body = "data", faint, shapes.document(box)
    elif kind == "textAnnotation":
        words = element.findtext("{*}text") or ""
        family, paint, body = "note", faint, shapes.annotation(words, box)
    else:
        body = shapes.task(name, box, kind)
    tip = f"<title>{escape(name)}</title>" if name else ""
    return Piece(element.get("id", ""), layer, _classes(family, kind), paint, tip + body)


def _connection(element: etree._Element, points: list[Point], default: bool) -> Piece:
    kind, body = _kind(element), shapes.line(points)
    if kind == "sequenceFlow":
        paint = f'stroke="{INK}" fill="{INK}" stroke-width="1.3"'
        body += shapes.arrowhead(points) + (shapes.slash(points) if default else "")
    elif kind == "messageFlow":
        paint = f'stroke="{LINE}" fill="{LINE}" stroke-dasharray="7 4"'
        body += shapes.arrowhead(points, "hollow")
    else:
        paint = f'stroke="{LINE}" fill="{LINE}" stroke-dasharray="2 3"'
        body += shapes.arrowhead(points, "open") if kind.startswith("data") else ""
    return Piece(element.get("id", ""), FLOW, _classes("flow", kind), paint, body)


def _labelled(element: etree._Element, drawn: etree._Element, piece: Piece) -> Iterator[Piece]:
    """The symbol, and the label that stands outside it in a layer above everything."""
    yield piece
    box, name = _bounds(drawn.find("{*}BPMNLabel")), element.get("name", "")
    inside = piece.classes.startswith(("bpmn-task", "bpmn-pool", "bpmn-frame", "bpmn-note"))
    if not name or inside:
        return
    if box is None:
        symbol, points = _bounds(drawn), _waypoints(drawn)
        x, y = (symbol.middle[0], symbol.y + symbol.height) if symbol else shapes.halfway(points)
        box = Box(x - 45, y + 4, 90, 14)
    yield Piece(piece.id, LABEL, "bpmn-label", "", shapes.label(name, box))


# --- what the XML says ------------------------------------------------------------------------------------------------


def _kind(element: etree._Element) -> str:
    return etree.QName(element).localname


def _classes(family: str, kind: str) -> str:
    return f"bpmn-{family} " + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def _definition(event: etree._Element) -> str:
    return next((_kind(child) for child in event if _kind(child).endswith("EventDefinition")), "")


def _upright(shape: etree._Element) -> bool:
    return shape.get("isHorizontal") == "false"


def _bounds(holder: etree._Element | None) -> Box | None:
    found = None if holder is None else holder.find("{*}Bounds")
    return None if found is None else Box(*(float(found.get(side, "0")) for side in ("x", "y", "width", "height")))


def _waypoints(edge: etree._Element) -> list[Point]:
    return [(float(point.get("x", "0")), float(point.get("y", "0"))) for point in edge.iterfind("{*}waypoint")]
