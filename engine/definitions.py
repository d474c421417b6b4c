"""A process definition: one executable process of a BPMN file, with the digest of exactly the files that it names."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import Element, Flow, Process, read_bpmn
from engine.canonical import canonical
from engine.checker import OperatorSignature, check, files_named
from engine.errors import InvalidDeployment


@dataclass(frozen=True)
class Definition:
    """What a case runs. It never changes; two of the same key and digest are the same."""

    key: str
    name: str
    digest: str
    source: str
    files: Mapping[str, str] = field(compare=False)
    elements: Mapping[str, Element] = field(compare=False, repr=False)
    flows: Mapping[str, Flow] = field(compare=False, repr=False)
    lanes: tuple[str, ...] = field(compare=False, repr=False)
    start_lane: str | None = field(compare=False, repr=False)
    properties: Mapping[str, str] = field(compare=False, repr=False)
    documentation: str = field(compare=False, repr=False)


def read_definitions(
    files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None = None
) -> list[Definition]:
    """Every executable process of the `.bpmn` files; raises `InvalidDeployment` with all that the checker refuses."""
    errors = [finding for finding in check(files, operators) if finding.severity == "error"]
    if errors:
        raise InvalidDeployment(errors)
    return deployed_definitions(files)


def deployed_definitions(files: Mapping[str, bytes]) -> list[Definition]:
    """The same of files that were checked when they were deployed: a case runs on, however strict we become."""
    return [definition for name in sorted(files) if name.endswith(".bpmn") for definition in _of_file(name, files)]


def _of_file(source: str, files: Mapping[str, bytes]) -> Iterator[Definition]:
    for process in read_bpmn(files[source])[0]:
        if process.executable:
            yield _definition(process, source, files)


def _definition(process: Process, source: str, files: Mapping[str, bytes]) -> Definition:
    named = {source, *(name for element in process.elements for name in files_named(element))}
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(named)}
    start = next(e for e in process.elements if e.kind == "startEvent" and e.scope == process.id)
    return Definition(
        key=process.id,
        name=process.name,
        digest=hashlib.sha256(canonical(digests).encode()).hexdigest(),
        source=source,
        files=digests,
        elements={element.id: element for element in process.elements},
        flows={flow.id: flow for flow in process.flows},
        lanes=tuple(dict.fromkeys(lane.name for lane in process.lanes)),
        start_lane=start.lane,
        properties=process.properties,
        documentation=process.documentation,
    )
