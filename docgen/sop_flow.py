"""The flow of an SOP, drawn into the cells of its table.

A Word table has no lines that cross it: what goes from one symbol to another is cut at the borders of the cells, and
rows have a fixed height, so that the pieces meet. Lengths are in cm, from the top left corner of a cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["terminator", "process", "decision"]
Line = tuple[float, float, float, float]

#: The height of a symbol, and the free space above, between and below symbols.
SYMBOL, SPACE = 0.8, 0.75
_WIDTH = 1.4
# Where lines go: level, below the upper border and above the lower one; upright, beside the left and the right border.
_BAND, _SIDE = 0.28, 0.15
_EMU = 360_000
_PRESET = {"terminator": "flowChartTerminator", "process": "flowChartProcess", "decision": "flowChartDecision"}
_WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
_ARROW = '<a:tailEnd type="triangle" w="sm" len="sm"/>'
_GROUP = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"


@dataclass(frozen=True, slots=True)
class Symbol:
    """One person's act in the flow: the row and the role it stands in."""

    id: str
    row: int
    role: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    role: int
    y: float


@dataclass(slots=True)
class Tile:
    """What one cell shows: symbols with the middle of each, lines, and lines that end in an arrow."""

    symbols: list[tuple[Shape, float, float]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    arrows: list[Line] = field(default_factory=list)


class Flow:
    """The cells of a table with a column `width` wide for each role and rows of these heights."""

    def __init__(self, symbols: Iterable[Symbol], roles: int, width: float, heights: Sequence[float]) -> None:
        self.tiles = {(row, role): Tile() for row in range(len(heights)) for role in range(roles)}
        self._width, self._heights = width, heights
        self._middle, self._half = width / 2, min(_WIDTH, width - 0.6) / 2
        self._places: dict[str, _Place] = {}
        given = list(symbols)
        for (row, role), tile in self.tiles.items():
            here = [symbol for symbol in given if (symbol.row, symbol.role) == (row, role)]
            for n, symbol in enumerate(here, 1):
                y = heights[row] * n / (len(here) + 1)
                tile.symbols.append((symbol.shape, self._middle, y))
                self._places[symbol.id] = _Place(row, role, y)

    def connect(self, source: str, target: str) -> None:
        """Draw what leads from one symbol to another."""
        a, b = self._places[source], self._places[target]
        if (a.row, a.role) == (b.row, b.role) and b.y > a.y:
            self._arrow(b, (self._middle, a.y + SYMBOL / 2, self._middle, b.y - SYMBOL / 2))
        elif a.row == b.row and a.role != b.role and abs(a.y - b.y) < 0.01:
            self._beside(a, b)
        elif b.row > a.row:
            self._down(a, b)
        else:
            self._back(a, b)

    def drawing(self, row: int, role: int, ids: Iterator[int]) -> str:
        """What a cell shows, as a run with a group of shapes; "" where it is empty."""
        tile = self.tiles[row, role]
        shapes = [_shape("line", line, "<a:noFill/>", "", ids) for line in tile.lines]
        shapes += [_shape("line", line, "<a:noFill/>", _ARROW, ids) for line in tile.arrows]
        for shape, x, y in tile.symbols:
            box = (x - self._half, y - SYMBOL / 2, x + self._half, y + SYMBOL / 2)
            shapes.append(_shape(_PRESET[shape], box, _WHITE, "", ids))
        return _group(shapes, self._width, self._heights[row], next(ids)) if shapes else ""

    def _line(self, row: int, role: int, line: Line) -> None:
        self.tiles[row, role].lines.append(line)

    def _arrow(self, to: _Place, line: Line) -> None:
        self.tiles[to.row, to.role].arrows.append(line)

    def _beside(self, a: _Place, b: _Place) -> None:
        """To another role in the same row."""
        right = b.role > a.role
        left_edge, right_edge = self._middle - self._half, self._middle + self._half
        self._line(a.row, a.role, (right_edge, a.y, self._width, a.y) if right else (left_edge, a.y, 0, a.y))
        for role in range(min(a.role, b.role) + 1, max(a.role, b.role)):
            self._line(a.row, role, (0, a.y, self._width, a.y))
        self._arrow(b, (0, b.y, left_edge, b.y) if right else (self._width, b.y, right_edge, b.y))

    def _down(self, a: _Place, b: _Place) -> None:
        """To a later row; past the rows between, at the right border of the role it comes from."""
        self._line(a.row, a.role, (self._middle, a.y + SYMBOL / 2, self._middle, self._heights[a.row]))
        x = self._middle
        if b.row > a.row + 1:
            x = self._width - _SIDE
            self._line(a.row + 1, a.role, (self._middle, 0, x, 0))
        for row in range(a.row + 1, b.row):
            self._line(row, a.role, (x, 0, x, self._heights[row]))
        if (a.role, x) == (b.role, self._middle):
            self._arrow(b, (x, 0, x, b.y - SYMBOL / 2))
            return
        self._line(b.row, a.role, (x, 0, x, _BAND))
        self._level(b.row, (a.role, x), (b.role, self._middle), _BAND)
        self._arrow(b, (self._middle, _BAND, self._middle, b.y - SYMBOL / 2))

    def _back(self, a: _Place, b: _Place) -> None:
        """A return: to the left border of the role it goes to, along it, and into the symbol from the left."""
        y, edge = a.y, self._middle - self._half
        if a.role >= b.role:
            self._level(a.row, (b.role, _SIDE), (a.role, edge), y)
        else:
            y = self._heights[a.row] - _BAND / 2
            self._line(a.row, a.role, (edge, a.y, _SIDE, a.y))
            self._line(a.row, a.role, (_SIDE, a.y, _SIDE, y))
            self._level(a.row, (a.role, _SIDE), (b.role, _SIDE), y)
        if a.row == b.row:
            self._line(b.row, b.role, (_SIDE, min(y, b.y), _SIDE, max(y, b.y)))
        else:
            self._line(a.row, b.role, (_SIDE, 0, _SIDE, y))
            self._line(b.row, b.role, (_SIDE, b.y, _SIDE, self._heights[b.row]))
        for row in range(b.row + 1, a.row):
            self._line(row, b.role, (_SIDE, 0, _SIDE, self._heights[row]))
        self._arrow(b, (_SIDE, b.y, edge, b.y))

    def _level(self, row: int, begin: tuple[int, float], end: tuple[int, float], y: float) -> None:
        """A level line within a row, from one place of a role's column to one of another's."""
        (first, x1), (last, x2) = sorted((begin, end))
        for role in range(first, last + 1):
            self._line(row, role, (x1 if role == first else 0, y, x2 if role == last else self._width, y))


def _group(shapes: Sequence[str], width: float, height: float, number: int) -> str:
    w, h = round(width * _EMU), round(height * _EMU)
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wp:anchor distT="0" distB="0" distL="0" '
        f'distR="0" simplePos="0" relativeHeight="{number}" behindDoc="0" locked="1" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{w}" cy="{h}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="Alur {number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_GROUP}"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{w}" cy="{h}"/><a:chOff x="0" y="0"/><a:chExt cx="{w}" cy="{h}"/></a:xfrm></wpg:grpSpPr>'
        f"{''.join(shapes)}</wpg:wgp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    )


def _shape(preset: str, box: Line, fill: str, end: str, ids: Iterator[int]) -> str:
    x1, y1, x2, y2 = (round(value * _EMU) for value in box)
    flips = (' flipH="1"' if x2 < x1 else "") + (' flipV="1"' if y2 < y1 else "")
    number = next(ids)
    return (
        f'<wps:wsp><wps:cNvPr id="{number}" name="{preset} {number}"/><wps:cNvSpPr/><wps:spPr><a:xfrm{flips}>'
        f'<a:off x="{min(x1, x2)}" y="{min(y1, y2)}"/><a:ext cx="{abs(x2 - x1)}" cy="{abs(y2 - y1)}"/></a:xfrm>'
        f'<a:prstGeom prst="{preset}"><a:avLst/></a:prstGeom>{fill}<a:ln w="9525"><a:solidFill><a:srgbClr '
        f'val="000000"/></a:solidFill>{end}</a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
    )
