"""The words of BPMN that we know, by what we do with them; everything else is refused by name."""

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
TASKS = frozenset({"task", "manualTask", "userTask", "serviceTask", "scriptTask", "receiveTask", "sendTask"})
# What runs as something else does.
SAME = {"transaction": "subProcess", "adHocSubProcess": "subProcess", "businessRuleTask": "serviceTask"}
SCOPES = frozenset({"subProcess", "callActivity"})
ACTIVITIES = TASKS | SCOPES
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
GATEWAYS = CHOOSING | {"parallelGateway", "eventBasedGateway", "complexGateway"}
NODES = EVENTS | ACTIVITIES | GATEWAYS
# Drawn for the reader; they neither hold nor move anything when the process runs.
DRAWN = frozenset({"dataObject", "dataObjectReference", "textAnnotation", "association", "group"})
# Drawn too, but a designer might think that they do something: a warning says that they do not.
DECORATION = frozenset(
    {
        "dataStoreReference", "ioSpecification", "messageFlow", "resourceRole", "performer",
        "humanPerformer", "potentialOwner", "auditing", "monitoring", "rendering",
    }
)  # fmt: skip
PARTS = frozenset({"documentation", "extensionElements"})
NODE_PARTS = PARTS | {"incoming", "outgoing", "property", "dataInputAssociation", "dataOutputAssociation"}
EVENT_PARTS = NODE_PARTS | {"dataInput", "dataOutput", "inputSet", "outputSet", "eventDefinitionRef"}
LOOP_TAGS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
PROCESS_PARTS = PARTS | DRAWN | {"laneSet", "sequenceFlow", "property"}
GATEWAY_PARTS = NODE_PARTS | {"activationCondition"}
ROOT_PARTS = PARTS | {
    "process", "collaboration", "category", "BPMNDiagram", "message", "signal", "error", "escalation", "itemDefinition",
    "dataStore", "interface", "resource", "relationship",
}  # fmt: skip
POOL_PARTS = PARTS | {"participant", "textAnnotation", "association", "group"}
LANE_PARTS = PARTS | {"flowNodeRef", "childLaneSet"}
FLOW_PARTS = PARTS | {"conditionExpression"}

CARRIED = frozenset(SPIFF + tag for tag in ("messagePayload", "payloadExpression", "messageVariable", "variableName"))
PLAIN_ATTRIBUTES = {
    "isClosed": "false", "eventGatewayType": "Exclusive",
}  # fmt: skip
SCRIPT_FORMATS = frozenset({"", "python", "python3", "text/python", "text/x-python", "application/x-python"})
