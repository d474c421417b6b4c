"""Mending what is certain before a model is read: the tree is changed, the file is not, and every change is listed.

What needs no change to be run right is left alone: several flows out of an activity, conditions on them, an end that is
not drawn, several flows into an activity.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.bpmn.dialects import adopt
from engine.bpmn.translation import translated
from engine.bpmn.values import Change, label, truth
from engine.bpmn.vocabulary import BPMN, CAMUNDA, NODES, SAME

_NAMED = frozenset(BPMN + tag for tag in NODES | SAME.keys() | {"sequenceFlow", "process"})
_FLOW_NODES = frozenset(BPMN + tag for tag in NODES | SAME.keys())
_SCOPES = frozenset(BPMN + tag for tag in ("process", "subProcess", "transaction"))
_EXPRESSIONS = frozenset(
    BPMN + tag
    for tag in (
        "conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality",
        "activationCondition", "timeDate", "timeDuration", "timeCycle", "from", "to",
    )
)  # fmt: skip
_VARIABLE = re.compile(r"\s*[$#]\{\s*([\w.]+)\s*\}\s*")


def normalise(root: Any) -> dict[str, list[Change]]:
    """Mend the tree; the changes by the id of the process that they are in."""
    adopt(root)
    taken = {node.get("id") for node in root.iter(etree.Element) if node.get("id")}
    changes: dict[str, list[Change]] = {}
    for process in root.iterchildren(f"{BPMN}process"):
        found = list(_ids(process, taken))
        for node in process.iter(etree.Element):
            if node.tag in _SCOPES:
                found += _links(node, taken)
                found += _start(node, taken)
            elif node.tag in _EXPRESSIONS:
                found += _translation(node)
            elif node.tag == f"{BPMN}multiInstanceLoopCharacteristics":
                found += _collection(node)
        changes[process.get("id")] = found
    return changes


def _ids(process: Any, taken: set[str]) -> Iterator[Change]:
    for node in process.iter(*_NAMED):
        if not node.get("id", "").strip():
            node.set("id", _fresh(_local(node), taken))
            yield _change("given_id", node)
        elif node.get("id") != node.get("id").strip():
            node.set("id", node.get("id").strip())


def _fresh(base: str, taken: set[str]) -> str:
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    taken.add(f"{base}_{number}")
    return f"{base}_{number}"


def _links(scope: Any, taken: set[str]) -> Iterator[Change]:
    """A flow from each throwing link event to the catching one of the same name."""
    catching = {_link(node): node for node in scope.iterchildren(f"{BPMN}intermediateCatchEvent") if _link(node)}
    for node in list(scope.iterchildren(f"{BPMN}intermediateThrowEvent")):
        target = catching.get(_link(node)) if _link(node) else None
        if target is not None:
            _flow(scope, node, target, taken)
            yield _change("linked", node, target=target.get("id"))


def _link(node: Any) -> str:
    link = node.find(f"{BPMN}linkEventDefinition")
    return "" if link is None else label(link.get("name")) or label(node.get("name"))


def _start(scope: Any, taken: set[str]) -> Iterator[Change]:
    """Where no start event is drawn, everything that no flow leads to starts."""
    nodes = list(scope.iterchildren(*_FLOW_NODES))
    if not nodes or scope.find(f"{BPMN}startEvent") is not None:
        return
    reached = {flow.get("targetRef", "").strip() for flow in scope.iterchildren(f"{BPMN}sequenceFlow")}
    first = [node for node in nodes if node.get("id") not in reached and not _is_beside(node)]
    if first:
        start = _part(scope, "startEvent", scope.sourceline, id=_fresh("startEvent", taken))
        for node in first:
            _flow(scope, start, node, taken)
        yield _change("started", scope, first=", ".join(label(node.get("name")) or node.get("id") for node in first))


def _is_beside(node: Any) -> bool:
    """Whether no flow should lead to a node: events on boundaries, event sub-processes, undo handlers."""
    return (
        node.tag == f"{BPMN}boundaryEvent"
        or truth(node.get("triggeredByEvent"))
        or truth(node.get("isForCompensation"))
        or bool(_link(node))
        and node.tag == f"{BPMN}intermediateCatchEvent"
    )


def _flow(scope: Any, source: Any, target: Any, taken: set[str]) -> None:
    ends = {"sourceRef": source.get("id"), "targetRef": target.get("id")}
    _part(scope, "sequenceFlow", source.sourceline, id=_fresh("sequenceFlow", taken), **ends)


def _part(parent: Any, tag: str, line: int, **attributes: str) -> Any:
    part: Any = etree.SubElement(parent, f"{BPMN}{tag}", attributes)
    part.sourceline = line
    return part


def _translation(node: Any) -> Iterator[Change]:
    text = "".join(node.itertext())
    ours = translated(text)
    if ours is not None:
        for child in list(node):
            node.remove(child)
        node.text = ours
        yield _change("translated", _owner(node), line=node.sourceline, text=text.strip()[:200], ours=ours[:200])


def _collection(node: Any) -> Iterator[Change]:
    """`camunda:collection` and `camunda:elementVariable` in the words of the standard."""
    collection = node.get(f"{CAMUNDA}collection")
    item = node.get(f"{CAMUNDA}elementVariable")
    if collection and node.find(f"{BPMN}loopDataInputRef") is None:
        variable = _VARIABLE.fullmatch(collection)
        reference = etree.SubElement(node, f"{BPMN}loopDataInputRef")
        reference.text = variable[1] if variable else collection
        if item:
            etree.SubElement(node, f"{BPMN}inputDataItem", {"id": item})
        ours = reference.text[:200]
        yield _change("translated", _owner(node), line=node.sourceline, text=collection[:200], ours=ours)


def _owner(node: Any) -> Any:
    while node.tag not in _NAMED:
        node = node.getparent()
    return node


def _change(code: str, node: Any, line: int | None = None, **params: str) -> Change:
    name = label(node.get("name")) or node.get("id", "")
    return Change(code, node.get("id", ""), name, line or node.sourceline, params)


def _local(node: Any) -> str:
    return str(etree.QName(node).localname)
