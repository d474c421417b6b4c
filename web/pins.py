"""Small signs on the elements of a drawn diagram: the number of a finding, or what became of an element.

They are laid over the drawing by its own coordinates, so that a difference does not lie in colour alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from lxml import etree

from engine.layout import lay_out
from web import shapes
from web.shapes import Point

RADIUS = 10


@dataclass(frozen=True, slots=True)
class Pin:
    """What a sign says, and its kind as a class of the style sheet."""

    text: str
    kind: str


def pinned(svg: str, xml: bytes, pins: Mapping[str, Pin]) -> str:
    """The drawing of `xml` with the signs on top."""
    places = _places(xml) if pins else {}
    drawn = "".join(_drawn(pin, places[name]) for name, pin in pins.items() if name in places)
    return svg.removesuffix("</svg>") + drawn + "</svg>" if drawn else svg


def _drawn(pin: Pin, at: Point) -> str:
    x, y = at
    half = max(RADIUS, 3.5 * len(pin.text) + 5)
    box = f'x="{x - half:g}" y="{y - RADIUS:g}" width="{2 * half:g}" height="{2 * RADIUS}" rx="{RADIUS}"'
    place = f'x="{x:g}" y="{y + 4.5:g}" text-anchor="middle" font-size="13" font-weight="bold"'
    return f'<g class="pin pin-{escape(pin.kind)}"><rect {box}/><text {place}>{escape(pin.text)}</text></g>'


def _places(xml: bytes) -> dict[str, Point]:
    """The upper right corner of every symbol, and the middle of every line, by the element that it draws."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(lay_out(xml), parser)
    found: dict[str, Point] = {}
    for shape in root.iter("{*}BPMNShape"):
        bounds = shape.find("{*}Bounds")
        if bounds is not None:
            x, y, width = (float(bounds.get(side, "0")) for side in ("x", "y", "width"))
            found[shape.get("bpmnElement", "")] = (x + width - 4, y + 2)
    for edge in root.iter("{*}BPMNEdge"):
        points = [(float(p.get("x", "0")), float(p.get("y", "0"))) for p in edge.iterfind("{*}waypoint")]
        if len(points) > 1:
            found[edge.get("bpmnElement", "")] = shapes.halfway(points)
    return found
