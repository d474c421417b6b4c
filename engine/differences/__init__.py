"""The difference of two versions of an SOP, in words and as marks on two diagrams: pure functions of their files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.bpmn import Element
from engine.bundles import Bundle
from engine.checker import files_named
from engine.differences.change import Change
from engine.differences.documents import document_changes
from engine.differences.drawing import drawing_changes
from engine.differences.forms import form_changes
from engine.differences.pairs import pairs
from engine.differences.steps import step_changes, title, way_changes
from engine.errors import N_

__all__ = ["Change", "Difference", "difference"]

PARTS = ("sop", "role", "step", "way", "form", "document", "drawing")


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes in the order of `PARTS`, those that are only marked among them."""

    changes: tuple[Change, ...]

    @property
    def told(self) -> list[Change]:
        """Those to be read."""
        return [change for change in self.changes if not change.quiet]

    @property
    def marks(self) -> dict[str, tuple[str, ...]]:
        """`added`, `removed` or `changed` by id, for both diagrams: what is gone stands on one only, what came too."""
        found: dict[str, tuple[str, ...]] = {}
        for change in sorted(self.changes, key=lambda each: _mark(each) == "changed"):
            for element in change.element_ids:
                found.setdefault(element, (_mark(change),))
        return found


def _mark(change: Change) -> str:
    """A field that came or went changes the step that shows it."""
    return "changed" if change.part in ("form", "document") else change.kind


def difference(old: Bundle, new: Bundle) -> Difference:
    """What is otherwise in `new`."""
    changes = sorted(_changes(old, new), key=lambda change: PARTS.index(change.part))
    if not changes and old.definition.digest != new.definition.digest:
        sentence = N_("the files are written otherwise, but say the same")
        changes = [Change("changed", "sop", "", sentence)]
    return Difference(tuple(changes))


def _changes(old: Bundle, new: Bundle) -> Iterator[Change]:
    before, after = old.definition, new.definition
    steps = pairs(before.elements, after.elements, _what)
    common = [(a, b) for a, b in steps if a is not None and b is not None]
    known, new_ids = {b.id: a.id for a, b in common}, {a.id: b.id for a, b in common}
    yield from _about(old, new)
    yield from step_changes(steps)
    ways = pairs(
        before.flows,
        after.flows,
        lambda flow: (new_ids.get(flow.source, flow.source), new_ids.get(flow.target, flow.target)),
    )
    yield from way_changes(ways, before.elements, after.elements, known)
    yield from _forms(old, new, common)
    yield from _documents(old, new, common)
    yield from drawing_changes(old.files[before.source], new.files[after.source])


def _what(element: Element) -> tuple[str, str, str | None] | None:
    return (element.kind, element.name, element.lane) if element.name else None


def _about(old: Bundle, new: Bundle) -> Iterator[Change]:
    before, after = old.definition, new.definition
    if before.name != after.name:
        yield Change("changed", "sop", "", N_("name of the SOP"), {}, before.name, after.name)
    if before.documentation != after.documentation:
        yield Change("changed", "sop", "", N_("description of the SOP"), {}, before.documentation, after.documentation)
    for name in dict.fromkeys([*before.properties, *after.properties]):
        texts = before.properties.get(name, ""), after.properties.get(name, "")
        if texts[0] != texts[1]:
            params = {"name": name.replace("_", " ")}
            yield Change("changed", "sop", "", N_("property “%(name)s”"), params, *texts)
    for lane in after.lanes:
        if lane not in before.lanes:
            yield Change("added", "role", lane, N_("new role"))
    for lane in before.lanes:
        if lane not in after.lanes:
            yield Change("removed", "role", lane, N_("no longer a role"))


def _forms(old: Bundle, new: Bundle, common: list[tuple[Element, Element]]) -> Iterator[Change]:
    """Changes of forms; where several steps show the same fields, each change is told once."""
    found: dict[tuple[object, ...], list[tuple[Change, Element]]] = {}
    for before, after in common:
        if before.id in old.forms and after.id in new.forms:
            file = after.properties["formJsonSchemaFilename"]
            for change in form_changes(old.forms[before.id], new.forms[after.id]):
                key = (file, change.kind, change.subject, change.what, str(change.params), change.before, change.after)
                found.setdefault(key, []).append((change, after))
    for same in found.values():
        yield _together(same[0][0], [step for _, step in same])


def _documents(old: Bundle, new: Bundle, common: list[tuple[Element, Element]]) -> Iterator[Change]:
    named: dict[tuple[str, str], list[Element]] = {}
    for before, after in common:
        if "template" in before.parameters and "template" in after.parameters:
            for pair in zip(files_named(before), files_named(after), strict=False):
                named.setdefault(pair, []).append(after)
    for (was, now), steps in named.items():
        if was in old.files and now in new.files:
            for change in document_changes(old.files[was], new.files[now], now):
                yield _together(change, steps)


def _together(change: Change, steps: list[Element]) -> Change:
    about, ids = ", ".join(title(step) for step in steps), tuple(step.id for step in steps)
    return replace(change, about=about, element_ids=ids)
