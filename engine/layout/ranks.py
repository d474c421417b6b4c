"""In which row each node stands: below everything that leads to it, loops aside."""

from collections.abc import Mapping

from engine.layout.model import Graph


def ranks(graph: Graph) -> tuple[dict[str, int], frozenset[str]]:
    """Row by node id, and the ids of the flows that lead back up."""
    after: dict[str, list[tuple[str, str]]] = {name: [] for name in graph.nodes}
    for flow in graph.flows:
        after[_base(graph, flow.source)].append((flow.id, _base(graph, flow.target)))
    order, back = _walk(after)
    rows = dict.fromkeys(after, 0)
    for name in order:
        for line, target in after[name]:
            if line not in back:
                rows[target] = max(rows[target], rows[name] + 1)
    for node in graph.nodes.values():
        if node.host:
            rows[node.id] = rows[node.host]
    for association in graph.associations:
        ends = (association.source, association.target)
        for extra, owner in (ends, ends[::-1]):
            if extra in graph.nodes and owner in graph.nodes and graph.nodes[extra].extra:
                rows[extra], graph.nodes[extra].lane = rows[owner], graph.nodes[owner].lane
    return rows, back


def _base(graph: Graph, name: str) -> str:
    """The node itself, or on whose border it sits."""
    return graph.nodes[name].host or name


def _walk(after: Mapping[str, list[tuple[str, str]]]) -> tuple[list[str], frozenset[str]]:
    """Nodes, each before those that follow it, and the flows that close a loop; first from where nothing leads to."""
    targets = {target for flows in after.values() for _, target in flows}
    state: dict[str, int] = {}  # 1 on the way, 2 done
    done: list[str] = []
    back: set[str] = set()
    for start in sorted(after, key=lambda name: name in targets):
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(after[start]))]
        while stack:
            name, flows = stack[-1]
            step = next(flows, None)
            if step is None:
                state[name] = 2
                done.append(name)
                stack.pop()
            elif state.get(step[1]) == 1:
                back.add(step[0])
            elif step[1] not in state:
                state[step[1]] = 1
                stack.append((step[1], iter(after[step[1]])))
    return done[::-1], frozenset(back)
