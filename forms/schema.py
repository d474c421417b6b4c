"""A form: a JSON Schema (2020-12) and a UI schema, read once and checked whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forms.appearance import ui_problems
from forms.kinds import Json, Schema
from forms.problem import Problem
from forms.structure import Unreadable, expand, load
from forms.vocabulary import bound, schema_problems


class FormInvalid(Exception):  # noqa: N818 - the name says it
    """The form cannot be used; `problems` lists every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Form:
    """What a page asks for. Compared by identity: the same bytes give the same form."""

    schema: Schema
    ui: Schema


@lru_cache(maxsize=256)
def read_form(schema: bytes, ui: bytes | None = None) -> Form:
    """The form, its references written out and its sizes bounded; raises FormInvalid with every problem found."""
    problems: list[Problem] = []
    read_schema, read_ui = _read(schema, "schema", problems), _read(ui or b"{}", "ui", problems)
    if read_schema is not None:
        problems += schema_problems(read_schema)
        if read_ui is not None and not problems:
            problems += ui_problems(read_ui, read_schema)
    if problems or read_schema is None or read_ui is None:
        raise FormInvalid(problems)
    bound(read_schema)
    return Form(read_schema, read_ui)


def _read(text: bytes, source: str, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return expand(load(text)) if source == "schema" else load(text)
    except Unreadable as error:
        problems.append(Problem(source, error.pointer, error.message, error.params))
        return None


def complete(form: Form, data: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of the data in which what was left out is there, as None, [] or an object of those: for templates."""
    completed: dict[str, Json] = _complete(form.schema, data)
    return completed


def _complete(schema: Schema, value: Json) -> Json:
    if schema["type"] == "object":
        given = value if isinstance(value, Mapping) else {}
        return {name: _complete(part, given.get(name)) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [_complete(schema["items"], item) for item in value] if isinstance(value, list) else []
    return value


def field_names(form: Form) -> frozenset[str]:
    """The dotted names that a template may use; the columns of rows as "rows.column"."""
    return frozenset(_names(form.schema, ""))


def _names(schema: Schema, prefix: str) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield prefix + name
        yield from _names(part["items"] if part["type"] == "array" else part, f"{prefix}{name}.")


def expressions(form: Form) -> list[tuple[str, str]]:
    """Every expression of the UI schema with the pointer to it, for the check at deployment."""
    return list(_expressions(form.ui, ""))


def _expressions(ui: Json, pointer: str) -> Iterator[tuple[str, str]]:
    for key, value in ui.items():
        if key in ("ui:prefill", "ui:showIf"):
            yield f"{pointer}/{key}", value
        elif key == "ui:context":
            yield from ((f"{pointer}/{key}/{i}/value", item["value"]) for i, item in enumerate(value))
        elif not key.startswith("ui:"):
            yield from _expressions(value, f"{pointer}/{key}")
