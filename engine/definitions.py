"""A process definition: one executable process of a BPMN file, with the digest of exactly the files that it names."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.bpmn import SCOPES, Element, Flow, Process, read_bpmn
from engine.canonical import canonical
from engine.checker import OperatorSignature, check, files_named, own_data
from engine.errors import InvalidDeployment

SCOPES_FILE = ".lingkup.json"


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
    own_data: frozenset[str] = field(compare=False, repr=False)  # what has a scope of its own, by id
    documentation: str = field(compare=False, repr=False)

    @property
    def starts(self) -> tuple[Element, ...]:
        """The start events of the process itself, the plain one first."""
        found = [e for e in self.elements.values() if e.kind == "startEvent" and e.scope == self.key]
        return tuple(sorted(found, key=lambda start: start.event is not None))

    @cached_property
    def in_runs(self) -> frozenset[str]:
        """What may be done in several runs, each with data of its own."""
        levels, found = set[str](), set[str]()
        own = {element.inside for element in self.elements.values() if element.id in self.own_data}
        while own - levels:
            levels |= own
            held = [element for element in self.elements.values() if element.scope in levels]
            found |= {element.id for element in held}
            own |= {element.inside for element in held if element.kind in SCOPES}
        return frozenset(found)

    def begun_by(self, kind: str, name: str) -> Element | None:
        """What a message or signal of that name starts a case at: a start event, or what waits for it at once."""
        for element in self.elements.values():
            top = element.scope == self.key and (element.kind == "startEvent" or element.id in self._waiting_first)
            if top and any((event.kind, event.name) == (kind, name) for event in element.events):
                return element
        return None

    @property
    def _waiting_first(self) -> frozenset[str]:
        """What begins a case by waiting: receive tasks, and the events after an event-based gateway, that say so."""
        first = {element.id for element in self.elements.values() if element.instantiate}
        return frozenset(first | {flow.target for flow in self.flows.values() if flow.source in first})


def read_definitions(
    files: Mapping[str, bytes], operators: Mapping[str, OperatorSignature] | None = None
) -> list[Definition]:
    """Every executable process of the `.bpmn` files; raises `InvalidDeployment` with all that the checker refuses."""
    errors = [finding for finding in check(files, operators) if finding.severity == "error"]
    if errors:
        raise InvalidDeployment(errors)
    return deployed_definitions(with_scopes(files))


def with_scopes(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and one for each process with scopes of data in it that names them: a version keeps those it has."""
    found = {name: content for name, content in files.items() if not name.endswith(SCOPES_FILE)}
    model = _Model(found)
    for source, process in model.processes:
        together = [each for _, each in dict(model.with_called(process, source)).values()] if process.executable else []
        own = own_data(together)
        if own:
            found[f"{process.id}{SCOPES_FILE}"] = canonical(sorted(own)).encode()
    return found


def deployed_definitions(files: Mapping[str, bytes]) -> list[Definition]:
    """The same of files that were checked when they were deployed: a case runs on, however strict we become.

    Its data have the scopes that a file of `with_scopes` says, and none without one.
    """
    model = _Model(files)
    return [model.definition(process, source) for source, process in model.processes if process.executable]


def deployed_definition(files: Mapping[str, bytes], key: str) -> Definition:
    """The one of that key; its files may hold other processes, whose own files are not among them."""
    model = _Model(files)
    return next(model.definition(process, source) for source, process in model.processes if process.id == key)


class _Model:
    """All processes of some files; they may call each other."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        names = [name for name in sorted(files) if name.endswith(".bpmn")]
        self.processes = [(name, process) for name in names for process in read_bpmn(files[name])[0]]
        self.by_key = {process.id: (name, process) for name, process in reversed(self.processes)}

    def definition(self, process: Process, source: str) -> Definition:
        parts = dict(self.with_called(process, source))
        scopes = f"{process.id}{SCOPES_FILE}"
        elements = [element for part in parts.values() for element in part[1].elements]
        named = {part[0] for part in parts.values()} | {name for e in elements for name in files_named(e)}
        named |= {scopes} & self.files.keys()
        digests = {name: hashlib.sha256(self.files[name]).hexdigest() for name in sorted(named)}
        starts = [e for e in process.elements if e.kind == "startEvent" and e.scope == process.id]
        start = next((e for e in starts if e.event is None), starts[0])
        return Definition(
            key=process.id,
            name=process.name,
            digest=hashlib.sha256(canonical(digests | self._which(process, source)).encode()).hexdigest(),
            source=source,
            files=digests,
            elements={element.id: element for element in elements},
            flows={flow.id: flow for part in parts.values() for flow in part[1].flows},
            lanes=tuple(dict.fromkeys(lane.name for part in parts.values() for lane in part[1].lanes)),
            start_lane=start.lane,
            properties=process.properties,
            own_data=frozenset(json.loads(self.files.get(scopes, b"[]"))),
            documentation=process.documentation,
        )

    def _which(self, process: Process, source: str) -> dict[str, str]:
        """What tells a process from others of the same file, so that they have different digests."""
        together = [each for name, each in self.processes if name == source and each.executable]
        return {f"#{process.id}": ""} if len(together) > 1 else {}

    def with_called(self, process: Process, source: str) -> Iterator[tuple[str, tuple[str, Process]]]:
        """A process and all that it calls, by id, each once."""
        found = {process.id: (source, process)}
        ahead = [process]
        while ahead:
            for element in ahead.pop().elements:
                if element.kind == "callActivity" and element.called not in found:
                    found[element.called] = self.by_key[element.called]
                    ahead.append(found[element.called][1])
        yield from found.items()
