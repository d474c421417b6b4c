"""What stands in the way of deploying a model: every finding names the element, the line, the reason and the mend."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.bpmn import BadBpmn, Element, read_bpmn
from engine.expressions import BadExpression, compile_expression


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; `message` and `hint` are English sentences to translate and fill with `params`."""

    code: str
    severity: Literal["error", "warning"]
    element_id: str
    element_name: str
    line: int
    message: str
    hint: str
    params: Mapping[str, object]


class OperatorSignature(Protocol):
    """The parameters a service task may give to an operator."""

    @property
    def required(self) -> frozenset[str]:
        """Those it must give."""

    @property
    def optional(self) -> frozenset[str]:
        """Those it may leave out."""


def check(files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None = None) -> list[Finding]:
    """All findings about the `.bpmn` files and what they name. Never raises, whatever the bytes."""
    return [finding for name in sorted(files) if name.endswith(".bpmn") for finding in _file(files[name])]


def files_named(element: Element) -> Iterator[str]:
    """The forms and the template that an element names; they are looked up among the deployed files, never a path."""
    for name in ("formJsonSchemaFilename", "formUiSchemaFilename"):
        if element.kind == "userTask" and name in element.properties:
            yield element.properties[name]
    if element.kind == "serviceTask" and "template" in element.parameters:
        try:
            template = compile_expression(element.parameters["template"]).constant
        except BadExpression:
            return
        if isinstance(template, str):
            yield template


def _file(content: bytes) -> Iterator[Finding]:
    try:
        read_bpmn(content)
    except BadBpmn as bad:
        yield Finding(bad.code, "error", "", "", int(str(bad.params["line"])), bad.message, "", bad.params)
