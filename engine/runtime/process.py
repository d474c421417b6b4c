"""From a definition to SpiffWorkflow's specs, once per definition; all its cases share them and none changes them.

Not by SpiffWorkflow's own parser: it orders flows by the diagram's y position, recurses along the model and drops what
has no id. The definition has been read and checked already.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.specs.base import TaskSpec

from engine.bpmn import Element, Flow, upstream
from engine.definitions import Definition
from engine.expressions import compile_expression, compile_script
from engine.runtime import specs


@dataclass(frozen=True, eq=False)
class Blueprint:
    """The specs of a definition: the process, and its sub-processes by id."""

    definition: Definition
    spec: BpmnProcessSpec
    scopes: Mapping[str, BpmnProcessSpec]


@lru_cache(maxsize=512)
def blueprint(definition: Definition) -> Blueprint:
    """The specs of a definition."""
    scopes = {e.id: BpmnProcessSpec(name=e.id) for e in definition.elements.values() if e.kind == "subProcess"}
    top = BpmnProcessSpec(name=definition.key, filename=definition.source)
    for element in definition.elements.values():
        _add(scopes.get(element.scope, top), element)
    for scope, spec in [(definition.key, top), *scopes.items()]:
        _connect(spec, [flow for flow in definition.flows.values() if flow.scope == scope], definition.elements)
    return Blueprint(definition, top, scopes)


def _add(spec: BpmnProcessSpec, element: Element) -> None:
    common = {"lane": element.lane, "bpmn_name": element.name, "documentation": element.documentation}
    match element.kind:
        case "startEvent":
            specs.StartEvent(spec, element.id, NoneEventDefinition(), **common)
        case "endEvent":
            event = TerminateEventDefinition() if element.terminates else NoneEventDefinition()
            specs.EndEvent(spec, element.id, event, **common).terminates = element.terminates
        case "userTask":
            specs.UserTask(spec, element.id, **common)
        case "scriptTask":
            specs.ScriptTask(spec, element.id, element.script, **common).code = compile_script(element.script)
        case "serviceTask":
            service = specs.ServiceTask(spec, element.id, **common)
            service.operator, service.result = element.operator or "", element.result
            service.parameters = {name: compile_expression(text) for name, text in element.parameters.items()}
        case "subProcess":
            specs.SubProcess(spec, element.id, subworkflow_spec=element.id, **common)
        case "exclusiveGateway":
            specs.ExclusiveGateway(spec, element.id, **common)
        case "parallelGateway":
            specs.ParallelGateway(spec, element.id, **common)
        case "inclusiveGateway":
            specs.InclusiveGateway(spec, element.id, **common)


def _connect(spec: BpmnProcessSpec, flows: list[Flow], elements: Mapping[str, Element]) -> None:
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    incoming: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
        # SpiffWorkflow's own view of the graph, without the conditions that its gateways would take over.
        TaskSpec.connect(spec.task_specs[flow.source], spec.task_specs[flow.target])
    for name, node in spec.task_specs.items():
        if isinstance(node, specs.Node):
            node.outgoing, node.incoming = tuple(outgoing[name]), tuple(incoming[name])
        if isinstance(node, specs.Gateway):
            default = elements[name].default
            node.default = next((flow for flow in node.outgoing if flow.id == default), None)
            node.conditions = tuple((f, _condition(f)) for f in node.outgoing if f is not node.default)
        if isinstance(node, specs.InclusiveGateway):
            node.reach = {flow.id: upstream(flow, incoming) for flow in node.incoming}


def _condition(flow: Flow) -> Any:
    return None if flow.condition is None else compile_expression(flow.condition)
