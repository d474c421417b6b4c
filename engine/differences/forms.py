"""What changed in the forms: fields that came and went, and what is asked of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.differences.change import Change
from engine.errors import N_
from forms.kinds import below, kind, properties
from forms.schema import Form

KINDS = {
    "text": N_("text"),
    "textarea": N_("long text"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "money": N_("amount of money"),
    "date": N_("date"),
    "time": N_("time"),
    "choice": N_("one choice"),
    "choices": N_("several choices"),
    "yes_no": N_("yes or no"),
    "checkbox": N_("tick"),
    "file": N_("a file"),
    "files": N_("files"),
    "rows": N_("rows"),
    "group": N_("group of fields"),
}
# What has a sentence of its own, or none: the fields inside, and examples.
_SEEN = frozenset(
    {"title", "description", "enum", "properties", "required", "items", "type", "format", "examples"}
    | {"ui:help", "ui:enumNames", "ui:showIf", "ui:order"}
)
_HEADS = frozenset({"title", "description", "ui:help"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form says of one field."""

    label: str
    kind: str
    required: bool
    options: str
    help: str
    condition: str
    rest: Mapping[str, Any]


def form_changes(old: Form, new: Form) -> Iterator[Change]:
    """The changes of one form, wherever it is shown."""
    before, after = dict(_fields(old.schema, old.ui, "")), dict(_fields(new.schema, new.ui, ""))
    yield from _fields_changed(before, after)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield Change("changed", "form", "", N_("the fields stand in another order"))
    if _rest(old, _SEEN - _HEADS) != _rest(new, _SEEN - _HEADS):
        yield Change("changed", "form", "", N_("other rules of the form, or what it shows of the case"))
    elif before.keys() == after.keys() and old.schema.get("examples") != new.schema.get("examples"):
        yield Change("changed", "form", "", N_("the examples of the form"))


def _fields(schema: Mapping[str, Any], ui: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Asked]]:
    for name, part, part_ui in properties(schema, ui):
        what, required = kind(part, part_ui), name in schema.get("required", ())
        yield prefix + name, _asked(name, what, required, part, part_ui)
        if what == "group":
            yield from _fields(part, part_ui, f"{prefix}{name}.")
        elif what == "rows" and part["items"]["type"] == "object":
            yield from _fields(part["items"], below(part_ui, "items"), f"{prefix}{name}.")


def _asked(name: str, what: str, required: bool, part: Mapping[str, Any], ui: Mapping[str, Any]) -> Asked:
    values, names = part.get("items", part).get("enum", ()), ui.get("ui:enumNames", {})
    return Asked(
        label=str(part.get("title") or name.replace("_", " ").capitalize()),
        kind=what,
        required=required,
        options=" · ".join(str(names.get(str(value), value)) for value in values),
        help=str(ui.get("ui:help") or part.get("description", "")),
        condition=str(ui.get("ui:showIf", "")),
        rest=_rest(Form(part, ui), _SEEN),
    )


def _rest(form: Form, seen: frozenset[str]) -> dict[str, Any]:
    """What a form, or the part of one, says besides; what is said of its fields is theirs."""
    own = {**form.schema, **{name: value for name, value in form.ui.items() if name.startswith("ui:")}}
    return {name: value for name, value in own.items() if name not in seen}


def _fields_changed(before: Mapping[str, Asked], after: Mapping[str, Asked]) -> Iterator[Change]:
    for name, field in after.items():
        if name not in before:
            params = {"name": name, "kind": KINDS[field.kind]}
            sentence = (
                N_("field added (%(name)s): %(kind)s, must be filled in")
                if field.required
                else N_("field added (%(name)s): %(kind)s, may stay empty")
            )
            yield Change("added", "form", field.label, sentence, params)
        elif field != before[name]:
            yield from _asked_otherwise(before[name], field)
    for name, field in before.items():
        if name not in after:
            sentence = N_("field removed (%(name)s)")
            yield Change("removed", "form", field.label, sentence, {"name": name})


def _asked_otherwise(old: Asked, new: Asked) -> Iterator[Change]:
    def changed(
        what: str, params: Mapping[str, str] | None = None, before: str | None = None, after: str | None = None
    ) -> Change:
        return Change("changed", "form", new.label, what, params or {}, before, after)

    if old.label != new.label:
        yield changed(N_("label of the field"), None, old.label, new.label)
    if old.kind != new.kind:
        yield changed(N_("was %(before)s and is now %(after)s"), {"before": KINDS[old.kind], "after": KINDS[new.kind]})
    if old.required != new.required:
        yield changed(N_("must be filled in now") if new.required else N_("may stay empty now"))
    if old.options != new.options:
        yield changed(N_("choices"), None, old.options, new.options)
    if old.help != new.help:
        yield changed(N_("help"), None, old.help, new.help)
    if old.condition != new.condition:
        yield changed(N_("shown when"), None, old.condition, new.condition)
    if old.rest != new.rest and old.kind == new.kind:
        yield changed(N_("limits or appearance"), None, *_apart(old.rest, new.rest))


def _apart(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Of two descriptions, what each says that the other does not."""
    for one, other in ((old, new), (new, old)):
        yield ", ".join(f"{name}: {value}" for name, value in one.items() if other.get(name) != value)
