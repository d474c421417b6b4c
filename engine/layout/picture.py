"""From cells and ways to coordinates: boxes, lines with their corners, and where labels stand."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.layout.grid import Grid, place
from engine.layout.model import Flow, Graph, Node
from engine.layout.ranks import ranks
from engine.layout.routes import BOTTOM, CHANNEL, GUTTER, LEFT, Route, assign, routes

Point = tuple[float, float]

TRACK = 12.0
PAD = 16.0
NARROWEST, NARROWEST_FIRST = 100.0, 170.0
HEADER = 30.0
ON_BORDER, APART = 36.0, 46.0
LABEL, LINE = 90.0, 14.0  # how wide a label is, how high one of its lines
LETTERS = 14  # that fit into a label


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, x: float, y: float) -> "Box":
        """The same elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(slots=True)
class Picture:
    """Boxes, lines and labels by element id, from the corner (0, 0) on."""

    width: float = 0.0
    height: float = 0.0
    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def paste(self, other: "Picture", x: float, y: float) -> None:
        """Put another picture into this one."""
        self.boxes |= {name: box.moved(x, y) for name, box in other.boxes.items()}
        self.lines |= {name: [(a + x, b + y) for a, b in points] for name, points in other.lines.items()}
        self.labels |= {name: box.moved(x, y) for name, box in other.labels.items()}


def draw(graph: Graph) -> Picture:
    """The whole of a process or of a sub-process."""
    inside = {node.id: draw(node.inner) for node in graph.nodes.values() if node.inner}
    for name, picture in inside.items():
        graph.nodes[name].size = (max(picture.width, 160.0), picture.height + HEADER)
    _make_room_for_borders(graph)
    rows, _ = ranks(graph)
    grid = place(graph, rows)
    ways = routes(graph, grid)
    for way in ways:
        way.tracks = [0] * len(way.legs)
    return _Drafting(graph, grid, ways).picture(inside)


def _make_room_for_borders(graph: Graph) -> None:
    """Whatever sits on a border needs half of it: flows leave at the middle."""
    for node in graph.nodes.values():
        events = sum(other.host == node.id for other in graph.nodes.values())
        if events:
            node.size = (max(node.size[0], 2 * (APART * events + 10)), node.size[1])


class _Drafting:
    """One graph on its way to coordinates."""

    def __init__(self, graph: Graph, grid: Grid, ways: list[Route]) -> None:
        self.graph, self.grid, self.ways = graph, grid, ways
        self.gutters, self.columns, self.borders = self._across()
        self.middle = {name: sum(self.columns[column]) / 2 for name, column in grid.column.items()}
        self.channels, self.rows = self._down()

    def picture(self, inside: dict[str, Picture]) -> Picture:
        picture = Picture(self.borders[-1], self.rows[-1][1] if self.rows else PAD)
        picture.height = self.channels[-1][-1] + PAD if self.channels[-1] else picture.height + PAD
        for node in self.graph.nodes.values():
            if not node.host:
                picture.boxes[node.id] = self._box(node)
        self._on_borders(picture)
        for name, held in inside.items():
            box = picture.boxes[name]
            picture.paste(held, box.x + (box.width - held.width) / 2, box.y + HEADER)
        for way in self.ways:
            picture.lines[way.flow.id] = self._points(way, picture.boxes)
        for line in self.graph.associations:
            if line.source in picture.boxes and line.target in picture.boxes:
                picture.lines[line.id] = straight(picture.boxes[line.source], picture.boxes[line.target])
        picture.labels |= dict(_labels(self.graph, picture))
        for lane, name in enumerate(self.graph.lanes):
            left, right = self.borders[lane], self.borders[lane + 1]
            picture.boxes[name] = Box(left, 0, right - left, picture.height)
        return picture

    def _across(self) -> tuple[list[list[float]], list[tuple[float, float]], list[float]]:
        """The tracks of each gutter, from where to where each column goes, and the borders of lanes."""
        cells, x = self.grid.columns, 0.0
        gutters: list[list[float]] = []
        columns: list[tuple[float, float]] = []
        borders = [0.0]
        for number in range(len(cells) + 1):
            tracks = assign(self._upright(number))
            new_lane = 0 < number < len(cells) and cells[number][0] != cells[number - 1][0]
            if new_lane:
                x += PAD
                borders.append(x)
            gutters.append([x + PAD + TRACK * track for track in range(tracks)])
            x += PAD + TRACK * max(tracks - 1, 0) + PAD
            if number < len(cells):
                width = self._width(number)
                columns.append((x, x + width))
                x += width
        return gutters, columns, [*borders, x]

    def _width(self, column: int) -> float:
        first = self.grid.columns[column][1] == 0
        here = (self.graph.nodes[name].size[0] for name, at in self.grid.column.items() if at == column)
        return max(NARROWEST_FIRST if first else NARROWEST, *here, 0.0)

    def _upright(self, gutter: int) -> Iterator[tuple[float, float, Route, int]]:
        """What runs in a gutter, in half rows: a row's middle lies between the channels above and below it."""
        for way in self.ways:
            for number, leg in enumerate(way.legs):
                if leg.along == GUTTER and leg.number == gutter:
                    begin = (
                        2.0 * self.grid.rows[way.flow.source] + 1 if number == 0 else 2.0 * way.legs[number - 1].number
                    )
                    end = 2.0 * way.legs[number + 1].number
                    yield min(begin, end), max(begin, end), way, number

    def _down(self) -> tuple[list[list[float]], list[tuple[float, float]]]:
        """The tracks of the channel above each row and below the last, and from where to where each row goes."""
        y = 0.0
        channels: list[list[float]] = []
        rows: list[tuple[float, float]] = []
        for number in range(self.grid.height + 1):
            tracks = assign(self._level(number))
            channels.append([y + PAD + TRACK * track for track in range(tracks)])
            y += PAD + TRACK * max(tracks - 1, 0) + PAD
            if number < self.grid.height:
                height = max((self._height(name) for name in self.grid.names(number)), default=0.0)
                rows.append((y, y + height))
                y += height
        return channels, rows

    def _height(self, name: str) -> float:
        node = self.graph.nodes[name]
        if node.extra and node.kind != "textAnnotation":
            return node.size[1] + LINE * _lines(node.name) + 4
        lower = any(other.host == name for other in self.graph.nodes.values())
        return node.size[1] + (ON_BORDER if lower else 0.0)

    def _level(self, channel: int) -> Iterator[tuple[float, float, Route, int]]:
        for way in self.ways:
            for number, leg in enumerate(way.legs):
                if leg.along == CHANNEL and leg.number == channel:
                    begin = self._x(way, number - 1) if number else self._start_x(way.flow.source)
                    end = self._x(way, number + 1) if number + 1 < len(way.legs) else self.middle[way.flow.target]
                    yield min(begin, end) - TRACK / 2, max(begin, end) + TRACK / 2, way, number

    def _x(self, way: Route, leg: int) -> float:
        return self.gutters[way.legs[leg].number][way.tracks[leg]]

    def _start_x(self, name: str) -> float:
        node = self.graph.nodes[name]
        if not node.host:
            return self.middle[name]
        host = self.graph.nodes[node.host]
        siblings = [other.id for other in self.graph.nodes.values() if other.host == node.host]
        return self.middle[node.host] + host.size[0] / 2 - 28 - APART * siblings.index(name)

    def _box(self, node: Node) -> Box:
        top, bottom = self.rows[self.grid.rows[node.id]]
        width, height = node.size
        y = top if node.extra else (top + bottom - height) / 2
        return Box(self.middle[node.id] - width / 2, y, width, height)

    def _on_borders(self, picture: Picture) -> None:
        for node in self.graph.nodes.values():
            if node.host:
                host, (width, height) = picture.boxes[node.host], node.size
                x, y = self._start_x(node.id), host.y + host.height
                picture.boxes[node.id] = Box(x - width / 2, y - height / 2, width, height)

    def _points(self, way: Route, boxes: dict[str, Box]) -> list[Point]:
        source, target = boxes[way.flow.source], boxes[way.flow.target]
        (x, y), end = source.middle, (target.middle[0], target.y)
        if way.side == BOTTOM:
            y = source.y + source.height
        else:
            x = source.x if way.side == LEFT else source.x + source.width
        points = [(x, y)]
        for number, leg in enumerate(way.legs):
            if leg.along == GUTTER:
                points.append((self._x(way, number), points[-1][1]))
            else:
                points.append((points[-1][0], self.channels[leg.number][way.tracks[number]]))
        points += [(end[0], points[-1][1]), end]
        return _corners(points)


def straight(one: Box, other: Box) -> list[Point]:
    """A line between two boxes, from border to border; level where they stand side by side."""
    (x1, y1), (x2, y2) = one.middle, other.middle
    level = y1 if one.height < other.height else y2
    if x1 != x2 and one.y <= level <= one.y + one.height and other.y <= level <= other.y + other.height:
        ends = (one.x + one.width, other.x) if x1 < x2 else (one.x, other.x + other.width)
        return [(ends[0], level), (ends[1], level)]
    return [_edge(one, x2 - x1, y2 - y1), _edge(other, x1 - x2, y1 - y2)]


def _edge(box: Box, dx: float, dy: float) -> Point:
    x, y = box.middle
    reach = max(abs(dx) / (box.width / 2), abs(dy) / (box.height / 2)) or 1.0
    return x + dx / reach, y + dy / reach


def _corners(points: list[Point]) -> list[Point]:
    """Without points that change no direction."""
    found: list[Point] = []
    for point in points:
        if found and point == found[-1]:
            continue
        if len(found) > 1 and (found[-2][0] == found[-1][0] == point[0] or found[-2][1] == found[-1][1] == point[1]):
            found.pop()
        found.append(point)
    return found


def _labels(graph: Graph, picture: Picture) -> Iterator[tuple[str, Box]]:
    """Names outside their symbols: right above a gateway, right of an event, below data, where a flow begins."""
    for node in graph.nodes.values():
        box = picture.boxes[node.id]
        if not node.name or node.inner or node.kind == "textAnnotation":
            continue
        if node.kind.endswith("Gateway"):
            yield node.id, _label(node.name, box.x + box.width / 2 + 8, box.y - 12)
        elif node.kind.endswith("Event"):
            below = box.height if node.host else (box.height - LINE * _lines(node.name)) / 2
            yield node.id, _label(node.name, box.x + box.width + 4, box.y + below - (LINE if node.host else 0))
        elif node.extra:
            yield node.id, _label(node.name, box.middle[0] - _width(node.name) / 2, box.y + box.height + 2)
    for flow in graph.flows:
        if flow.name:
            yield flow.id, _beside(flow.name, picture.lines[flow.id])


def _beside(name: str, points: list[Point]) -> Box:
    """Right of where a line begins downwards, below where it begins sideways: names of gateways stand above."""
    (x1, y1), (x2, _) = points[:2]
    if x1 == x2:
        return _label(name, x1 + 5, y1 + 2)
    return _label(name, x1 + 2 if x2 > x1 else x1 - 2 - _width(name), y1 + 3)


def _label(name: str, x: float, y: float) -> Box:
    return Box(x, y, _width(name), LINE * _lines(name))


def _width(name: str) -> float:
    return min(max(6.5 * len(name), 24.0), LABEL)


def _lines(name: str) -> int:
    return -(-len(name) // LETTERS)


def message(flow: Flow, boxes: dict[str, Box]) -> list[Point]:
    """A message between pools: sideways, then up or down between them, then sideways again."""
    one, other = boxes[flow.source], boxes[flow.target]
    right = other.middle[0] > one.middle[0]
    start = (one.x + one.width if right else one.x, one.middle[1])
    end = (other.x if right else other.x + other.width, other.middle[1])
    middle = end[0] - 20 if right else end[0] + 20
    return _corners([start, (middle, start[1]), (middle, end[1]), end])
