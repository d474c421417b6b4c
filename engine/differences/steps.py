"""What changed about the elements of the diagram: their names, roles, properties, documents and conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass

from engine.bpmn import Element, Flow
from engine.differences.change import Change, Kind
from engine.errors import N_
from engine.properties import ANY, EVENT, PARAMETERS, SUB_PROCESS, USER_TASK

Pairs = Sequence[tuple[Element | None, Element | None]]
Facts = Mapping[tuple[str, str], str]

KINDS = {
    "userTask": N_("a task for a person"),
    "serviceTask": N_("automatic work"),
    "scriptTask": N_("a calculation"),
    "sendTask": N_("a message that is sent"),
    "receiveTask": N_("a message that is waited for"),
    "exclusiveGateway": N_("a decision"),
    "parallelGateway": N_("a split or join"),
    "inclusiveGateway": N_("a decision with several ways"),
    "eventBasedGateway": N_("a wait for what comes first"),
    "startEvent": N_("a start"),
    "endEvent": N_("an end"),
    "intermediateCatchEvent": N_("a wait"),
    "intermediateThrowEvent": N_("a signal that is given"),
    "boundaryEvent": N_("an event on the edge of a step"),
    "subProcess": N_("a part process"),
    "callActivity": N_("a call of another SOP"),
}
# What has a sentence of its own, or only says where the element stands in its file.
_PLACED = {"id", "kind", "line", "scope", "default"}
_TOLD = _PLACED | {"name", "lane", "properties", "documentation", "operator", "parameters"}
# What people call what stands behind a step; anything else goes by its own name.
WORDS = {
    **USER_TASK,
    **SUB_PROCESS,
    **EVENT,
    **ANY,
    **PARAMETERS,
    "name": N_("name"),
    "lane": N_("role"),
    "documentation": N_("instruction"),
    "operator": N_("kind of automatic work"),
    "result": N_("name under which its result is kept"),
    "script": N_("calculation"),
    "event": N_("event"),
    "events": N_("event"),
    "attached_to": N_("step on whose edge it stands"),
    "interrupting": N_("ends the step on whose edge it stands"),
    "loop": N_("repetition"),
    "called": N_("SOP that is called"),
}


def title(element: Element | None) -> str:
    """What people call an element."""
    return "" if element is None else element.name or element.id


def step_changes(pairs: Pairs) -> Iterator[Change]:
    """Elements that came, went, or are described otherwise."""
    for old, new in pairs:
        if old is None and new is not None:
            yield _whole("added", new)
        elif new is None and old is not None:
            yield _whole("removed", old)
        elif old is not None and new is not None:
            yield from _changed(old, new)


def _whole(kind: Kind, element: Element) -> Change:
    params = {"kind": KINDS.get(element.kind, element.kind), "lane": element.lane or ""}
    sentences = {
        "added": (N_("added: %(kind)s"), N_("added: %(kind)s of the role %(lane)s")),
        "removed": (N_("removed: %(kind)s"), N_("removed: %(kind)s of the role %(lane)s")),
    }
    sentence = sentences[kind][bool(element.lane)]
    return Change(kind, "step", title(element), sentence, params, element_ids=(element.id,))


def _changed(old: Element, new: Element) -> Iterator[Change]:
    ids = (new.id, *({old.id} - {new.id}))
    if old.id != new.id:
        params = {"before": old.id, "after": new.id}
        sentence = N_("drawn anew: its internal name was %(before)s and is now %(after)s")
        yield Change("changed", "step", title(new), sentence, params, element_ids=ids)
    if old.kind != new.kind:
        params = {"before": KINDS.get(old.kind, old.kind), "after": KINDS.get(new.kind, new.kind)}
        sentence = N_("was %(before)s and is now %(after)s")
        yield Change("changed", "step", title(new), sentence, params, element_ids=ids)
    before, after = _facts(old), _facts(new)
    for key in dict.fromkeys([*before, *after]):
        if before.get(key, "") != after.get(key, ""):
            what, named = _named(*key)
            was, now = before.get(key, ""), after.get(key, "")
            yield Change("changed", "step", title(new), what, named, was, now, element_ids=ids)


def _named(group: str, name: str) -> tuple[str, Mapping[str, str]]:
    if name in WORDS and (group or name in ("name", "lane", "documentation")):
        return WORDS[name], {}
    return N_("property “%(name)s”"), {"name": name.replace("_", " ")}


def _facts(element: Element) -> Facts:
    known: dict[tuple[str, str], str] = {("", name): getattr(element, name) or "" for name in ("name", "lane")}
    known |= {("", "documentation"): element.documentation}
    known |= {("property", name): value for name, value in element.properties.items()}
    known |= {("work", "operator"): element.operator or ""}
    known |= {("work", name): value for name, value in element.parameters.items()}
    rest = (field.name for field in fields(element) if field.name not in _TOLD)
    known |= {("work", name): _written(getattr(element, name)) for name in rest}
    return {key: value.strip() for key, value in known.items()}


def _written(part: object) -> str:
    """A fact as people read it; an event or a loop as its filled-in fields."""
    if part is None or part is False:
        return ""
    if isinstance(part, (tuple, list)):
        return "; ".join(_written(each) for each in part)
    if is_dataclass(part):
        return ", ".join(filter(None, (_written(getattr(part, field.name)) for field in fields(part))))
    return "✓" if part is True else str(part)


def way_changes(
    pairs: Sequence[tuple[Flow | None, Flow | None]],
    old: Mapping[str, Element],
    new: Mapping[str, Element],
    known: Mapping[str, str],
) -> Iterator[Change]:
    """Flows that came, went, lead elsewhere or ask otherwise; `known` are the old ids of new elements.

    A plain arrow from or to what was itself added or removed says nothing more than that.
    """
    for before, after in pairs:
        if before is None and after is not None:
            yield _arrow("added", after, new, after.source in known and after.target in known)
        elif after is None and before is not None:
            stay = set(known.values())
            yield _arrow("removed", before, old, before.source in stay and before.target in stay)
        elif before is not None and after is not None:
            yield from _rerouted(before, after, old, new, known)


def _arrow(kind: str, flow: Flow, elements: Mapping[str, Element], between: bool) -> Change:
    params = {"target": title(elements.get(flow.target)) or flow.target}
    subject = title(elements.get(flow.source)) or flow.source
    quiet = not between and not flow.condition
    if kind == "added":
        sentence = N_("new way to “%(target)s”")
        return Change("added", "way", subject, sentence, params, None, flow.condition, "", (flow.id,), quiet)
    sentence = N_("no way to “%(target)s” any more")
    return Change("removed", "way", subject, sentence, params, flow.condition, None, "", (flow.id,), quiet)


def _rerouted(
    before: Flow, after: Flow, old: Mapping[str, Element], new: Mapping[str, Element], known: Mapping[str, str]
) -> Iterator[Change]:
    subject, ids = title(new.get(after.source)), (after.id, *({before.id} - {after.id}))
    target = {"target": title(new.get(after.target))}

    def changed(what: str, params: Mapping[str, str], was: str | None = None, now: str | None = None) -> Change:
        return Change("changed", "way", subject, what, params, was, now, element_ids=ids)

    if known.get(after.source) != before.source:
        params = {"before": title(old.get(before.source)), "after": subject, **target}
        yield changed(N_("the way to “%(target)s” began at “%(before)s” and begins at “%(after)s” now"), params)
    if known.get(after.target) != before.target:
        params = {"before": title(old.get(before.target)), "after": target["target"]}
        yield changed(N_("the way led to “%(before)s” and leads to “%(after)s” now"), params)
    if (before.condition or "") != (after.condition or ""):
        texts = before.condition or "", after.condition or ""
        yield changed(N_("condition of the way to “%(target)s”"), target, *texts)
    if before.name != after.name:
        yield changed(N_("words on the way to “%(target)s”"), target, before.name, after.name)
    was, now = _is_default(before, old), _is_default(after, new)
    if now and not was:
        yield changed(N_("the way to “%(target)s” is taken when no condition is true"), target)
    elif was and not now:
        yield changed(N_("the way to “%(target)s” is no longer taken when no condition is true"), target)


def _is_default(flow: Flow, elements: Mapping[str, Element]) -> bool:
    source = elements.get(flow.source)
    return source is not None and source.default == flow.id
