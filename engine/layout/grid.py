"""Which cell each node has: rows from top to bottom, columns within the lanes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from engine.layout.model import Graph, Node


@dataclass(frozen=True, slots=True)
class Grid:
    """Row and column by node id; `columns` are (lane, number in it) from left to right."""

    rows: dict[str, int]
    column: dict[str, int]
    columns: tuple[tuple[int, int], ...]
    height: int

    def free(self, column: int, first: int, last: int) -> bool:
        """Whether nothing stands in the column from one row to another, both included."""
        return not any(self.column[name] == column and first <= self.rows[name] <= last for name in self.column)

    def names(self, row: int) -> Iterator[str]:
        """The nodes of a row."""
        return (name for name in self.column if self.rows[name] == row)


def place(graph: Graph, rows: dict[str, int]) -> Grid:
    """A cell for every node that does not sit on another's border; each below what leads to it, where that is free."""
    wanted = _wanted(graph)
    taken: dict[tuple[int, int], set[int]] = {}
    number: dict[str, int] = {}
    standing = [node for node in graph.nodes.values() if not node.host]
    for node in sorted(standing, key=lambda node: (rows[node.id], node.extra)):
        there = taken.setdefault((rows[node.id], node.lane), set())
        number[node.id] = _nearest(_wish(node, wanted.get(node.id, ()), graph, number), there)
        there.add(number[node.id])
    lanes = range(max(len(graph.lanes), 1))
    widest = {lane: max((number[n.id] for n in standing if n.lane == lane), default=0) for lane in lanes}
    columns = tuple((lane, n) for lane in lanes for n in range(widest[lane] + 1))
    index = {cell: column for column, cell in enumerate(columns)}
    column = {node.id: index[node.lane, number[node.id]] for node in standing}
    return Grid(rows, column, columns, max(rows.values(), default=-1) + 1)


def _wanted(graph: Graph) -> dict[str, list[str]]:
    """What each node would like to stand below, or beside."""
    found: dict[str, list[str]] = {}
    for flow in graph.flows:
        found.setdefault(flow.target, []).append(graph.nodes[flow.source].host or flow.source)
    for line in graph.associations:
        found.setdefault(line.source, []).append(line.target)
        found.setdefault(line.target, []).append(line.source)
    return found


def _wish(node: Node, before: list[str] | tuple[str, ...], graph: Graph, number: dict[str, int]) -> int:
    same = [number[name] for name in before if name in number and graph.nodes[name].lane == node.lane]
    return (same[0] + 1 if node.extra else same[0]) if same else 0


def _nearest(wish: int, taken: set[int]) -> int:
    ways = (at for step in count() for at in (wish + step, wish - step) if at >= 0)
    return next(at for at in ways if at not in taken)
