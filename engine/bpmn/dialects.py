"""What Camunda Modeler writes with our element templates, for Camunda 7 or 8, in the words that we read.

The tree is changed, the file is not. What our names do not cover, and what contradicts the model's own words, stays
where it is and is reported as an extension that has no effect.
"""

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from engine.bpmn.translation import translated
from engine.bpmn.vocabulary import BPMN, CAMUNDA, SPIFF, ZEEBE
from engine.properties import NAMES, PARAMETERS

_EXTENSIONS = f"{BPMN}extensionElements"
_PROPERTIES = (f"{CAMUNDA}properties", f"{ZEEBE}properties")
_TEMPLATE = [f"{of}modelerTemplate{what}" for of in (CAMUNDA, ZEEBE) for what in ("", "Version", "Icon")]
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def adopt(root: Any) -> None:
    """Take over what is ours. What is said of a whole drawing with pools is said of its processes."""
    etree.strip_attributes(root, *_TEMPLATE)
    etree.strip_elements(root, f"{ZEEBE}userTask", with_tail=False)  # says again what a user task is
    drawing = [each for each in root.iterfind(f"{BPMN}collaboration/{_EXTENSIONS}/*") if each.tag in _PROPERTIES]
    for process in root.iterchildren(f"{BPMN}process") if drawing else ():
        _within(process, _EXTENSIONS).extend(map(deepcopy, drawing))
    for extensions in list(root.iter(_EXTENSIONS)):
        own = {each.get("name"): each.get("value") for each in extensions.iterfind(f"{SPIFF}properties/*")}
        for container in _PROPERTIES:
            for name, value in _taken(extensions, container, "name", NAMES, own):
                etree.SubElement(_within(extensions, f"{SPIFF}properties"), f"{SPIFF}property", name=name, value=value)
        if extensions.getparent().tag in (f"{BPMN}serviceTask", f"{BPMN}businessRuleTask"):
            _operator(extensions.getparent(), extensions)


def _operator(node: Any, extensions: Any) -> None:
    """The topic of an external task, or the type of a job, is the operator; its inputs are the parameters."""
    job = extensions.find(f"{ZEEBE}taskDefinition")
    named = node.get(f"{CAMUNDA}topic") if job is None else job.get("type")
    if not named or extensions.find(f"{SPIFF}serviceTaskOperator") is not None:
        return
    operator = etree.SubElement(extensions, f"{SPIFF}serviceTaskOperator", id=named)
    parameters = etree.SubElement(operator, f"{SPIFF}parameters")
    for container, key in ((f"{CAMUNDA}inputOutput", "name"), (f"{ZEEBE}ioMapping", "target")):
        for name, value in _taken(extensions, container, key, PARAMETERS, {}):
            etree.SubElement(parameters, f"{SPIFF}parameter", id=name, value=_expression(value))
    headers = dict(_taken(extensions, f"{ZEEBE}taskHeaders", "key", {"resultVariable"}, {}))
    operator.set("resultVariable", node.get(f"{CAMUNDA}resultVariable") or headers.get("resultVariable", ""))
    etree.strip_attributes(node, *(f"{CAMUNDA}{name}" for name in ("type", "topic", "resultVariable")))
    etree.strip_elements(extensions, f"{ZEEBE}taskDefinition", with_tail=False)


def _taken(place: Any, tag: str, key: str, known: Collection[str], own: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What a container says of known names and `own` does not, taken out of it; what is empty says nothing."""
    for container in place.findall(tag):
        for said in [each for each in container if each.get(key) in known and not len(each)]:
            name, value = said.get(key), (said.get("value") or said.get("source") or said.text or "").strip()
            if value and name not in own:
                yield name, value
            if not value or own.setdefault(name, value) == value:
                container.remove(said)
        if not len(container):
            place.remove(container)


def _expression(text: str) -> str:
    """A text as it stands, unless it is marked as an expression; one in quotes is the text in them."""
    if text.startswith(("${", "#{", "=")):
        return translated(text) or text
    return text if _QUOTED.fullmatch(text) else repr(text)


def _within(parent: Any, tag: str) -> Any:
    child = parent.find(tag)
    return etree.SubElement(parent, tag) if child is None else child
