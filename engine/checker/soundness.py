"""A token game on one level of a process: can it get stuck, or do something twice at once?

A marking is the set of flows that hold a token. From each one, a single node that can fire is played on, in all the
ways that it can choose: nodes do not compete for tokens, so the order among them leads to no other deadlock. Conditions
are not looked at, except that one name does not equal two things, and nothing holds together with its opposite.
Sub-processes count as activities; their inside is played by itself. An event on a boundary is one more way out of its
activity, or a way beside the others when it does not interrupt.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations

from engine.bpmn import Element, Flow, upstream
from engine.checker.findings import At, Finding, finding

MOST = 50_000  # tokens looked at, over all markings
MANY = 50  # flows to choose from, of which not every pair is tried
_COMPARED = re.compile(r"""\s*(not\s+)?([\w.]+)\s*(?:([=!<>]=|<|>)\s*(?:(['"])([^'"\\]*)\4|(-?\d+))\s*)?""")
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", None: "not", "not": None}
Marking = frozenset[Flow]
Flows = Mapping[str, Sequence[Flow]]


def soundness_findings(
    owner: At, nodes: Mapping[str, Element], incoming: Flows, outgoing: Flows, boundary: Mapping[str, Sequence[Element]]
) -> Iterator[Finding]:
    """The first deadlock and the first lack of synchronisation, or a warning that neither was ruled out."""
    game = _Game(nodes, incoming, outgoing, boundary)
    firsts: list[Marking] = [frozenset(outgoing[e.id]) for e in nodes.values() if e.kind == "startEvent"]
    seen, ahead, looked_at = set(firsts), firsts, 0
    while ahead and not (game.stuck and game.doubled):
        looked_at += len(ahead[-1])
        if looked_at > MOST:
            yield finding("not_proven", owner)
            break
        for marking in game.play(ahead.pop()):
            if marking not in seen:
                seen.add(marking)
                ahead.append(marking)
    if game.stuck:
        yield finding("deadlock", game.stuck)
    if game.doubled:
        yield finding("not_synchronised", nodes[game.doubled.target], flow=game.doubled.name or game.doubled.id)


class _Game:
    """The rules; remembers the first node that waits for ever and the first flow that would hold two tokens."""

    def __init__(
        self, nodes: Mapping[str, Element], incoming: Flows, outgoing: Flows, boundary: Mapping[str, Sequence[Element]]
    ) -> None:
        self.nodes = nodes
        self.incoming = incoming
        self.outgoing = outgoing
        self.boundary = boundary
        self.stuck: Element | None = None
        self.doubled: Flow | None = None
        joins = [name for name, element in nodes.items() if element.kind == "inclusiveGateway"]
        hosts = {event.id: host for host, events in boundary.items() for event in events}
        self.reach = {flow: upstream(flow, incoming, hosts) for name in joins for flow in incoming[name]}

    def play(self, marking: Marking) -> list[Marking]:
        """Every marking that the chosen node can lead to; none when the game is over."""
        order = sorted(marking, key=self._turn)
        for flow in order:
            node = self.nodes[flow.target]
            taken = self._takes(node, flow, marking)
            if taken:
                return list(self._moves(marking - taken, node))
        if order:
            self.stuck = self.stuck or self.nodes[order[0].target]
        return []

    def _turn(self, flow: Flow) -> tuple[bool, int, str]:
        """Nodes that depend on tokens elsewhere come last: inclusive gateways and terminating ends."""
        return flow in self.reach or ends_all(self.nodes[flow.target]), flow.line, flow.id

    def _takes(self, node: Element, flow: Flow, marking: Marking) -> Marking:
        """The tokens that the node consumes when it fires now; empty when it cannot."""
        if ends_all(node):
            return marking
        if node.kind == "parallelGateway":
            all_in = frozenset(self.incoming[node.id])
            return all_in if all_in <= marking else frozenset()
        if node.kind == "inclusiveGateway":
            filled = marking.intersection(self.incoming[node.id])
            return filled if self._is_complete(node, marking, filled) else frozenset()
        return frozenset({flow})

    def _is_complete(self, node: Element, marking: Marking, filled: Marking) -> bool:
        for token in marking - filled:
            reached = {flow for flow in self.incoming[node.id] if token.target in self.reach[flow]}
            if reached and not reached & filled:
                return False
        return True

    def _puts(self, node: Element) -> Iterator[tuple[Flow, ...]]:
        """The flows that a token may leave by, in every way: chosen ones, and those of events on the boundary."""
        events = self.boundary[node.id]
        beside = [tuple(self.outgoing[event.id]) for event in events if not event.interrupting]
        for put in ways_out(node, self.outgoing[node.id]):
            yield put
            yield from ((*put, *more) for more in beside)
        yield from (tuple(self.outgoing[event.id]) for event in events if event.interrupting)

    def _moves(self, left: Marking, node: Element) -> Iterator[Marking]:
        for put in self._puts(node):
            doubled = next((flow for flow in put if flow in left), None)
            if doubled is None:
                yield left.union(put)
            self.doubled = self.doubled or doubled


def ways_out(node: Element, flows: Sequence[Flow]) -> Iterator[tuple[Flow, ...]]:
    """Which of its flows a token may leave a node by together, in every way; of conditions, only plain ones count."""
    outgoing = tuple(flows)
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        return ((flow,) for flow in outgoing) if outgoing else iter(((),))
    default = tuple(flow for flow in outgoing if flow.id == node.default)
    asked = [flow for flow in outgoing if flow.condition is not None and flow not in default]
    if node.kind == "parallelGateway" or not asked:
        return iter((outgoing,))
    always = tuple(flow for flow in outgoing if flow not in asked and flow not in default)
    sizes = {1, 2, len(asked)} if len(asked) < MANY else {1, len(asked)}
    some = (each for n in sorted(sizes) for each in combinations(asked, n) if len(asked) >= MANY or _agree(each))
    none = ((*always, *default),) if always or default else ()
    return chain(((*always, *each) for each in some), none)


def _agree(flows: Sequence[Flow]) -> bool:
    """Whether all conditions can hold at once: no two are opposites, or say that one name equals this and that."""
    said = {_said(match) for flow in flows if (match := _COMPARED.fullmatch(flow.condition or ""))}
    equal = [name for name, how, _ in said if how == "=="]
    return len(equal) == len(set(equal)) and not any((name, _OPPOSITE[how], what) in said for name, how, what in said)


def _said(match: re.Match[str]) -> tuple[str, str | None, tuple[str | None, str | None]]:
    """What is compared, how, and with what text or number."""
    denied, name, how, _, text, number = match.groups()
    return name, _OPPOSITE[how] if denied else how, (text, number)


def ends_all(node: Element) -> bool:
    """Whether nothing of its scope is left after it: it terminates, or what it throws ends the scope."""
    return node.kind == "endEvent" and node.event is not None and node.event.kind in ("terminate", "error", "cancel")
