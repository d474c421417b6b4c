"""A form with its data as a tree of fields, ready to be shown: no page needs to look into a schema."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.kinds import WIDGETS, Json, Schema, below, kind, properties
from forms.notation import in_words, read_date, read_time, show_date, show_money, show_number, show_option
from forms.prefill import Evaluate
from forms.schema import Form
from forms.validation import FieldError

# Stands for a row's number in the row that a script copies to add another.
NEW_ROW = "__n__"
FEWEST_SELECTED = 5  # with fewer options they are all in sight
WIDEST_TABLE = 5
_IN_CELLS = frozenset({"text", "textarea", "integer", "number", "money", "date", "time", "choice", "checkbox"})
_SIMPLE = re.compile(r"\s*([a-z][a-z0-9_]*)\s*==\s*(?:['\"]([^'\"\\]*)['\"]|(True|False))\s*")

Names = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was uploaded already: its attachment id, and what the page shows of it."""

    id: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, or a group, a row or the rows of a table, with what they hold in `children`.

    `value` is what an input shows: a text as it was typed, or as it would be typed.
    """

    kind: str
    name: str
    pointer: str
    label: str
    help: str = ""
    placeholder: str = ""
    required: bool = False
    value: str = ""
    errors: tuple[FieldError, ...] = ()
    widget: str = ""
    lines: int = 3
    longest: int | None = None
    options: tuple[Option, ...] = ()
    files: tuple[StoredFile, ...] = ()
    children: tuple["Field", ...] = ()
    blank: "Field | None" = None  # of rows: an empty row, to copy
    show_if: tuple[str, str] | None = None  # (name, value) of another field, where the condition is that simple
    shown: bool = True

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return f"f-{self.name}"

    @property
    def input_type(self) -> str:
        """Of its <input>. What is no date or time stays in sight as it was typed: a date input would hide it."""
        readers = {"date": read_date, "time": read_time}
        if self.kind in readers:
            return self.kind if not self.value or readers[self.kind](self.value) == self.value else "text"
        return self.widget if self.widget in ("email", "url") else "text"

    @property
    def described_by(self) -> str:
        """The ids of the elements that explain it."""
        parts = [("help", self.help or self.kind in ("date", "time", "file", "files")), ("error", self.errors)]
        return " ".join(f"{self.id}-{part}" for part, there in parts if there)

    @property
    def text(self) -> str:
        """The answer to read, where it is not to be changed."""
        if self.options:
            return ", ".join(option.label for option in self.options if option.chosen)
        if self.kind == "date" and read_date(self.value) == self.value:
            return show_date(self.value)
        return f"Rp{self.value}" if self.kind == "money" and self.value else self.value

    def problems(self, within: str = "") -> Iterator[tuple[str, "Field", FieldError]]:
        """Every error in this field and below, in the order of the page, each with the full label of its field."""
        yield from ((within + self.label, self, error) for error in self.errors)
        for number, child in enumerate(self.children, 1):
            yield from child.problems(f"{self.label} {number}: " if self.kind == "rows" else within)


def fields(
    form: Form,
    data: Mapping[str, Json],
    errors: Iterable[FieldError] = (),
    *,
    evaluate: Evaluate,
    files: Mapping[str, StoredFile] | None = None,
) -> Field:
    """The whole form as one field of kind "group"; errors that belong to no field of the page are its own."""
    by_pointer: dict[str, list[FieldError]] = {}
    for error in errors:
        by_pointer.setdefault(error.pointer.removesuffix("/-"), []).append(error)
    builder = _Builder(by_pointer, evaluate, files or {})
    root = builder.group(form.schema, form.ui, data, {}, name="")
    rest = tuple(error for found in by_pointer.values() for error in found)
    return replace(root, errors=root.errors + rest)


def context(form: Form, case: Mapping[str, Json], evaluate: Evaluate) -> list[tuple[str, list[str]]]:
    """What the form shows of the case above its fields: (label, lines of text), leaving out what has no value."""
    items = ((item["label"], in_words(evaluate(item["value"], case))) for item in form.ui.get("ui:context", ()))
    return [(label, lines) for label, lines in items if lines]


class _Builder:
    """Walks the schema, the UI schema and the data together; `names` are what a condition can speak of."""

    def __init__(
        self, errors: dict[str, list[FieldError]], evaluate: Evaluate, files: Mapping[str, StoredFile]
    ) -> None:
        self.errors, self.evaluate, self.files = errors, evaluate, files

    def group(self, schema: Schema, ui: Schema, data: Json, names: Names, **about: Any) -> Field:
        """An object: the form itself, a group in it, or a row."""
        values = data if isinstance(data, Mapping) else {}
        names = {**names, **{key: values.get(key) for key in schema["properties"]}}
        children = []
        for key, part, part_ui in properties(schema, ui):
            own = {"name": _joined(about["name"], key), "required": key in schema.get("required", ())}
            own |= self._condition(part_ui.get("ui:showIf", ""), about["name"], schema, names)
            children.append(self.field(part, part_ui, values.get(key), names, **own))
        return self._new("group", schema, ui, children=tuple(children), **about)

    def field(self, schema: Schema, ui: Schema, value: Json, names: Names, **about: Any) -> Field:
        """Any field, by its kind."""
        what = kind(schema, ui)
        if what == "group":
            return self.group(schema, ui, value, names, **about)
        if what == "rows":
            return self._rows(schema, ui, value, names, **about)
        about |= {"value": _typed(what, value), "longest": schema.get("maxLength")}
        if what in ("choice", "choices", "yes_no"):
            about["options"] = _options(what, schema, ui, value)
        elif what in ("file", "files"):
            ids = value if isinstance(value, list) else [value]
            about["files"] = tuple(self.files.get(i, StoredFile(i, i)) for i in ids if isinstance(i, str))
        return self._new(what, schema, ui, **about)

    def _rows(self, schema: Schema, ui: Schema, value: Json, names: Names, **about: Any) -> Field:
        values = list(value) if isinstance(value, list) else []
        fewest = max(schema.get("minItems", 0), int(about["required"]))
        values += [None] * (fewest - len(values))
        items = {"title": _label(schema, about["name"]), **schema["items"]}
        *rows, blank = (
            self._row(items, below(ui, "items"), row, names, f"{about['name']}.{i}")
            for i, row in [*enumerate(values), (NEW_ROW, None)]
        )
        return self._new("rows", schema, ui, children=tuple(rows), blank=blank, **about)

    def _row(self, items: Schema, ui: Schema, value: Json, names: Names, name: str) -> Field:
        if items["type"] == "object":
            return self.group(items, ui, value, names, name=name)
        cell = self.field(items, ui, value, names, name=name)
        return Field("group", name, cell.pointer, cell.label, children=(cell,))

    def _new(self, what: str, schema: Schema, ui: Schema, *, name: str, **about: Any) -> Field:
        pointer = "".join(f"/{step}" for step in name.split(".")) if name else ""
        field = Field(
            what,
            name,
            pointer,
            label=_label(schema, name),
            help=str(ui.get("ui:help") or schema.get("description", "")),
            placeholder=ui.get("ui:placeholder", ""),
            lines=ui.get("ui:rows", 3),
            errors=self._errors(what, pointer),
            **about,
        )
        return replace(field, widget=ui.get("ui:widget") or _widget(field, schema))

    def _errors(self, what: str, pointer: str) -> tuple[FieldError, ...]:
        found = self.errors.pop(pointer, [])
        if what in ("choices", "files"):  # one field for all the items
            for deeper in [p for p in self.errors if p.startswith(f"{pointer}/")]:
                found += self.errors.pop(deeper)
        return tuple(found)

    def _condition(self, expression: str, around: str, schema: Schema, names: Names) -> dict[str, Any]:
        """Whether the field is shown now, and, where it is that simple, on which answer that depends."""
        if not expression:
            return {}
        about: dict[str, Any] = {"shown": bool(self.evaluate(expression, names))}
        if simple := _SIMPLE.fullmatch(expression):
            other, text, boolean = simple.groups()
            at = _joined(around, other) if other in schema["properties"] else other
            about["show_if"] = (at, boolean.lower() if boolean else text)
        return about


def _label(schema: Schema, name: str) -> str:
    return str(schema.get("title") or name.split(".")[-1].replace("_", " ").capitalize())


def _joined(name: str, key: str) -> str:
    return f"{name}.{key}" if name else key


def _typed(what: str, value: Json) -> str:
    """The value as someone would type it; what could not be read stays as it was typed."""
    if isinstance(value, bool):
        return show_option(value)
    if isinstance(value, int | float):
        return show_money(value) if what == "money" else show_number(value)
    return value if isinstance(value, str) else ""


def _options(what: str, schema: Schema, ui: Schema, value: Json) -> tuple[Option, ...]:
    names, values = ui.get("ui:enumNames", {}), value if isinstance(value, list) else [value]
    if what == "yes_no":
        enum, names = [True, False], {"true": "Ya", "false": "Tidak"} | names
    else:
        enum = schema.get("items", schema)["enum"]
    chosen = {show_option(item) for item in values if isinstance(item, str | int | float)}
    texts = [show_option(item) for item in enum]
    return tuple(Option(text, names.get(text, text), text in chosen) for text in texts)


def _widget(field: Field, schema: Schema) -> str:
    """The widget where the UI schema names none."""
    if field.kind == "choice":
        return "radio" if len(field.options) < FEWEST_SELECTED else "select"
    if field.kind == "rows" and field.blank:
        cells = [cell.kind for cell in field.blank.children]
        return "table" if len(cells) <= WIDEST_TABLE and _IN_CELLS.issuperset(cells) else "cards"
    return {"email": "email", "uri": "url"}.get(schema.get("format", ""), WIDGETS[field.kind][0])
