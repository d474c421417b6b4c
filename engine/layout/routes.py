"""Which way each flow goes: down through the channels above the rows, and the gutters beside the columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.layout.grid import Grid
from engine.layout.model import Flow, Graph

CHANNEL, GUTTER = "channel", "gutter"
BOTTOM, LEFT, RIGHT = "bottom", "left", "right"


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch along a channel (above the row of that number) or a gutter (left of the column of that number)."""

    along: str
    number: int


@dataclass(slots=True)
class Route:
    """A flow's way from one side of its source to the top of its target; `tracks` are given later, one a leg."""

    flow: Flow
    side: str
    legs: tuple[Leg, ...]
    tracks: list[int] = field(default_factory=list)


def routes(graph: Graph, grid: Grid) -> list[Route]:
    """A way for every flow."""
    sides = _sides(graph, grid)
    return [Route(flow, sides[flow.id], tuple(_legs(graph, grid, flow, sides[flow.id]))) for flow in graph.flows]


def _sides(graph: Graph, grid: Grid) -> dict[str, str]:
    """Where each flow leaves: the first that goes down at the bottom, others towards where they go."""
    found: dict[str, str] = {}
    used: set[str] = set()
    straight_first = sorted(graph.flows, key=lambda flow: _bends(graph, grid, flow))
    for flow in straight_first:
        source = graph.nodes[flow.source]
        up = grid.rows[flow.target] <= grid.rows[flow.source]
        if source.host or (not up and flow.source not in used):
            found[flow.id] = BOTTOM
            used.add(flow.source)
        else:
            leftwards = grid.column[flow.target] < grid.column[flow.source]
            found[flow.id] = LEFT if leftwards else RIGHT
    return found


def _bends(graph: Graph, grid: Grid, flow: Flow) -> bool:
    return grid.column[flow.target] != grid.column[graph.nodes[flow.source].host or flow.source]


def _legs(graph: Graph, grid: Grid, flow: Flow, side: str) -> Iterator[Leg]:
    source = graph.nodes[flow.source]
    here, there = grid.column[source.host or flow.source], grid.column[flow.target]
    begin, end = grid.rows[flow.source], grid.rows[flow.target]
    if side != BOTTOM:
        yield Leg(GUTTER, here if side == LEFT else here + 1)
    if end <= begin:
        if side == BOTTOM:  # of an event on a border
            yield Leg(CHANNEL, begin + 1)
            yield Leg(GUTTER, here + 1)
        yield Leg(CHANNEL, end)
        return
    clear = grid.free(there, begin + 1, end - 1)
    if here == there and side == BOTTOM and not source.host and clear:
        return
    if clear:
        yield Leg(CHANNEL, begin + 1)
    elif side == BOTTOM and not source.host and grid.free(here, begin + 1, end - 1):
        yield Leg(CHANNEL, end)
    else:
        if side == BOTTOM:
            yield Leg(CHANNEL, begin + 1)
            yield Leg(GUTTER, there + 1 if here > there else there)
        yield Leg(CHANNEL, end)


def assign(lines: Iterable[tuple[float, float, Route, int]]) -> int:
    """Give each stretch (from, to, route, leg) a track on which it meets no other; returns how many there are."""
    ends: list[float] = []
    for begin, end, route, leg in sorted(lines, key=lambda line: (line[0], line[1])):
        track = next((n for n, busy in enumerate(ends) if busy < begin), len(ends))
        ends[track:] = [end, *ends[track + 1 :]]
        route.tracks[leg] = track
    return len(ends)
