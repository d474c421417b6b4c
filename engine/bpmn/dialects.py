"""What Camunda Modeler writes with our element templates, for Camunda 7 or 8, in the words that we read.

The tree is changed, the file is not. Only our names are taken over; the rest stays where it is, and is reported as an
extension that has no effect. What a model says in our own words counts before what it says in these.
"""

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from engine.bpmn.translation import translated
from engine.bpmn.values import Change, label
from engine.bpmn.vocabulary import BPMN, CAMUNDA, SPIFF, ZEEBE
from engine.properties import NAMES, PARAMETERS

_EXTENSIONS = f"{BPMN}extensionElements"
_PROPERTIES = (f"{CAMUNDA}properties", f"{ZEEBE}properties")
# Which template was used; it has done its work.
_TEMPLATE = [f"{of}modelerTemplate{what}" for of in (CAMUNDA, ZEEBE) for what in ("", "Version", "Icon")]
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def lend(root: Any, process: Any) -> None:
    """What Camunda Modeler says of a whole diagram with pools, such as the cover of an SOP, goes to its process."""
    for said in root.iterfind(f"{BPMN}collaboration/{_EXTENSIONS}/*"):
        if said.tag in _PROPERTIES:
            _within(process, _EXTENSIONS).append(deepcopy(said))


def adopt(node: Any) -> Iterator[Change]:
    """Take over what is ours at one node; yields where it contradicts our own words."""
    for name in _TEMPLATE:
        node.attrib.pop(name, None)
    extensions = node.find(_EXTENSIONS)
    if extensions is None:
        return
    for container in _PROPERTIES:
        for name, value in _taken(extensions, container, "name", NAMES):
            yield from _put(node, _within(extensions, f"{SPIFF}properties"), "property", "name", name, value)
    for marker in extensions.findall(f"{ZEEBE}userTask"):  # a user task of Camunda 8 says again that it is one
        extensions.remove(marker)
    if node.tag in (f"{BPMN}serviceTask", f"{BPMN}businessRuleTask"):
        yield from _operator(node, extensions)


def _operator(node: Any, extensions: Any) -> Iterator[Change]:
    """The topic of an external task, or the type of a job, is the operator; its inputs are the parameters."""
    job = extensions.find(f"{ZEEBE}taskDefinition")
    named = node.get(f"{CAMUNDA}topic") if job is None else job.get("type")
    if not named:
        return
    operator = _within(extensions, f"{SPIFF}serviceTaskOperator")
    yield from _state(node, operator, "id", named, "operator")
    if operator.get("id") != named:
        return
    given = [*_taken(extensions, f"{CAMUNDA}inputOutput", "name", PARAMETERS),
             *_taken(extensions, f"{ZEEBE}ioMapping", "target", PARAMETERS)]  # fmt: skip
    for name, value in given:
        parameters = _within(operator, f"{SPIFF}parameters")
        yield from _put(node, parameters, "parameter", "id", name, _expression(value))
    results = [value for _, value in _taken(extensions, f"{ZEEBE}taskHeaders", "key", {"resultVariable"})]
    for result in filter(None, [node.get(f"{CAMUNDA}resultVariable"), *results]):
        yield from _state(node, operator, "resultVariable", result)
    for name in ("type", "topic", "resultVariable"):
        node.attrib.pop(f"{CAMUNDA}{name}", None)
    if job is not None:
        extensions.remove(job)


def _taken(extensions: Any, tag: str, key: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What a container says of names that are known, taken out of it; what was left empty says nothing."""
    for container in extensions.findall(tag):
        for said in [each for each in container if each.get(key) in known and not len(each)]:
            value = (said.get("value") or said.get("source") or said.text or "").strip()
            if value:
                yield said.get(key), value
            container.remove(said)
        if not len(container):
            extensions.remove(container)


def _put(node: Any, container: Any, tag: str, key: str, name: str, value: str) -> Iterator[Change]:
    own = next((each for each in container if each.get(key) == name), None)
    if own is None:
        own = etree.SubElement(container, SPIFF + tag, {key: name})
    yield from _state(node, own, "value", value, name)


def _state(node: Any, part: Any, attribute: str, value: str, name: str = "") -> Iterator[Change]:
    stated = part.get(attribute)
    if not stated:
        part.set(attribute, value)
    elif stated != value:
        params = {"what": name or attribute, "ours": stated[:200], "theirs": value[:200]}
        id_ = node.get("id", "")
        yield Change("contradiction", id_, label(node.get("name")) or id_, node.sourceline, params)


def _within(parent: Any, tag: str) -> Any:
    child = parent.find(tag)
    return etree.SubElement(parent, tag) if child is None else child


def _expression(text: str) -> str:
    """A text as it stands, unless it is marked as an expression; one in quotes is the text in them."""
    if text.startswith(("${", "#{", "=")):
        return translated(text) or text
    return text if _QUOTED.fullmatch(text) else repr(text)
