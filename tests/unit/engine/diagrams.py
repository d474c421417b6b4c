"""Small models for tests, from a line per flow instead of a screen of XML."""

from collections.abc import Mapping
from html import escape
from typing import Any

from engine.definitions import Definition, deployed_definitions

_TAGS = {"s": "startEvent", "e": "endEvent", "u": "userTask", "x": "exclusiveGateway", "a": "parallelGateway",
         "o": "inclusiveGateway", "c": "scriptTask", "v": "serviceTask", "p": "subProcess"}  # fmt: skip
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="http://alur">'
)


def nodes(flows: str, inner: Mapping[str, str], scripts: Mapping[str, str], tag: str) -> str:
    """The XML inside a process or sub-process; the first letter of an id says its kind (`et` ends with terminate).

    A line is `source target`, or `source target | condition`; `source target | default` marks the default flow.
    """
    lines = [line.strip() for line in flows.strip().splitlines()]
    ids: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    arrows = []
    for number, line in enumerate(lines, 1):
        ends, _, condition = (part.strip() for part in line.partition("|"))
        source, target = ends.split()
        flow = f"f{tag}{number}"
        ids.setdefault(source, []).append(f"<bpmn:outgoing>{flow}</bpmn:outgoing>")
        ids.setdefault(target, []).insert(0, f"<bpmn:incoming>{flow}</bpmn:incoming>")
        expression = ""
        if condition == "default":
            defaults[source] = flow
        elif condition:
            expression = f"<bpmn:conditionExpression>{escape(condition, quote=False)}</bpmn:conditionExpression>"
        arrows.append(f'<bpmn:sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{expression}'
                      "</bpmn:sequenceFlow>")  # fmt: skip
    return "\n".join([*(_node(i, ids[i], defaults.get(i), inner, scripts) for i in ids), *arrows])


def _node(id_: str, ends: list[str], default: str | None, inner: Mapping[str, str], scripts: Mapping[str, str]) -> str:
    kind = _TAGS[id_[0]]
    # The standard wants incoming before outgoing.
    body = "".join(sorted(ends))
    if kind == "userTask":
        properties = (f'<spiffworkflow:property name="{name}" value="{value}"/>'
                      for name, value in (("formJsonSchemaFilename", "f.json"), ("dataKey", id_)))  # fmt: skip
        body = _extension(f"<spiffworkflow:properties>{''.join(properties)}</spiffworkflow:properties>") + body
    elif kind == "serviceTask":
        parameters = f'<spiffworkflow:parameter id="n" type="any" value="{escape(scripts.get(id_, "1"))}"/>'
        body = _extension(f'<spiffworkflow:serviceTaskOperator id="test/{id_}" resultVariable="r_{id_}">'
                          f"<spiffworkflow:parameters>{parameters}</spiffworkflow:parameters>"
                          "</spiffworkflow:serviceTaskOperator>") + body  # fmt: skip
    elif kind == "scriptTask":
        body += f"<bpmn:script>{escape(scripts[id_])}</bpmn:script>"
    elif kind == "subProcess":
        body += nodes(inner[id_], inner, scripts, f"_{id_}_")
    elif id_.startswith("et"):
        body += "<bpmn:terminateEventDefinition/>"
    attribute = f' default="{default}"' if default else ""
    return f'<bpmn:{kind} id="{id_}" name="{id_.upper()}"{attribute}>{body}</bpmn:{kind}>'


def _extension(body: str) -> str:
    return f"<bpmn:extensionElements>{body}</bpmn:extensionElements>"


def bpmn(flows: str, inner: Mapping[str, str] | None = None, scripts: Mapping[str, str] | None = None) -> bytes:
    """A whole file: one process, one lane that holds every node."""
    body = nodes(flows, inner or {}, scripts or {}, "")
    members = dict.fromkeys(word for line in flows.strip().splitlines() for word in line.split("|")[0].split())
    refs = "".join(f"<bpmn:flowNodeRef>{member}</bpmn:flowNodeRef>" for member in members)
    lanes = f'<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Staf">{refs}</bpmn:lane></bpmn:laneSet>'
    process = f'<bpmn:process id="proses" name="Proses" isExecutable="true">{lanes}{body}</bpmn:process>'
    return f"{_HEAD}\n{process}\n</bpmn:definitions>".encode()


def definition(flows: str, **drawing: Any) -> Definition:
    """The definition that the flows draw, also one that the checker would refuse."""
    return deployed_definitions({"m.bpmn": bpmn(flows, **drawing), "f.json": FORM})[0]


FORM = b'{"type": "object", "properties": {"a": {"type": "string"}}, "examples": [{}]}'
