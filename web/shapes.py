"""The SVG of single BPMN symbols: boxes, events, gateways, documents, lines. Pure geometry; every text is escaped."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from math import hypot

from engine.layout.picture import Box as Box
from engine.layout.picture import Point as Point
from web.icons import EVENTS, GATEWAYS, ICONS
from web.lettering import width, wrap

INK, PAPER, LINE, STRIP = "#25303b", "#ffffff", "#8a95a0", "#f1f4f7"
SIZE, LEADING = 12, 14.5
SMALL = 11
HEADER = 30
CORNER = 7


def text(lines: Sequence[str], at: Point, size: float = SIZE, weight: str = "") -> str:
    """Lines of text around a centre."""
    x, y = at
    leading = LEADING * size / SIZE
    top = y - leading * (len(lines) - 1) / 2 + size * 0.36
    spans = "".join(
        f'<tspan x="{x:g}" y="{top + leading * n:.1f}">{escape(one)}</tspan>' for n, one in enumerate(lines)
    )
    bold = f' font-weight="{weight}"' if weight else ""
    return f'<text text-anchor="middle" font-size="{size:g}"{bold} fill="{INK}" stroke="none">{spans}</text>'


def label(words: str, box: Box) -> str:
    """A label outside its symbol, from the top of the space that the diagram gives it."""
    lines = wrap(words, SMALL, max(box.width, 60) + 8)
    leading = LEADING * SMALL / SIZE
    return text(lines, (box.x + box.width / 2, box.y + leading * len(lines) / 2), SMALL)


def rectangle(box: Box, radius: float = 0, extra: str = "") -> str:
    """A rectangle; its colours come from the group around it."""
    round_ = f' rx="{radius:g}"' if radius else ""
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f'<rect class="outline" {place}{round_}{extra}/>'


def container(name: str, box: Box, upright: bool) -> str:
    """A pool or a lane with its name in the strip along the top (upright) or the left side."""
    strip = Box(box.x, box.y, box.width, HEADER) if upright else Box(box.x, box.y, HEADER, box.height)
    x, y = strip.middle
    words = text([name], (x, y), SIZE + 1, "bold")
    if not upright:
        words = f'<g transform="rotate(-90 {x:g} {y:g})">{words}</g>'
    return rectangle(box) + rectangle(strip, extra=f' fill="{STRIP}"') + words


def task(name: str, box: Box, kind: str) -> str:
    """An activity: a rounded box with the icon of its kind and its name."""
    outline = rectangle(box, 9, ' stroke-width="3"' if kind == "callActivity" else "")
    icon = ICONS.get(kind, "")
    if icon:
        icon = f'<g class="icon" transform="translate({box.x + 7:g} {box.y + 6:g})" fill="none">{icon}</g>'
    lines, size = _fitted(name, box)
    return outline + icon + text(lines, box.middle, size)


def _fitted(name: str, box: Box) -> tuple[list[str], float]:
    """The name's lines in the largest size at which they fit in the box and stay clear of the icon in its corner."""
    lines, size = [name], float(SMALL)
    for size in (SIZE, SMALL, 10):
        for room in (box.width - 16, box.width - 52):
            lines = wrap(name, size, room)
            high = len(lines) * LEADING * size / SIZE
            clear = high < box.height - 44 or width(lines[0] if lines else "", size) < box.width - 56
            if high < box.height - 6 and clear:
                return lines, size
    return lines, size


def event(box: Box, kind: str, definition: str) -> str:
    """A circle: thin at the start, thick at the end, double in between, with the icon of its definition."""
    (x, y), radius = box.middle, box.width / 2
    thick = ' stroke-width="3.5"' if kind == "endEvent" else ""
    circle = f'<circle class="outline" cx="{x:g}" cy="{y:g}" r="{radius:g}"{thick}/>'
    if kind in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
        circle += f'<circle cx="{x:g}" cy="{y:g}" r="{radius - 3:g}"/>'
    inside = EVENTS.get(definition, "")
    if inside:
        circle += f'<g class="icon" transform="translate({x:g} {y:g}) scale({radius / 18:.3g})">{inside}</g>'
    return circle


def gateway(box: Box, kind: str) -> str:
    """A diamond with the sign of its kind."""
    (x, y), w, h = box.middle, box.width / 2, box.height / 2
    sign = GATEWAYS.get(kind, "").format(a=w * 0.32, b=-w * 0.32, c=w * 0.4, d=-w * 0.4)
    diamond = f"M{x:g} {y - h:g}L{x + w:g} {y:g}L{x:g} {y + h:g}L{x - w:g} {y:g}z"
    return (
        f'<path class="outline" stroke-linejoin="round" d="{diamond}"/><g class="icon" fill="none" stroke-width="3"'
        f' stroke-linecap="round" transform="translate({x:g} {y:g})">{sign}</g>'
    )


def document(box: Box) -> str:
    """A sheet of paper with a folded corner."""
    fold = min(box.width, box.height) * 0.33
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    sheet = f"M{x:g} {y:g}H{right - fold:g}L{right:g} {y + fold:g}V{bottom:g}H{x:g}z"
    return (
        f'<path class="outline" stroke-linejoin="round" d="{sheet}"/>'
        f'<path fill="none" d="M{right - fold:g} {y:g}V{y + fold:g}H{right:g}"/>'
    )


def store(box: Box) -> str:
    """A cylinder."""
    x, y, w, h, rim = box.x, box.y, box.width, box.height, box.height * 0.15
    side = h - 2 * rim
    return (
        f'<path class="outline" d="M{x:g} {y + rim:g}v{side:g}a{w / 2:g} {rim:g} 0 0 0 {w:g} 0v{-side:g}"/>'
        f'<ellipse cx="{x + w / 2:g}" cy="{y + rim:g}" rx="{w / 2:g}" ry="{rim:g}"/>'
    )


def annotation(words: str, box: Box) -> str:
    """A note with a bracket on its left."""
    bracket = f'<path fill="none" d="M{box.x + 10:g} {box.y:g}H{box.x:g}v{box.height:g}h10"/>'
    return bracket + text(wrap(words, SMALL, box.width - 10), box.middle, SMALL)


def line(points: Sequence[Point]) -> str:
    """A line through the points, its corners rounded."""
    path = "M{:g} {:g}".format(*points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _towards(corner, before), _towards(corner, after)
        path += f"L{enter[0]:.1f} {enter[1]:.1f}Q{corner[0]:g} {corner[1]:g} {leave[0]:.1f} {leave[1]:.1f}"
    return f'<path class="line" fill="none" d="{path}L{points[-1][0]:g} {points[-1][1]:g}"/>'


def arrowhead(points: Sequence[Point], kind: str = "full") -> str:
    """The tip of a line, full, hollow or open: a marker would not take the line's colour in every browser."""
    x, y = points[-1]
    back = _towards(points[-1], next((p for p in reversed(points[:-1]) if p != points[-1]), (x, y - 1)), 10)
    dx, dy = (x - back[0]) * 0.45, (y - back[1]) * 0.45
    left, right = f"{back[0] - dy:.1f} {back[1] + dx:.1f}", f"{back[0] + dy:.1f} {back[1] - dx:.1f}"
    corners = f"M{left}L{x:g} {y:g}L{right}" + ("" if kind == "open" else "z")
    fill = {"hollow": f' fill="{PAPER}"', "open": ' fill="none"'}.get(kind, "")
    return f'<path class="arrow" stroke-width="1" stroke-dasharray="none"{fill} d="{corners}"/>'


def slash(points: Sequence[Point]) -> str:
    """The stroke across the beginning of a default flow."""
    x, y = _towards(points[0], points[1], 9)
    return f'<path class="line" d="M{x - 4:g} {y - 5:g}l8 10"/>'


def halfway(points: Sequence[Point]) -> Point:
    """The middle of the longest stretch of a line, where its label has most room."""
    (a, b), (c, d) = max(pairwise(points), key=lambda ends: hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]))
    return (a + c) / 2, (b + d) / 2


def _towards(start: Point, end: Point, far: float = CORNER) -> Point:
    """The point `far` from `start` on the way to `end`, at most half-way."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1
    part = min(far, length / 2) / length
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
