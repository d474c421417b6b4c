"""Models from a few words a node: what a screen of XML says, on a line.

    start s; user u; end e; s > u > e              nodes, then flows; `a > b : condition`, `a > b : default`
    boundary b on=u timer=PT1H beside              on an activity's border; `beside` does not interrupt
    sub p { start s2; end e2; s2 > e2 }            nested; `event` makes it an event sub-process
    user u each=orang item=o result=hasil into=semua sequential until='nrOfCompletedInstances == 2'
    call c process=q in='a=n' out='b=hasil.k'; sub p gives=a,b { … }          what goes in and comes out
    boundary b on=A compensate undo=U; task U undoes         an association to what undoes it; `throw t compensate=A`

A task's name is its id, in lower case its data key. `script c 'n = n + 1'` has its script in quotes. Messages, signals,
errors and escalations are declared where they are named.
"""

import re
import shlex
from dataclasses import dataclass, field
from html import escape
from typing import Any

TAGS = {
    "start": "startEvent", "end": "endEvent", "user": "userTask", "task": "task", "manual": "manualTask",
    "script": "scriptTask", "service": "serviceTask", "send": "sendTask", "receive": "receiveTask", "sub": "subProcess",
    "call": "callActivity", "transaction": "transaction", "adhoc": "adHocSubProcess", "rule": "businessRuleTask",
    "xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway", "first": "eventBasedGateway",
    "complex": "complexGateway", "catch": "intermediateCatchEvent", "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
}  # fmt: skip
NAMED = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}
TIMERS = {"timer": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="http://alur">'
)
FORM = '{"type": "object", "properties": {"k": {"type": "string"}}, "examples": [{}]}'


@dataclass
class Drawing:
    """Collects what stands beside the processes."""

    roots: dict[tuple[str, str], str] = field(default_factory=dict)
    flows: int = 0

    def body(self, text: str) -> str:
        """The XML of the statements of a process or sub-process."""
        nodes: list[tuple[str, list[str], str]] = []
        arrows: list[tuple[str, str, str]] = []
        for words, inner in statements(text):
            if ">" in words:
                arrows += chain(words)
            elif words[0] == "raw":
                nodes.append(("raw", words[1:], ""))
            else:
                nodes.append((words[0], words[1:], inner))
        defaults: dict[str, str] = {}
        lines = [self.flow(arrow, defaults) for arrow in arrows]
        return "\n".join([*(self.node(*node, defaults) for node in nodes), *lines])

    def flow(self, arrow: tuple[str, str, str], defaults: dict[str, str]) -> str:
        source, target, condition = arrow
        self.flows += 1
        if condition == "default":
            defaults[source] = f"f{self.flows}"
            condition = ""
        inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        return f'<sequenceFlow id="f{self.flows}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'

    def node(self, kind: str, words: list[str], inner: str, defaults: dict[str, str]) -> str:
        if kind == "raw":
            return words[0]
        name, options, flags = words[0], dict[str, str](), set[str]()
        for word in words[1:]:
            key, equals, value = word.partition("=")
            if equals and re.fullmatch(r"[a-zA-Z:]+", key):
                options[key] = value
            else:
                flags.add(word)
        attributes = {"id": name, "name": name, **self.attributes(kind, options, flags)}
        if name in defaults:
            attributes["default"] = defaults[name]
        body = extensions(kind, name, options) + self.event(kind, options, flags) + self.loop(options, flags)
        for key, tag in (("in", "dataInputAssociation"), ("out", "dataOutputAssociation")):
            if key in options:
                to, _, said = options[key].partition("=")
                assigned = f"<assignment><from>{escape(said)}</from><to>{to}</to></assignment>"
                body += f"<{tag}><targetRef>{to}</targetRef>{assigned}</{tag}>"
        for key, part in (("done", "completionCondition"), ("go", "activationCondition")):
            body += f"<{part}>{escape(options[key])}</{part}>" if key in options else ""
        if kind == "script":
            body += f"<script>{escape(next(flag for flag in flags if '=' in flag))}</script>"
        tag = TAGS[kind]
        given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
        drawn = f"<{tag}{given}>{body}{self.body(inner)}</{tag}>"
        if "undo" in options:
            drawn += f'<association id="as_{name}" sourceRef="{name}" targetRef="{options["undo"]}"/>'
        return drawn

    def attributes(self, kind: str, options: dict[str, str], flags: set[str]) -> dict[str, str]:
        given = {key[1:]: value for key, value in options.items() if key.startswith(":")}
        if "on" in options:
            given["attachedToRef"] = options["on"]
        if "beside" in flags:
            given["isInterrupting" if kind == "start" else "cancelActivity"] = "false"
        if "event" in flags:
            given["triggeredByEvent"] = "true"
        if "undoes" in flags:
            given["isForCompensation"] = "true"
        if "process" in options:
            given["calledElement"] = options["process"]
        if kind in ("send", "receive") and "message" in options:
            given["messageRef"] = self.root("message", options["message"])
        return given

    def event(self, kind: str, options: dict[str, str], flags: set[str]) -> str:
        body = ""
        if kind in ("send", "receive"):
            return body
        for key, tag in TIMERS.items():
            if key in options:
                body += f"<timerEventDefinition><{tag}>{escape(options[key])}</{tag}></timerEventDefinition>"
        for key in NAMED:
            if key in options:
                reference = f' {key}Ref="{self.root(key, options[key])}"' if options[key] else ""
                body += f"<{key}EventDefinition{reference}/>"
        if "when" in options:
            condition = f"<condition>{escape(options['when'])}</condition>"
            body += f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"
        if "link" in options:
            body += f'<linkEventDefinition name="{options["link"]}"/>'
        if "compensate" in options:
            body += f'<compensateEventDefinition activityRef="{options["compensate"]}"/>'
        plain = flags & {"terminate", "cancel", "compensate"}
        return body + "".join(f"<{flag}EventDefinition/>" for flag in sorted(plain))

    def root(self, kind: str, name: str) -> str:
        self.roots[kind, name] = f'<{kind} id="{kind}_{name}" {NAMED[kind]}="{name}"/>'
        return f"{kind}_{name}"

    def loop(self, options: dict[str, str], flags: set[str]) -> str:
        def part(key: str, tag: str, of: str = "") -> str:
            if key not in options:
                return ""
            return f'<{tag} id="{options[key]}"/>' if of else f"<{tag}>{escape(options[key])}</{tag}>"

        if "while" in options or "max" in options:
            most = f' loopMaximum="{options["max"]}"' if "max" in options else ""
            before = ' testBefore="true"' if "before" in flags else ""
            tag = "standardLoopCharacteristics"
            return f"<{tag}{most}{before}>{part('while', 'loopCondition')}</{tag}>"
        if "each" in options or "times" in options:
            order = ' isSequential="true"' if "sequential" in flags else ""
            behavior = f' behavior="{options["behavior"]}"' if "behavior" in options else ""
            if "throws" in options:
                behavior += f' {options["behavior"].lower()}BehaviorEventRef="{options["throws"]}"'
            return (
                f"<multiInstanceLoopCharacteristics{order}{behavior}>"
                + part("times", "loopCardinality")
                + part("each", "loopDataInputRef") + part("into", "loopDataOutputRef")
                + part("item", "inputDataItem", "id") + part("result", "outputDataItem", "id")
                + part("until", "completionCondition") + "</multiInstanceLoopCharacteristics>"
            )  # fmt: skip
        return ""


def extensions(kind: str, name: str, options: dict[str, str]) -> str:
    properties: dict[str, str] = {}
    if kind == "user":
        properties = {"formJsonSchemaFilename": "f.json", "dataKey": options.get("key", name.lower())}
    if "gives" in options:
        properties["keluarData"] = options["gives"]
    if "correlation" in options:
        properties["correlation"] = options["correlation"]
    body = "".join(f'<spiffworkflow:property name="{k}" value="{escape(v)}"/>' for k, v in properties.items())
    body = f"<spiffworkflow:properties>{body}</spiffworkflow:properties>" if body else ""
    if kind == "service" or (kind == "rule" and "n" in options):
        result = options.get("result", "hasil_" + name.lower())
        body += (
            f'<spiffworkflow:serviceTaskOperator id="test/ok" resultVariable="{result}">'
            f'<spiffworkflow:parameters><spiffworkflow:parameter id="n" value="{escape(options.get("n", "1"))}"/>'
            "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        )
    return f"<extensionElements>{body}</extensionElements>" if body else ""


def statements(text: str) -> list[tuple[list[str], str]]:
    """The statements between `;` or line ends, each with what stands in its braces."""
    found, depth, start, opened = [], 0, 0, 0
    quote = ""
    for at, char in enumerate(text + ";"):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "{":
            depth += 1
            opened = opened if depth > 1 else at
        elif char == "}":
            depth -= 1
            if not depth:
                found.append((shlex.split(text[start:opened]), text[opened + 1 : at]))
                start = at + 1
        elif char in ";\n" and not depth:
            if text[start:at].strip():
                found.append((shlex.split(text[start:at]), ""))
            start = at + 1
    return found


def chain(words: list[str]) -> list[tuple[str, str, str]]:
    """`a > b > c : condition`: the condition is of the last flow."""
    condition = ""
    if ":" in words:
        condition = " ".join(words[words.index(":") + 1 :])
        words = words[: words.index(":")]
    nodes = [word for word in words if word != ">"]
    pairs = list(zip(nodes, nodes[1:], strict=False))
    return [(a, b, condition if n == len(pairs) else "") for n, (a, b) in enumerate(pairs, 1)]


def model(text: str, **attributes: Any) -> bytes:
    """A whole file; the statements outside `process q { … }` are those of the process `p`, its nodes in one lane."""
    drawing = Drawing()
    others, own = [], []
    for words, inner in statements(text):
        if words[0] == "root":
            drawing.roots["root", words[1]] = words[1]
        else:
            (others if words[0] == "process" else own).append((words, inner))
    processes = [("p", own)] + [(words[1], statements(inner)) for words, inner in others]
    bodies = [_process(drawing, name, parts) for name, parts in processes]
    return "\n".join([HEAD, *drawing.roots.values(), *bodies, "</definitions>"]).encode()


def _process(drawing: Drawing, name: str, parts: list[tuple[list[str], str]]) -> str:
    said = [(shlex.join(words).replace("'>'", ">"), f" {{{inner}}}" if inner else "") for words, inner in parts]
    text = "\n".join(words + inner for words, inner in said)
    ids = [words[1] for words, _ in parts if words[0] in TAGS]
    members = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ids)
    lanes = f'<laneSet id="ls_{name}"><lane id="l_{name}" name="Staf">{members}</lane></laneSet>'
    return f'<process id="{name}" name="{name}" isExecutable="true">\n{lanes}\n{drawing.body(text)}\n</process>'
