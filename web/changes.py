"""What an entry changed of a case's data, field by field, as its form names them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.fields import Field, StoredFile, fields
from forms.schema import Form
from web.filling import evaluate

Data = Mapping[str, Any]
Files = Mapping[str, StoredFile]


@dataclass(frozen=True, slots=True)
class Change:
    """One field: the lines that it no longer holds, those that are new, and how many stayed.

    A row of a table is one line; so is any other value. What a form asks anew every time, such as a decision, is told
    also when it is the `same` as before.
    """

    label: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    kept: int = 0
    same: tuple[str, ...] = ()


def changes(form: Form, before: Data | None, after: Data, files: Files) -> list[Change]:
    """What is different after an entry, in the order of the form; everything that it holds when nothing was before."""
    earlier = dict(_lines(_filled(form, before, files))) if before is not None else {}
    anew = {name for name, ui in form.ui.items() if isinstance(ui, Mapping) and ui.get("ui:fresh")}
    now, found = _filled(form, after, files), []
    fresh = {child.label for child in now.children if child.name in anew}
    for label, lines in _lines(now):
        was = earlier.get(label, [])
        gone, new = _without(was, lines), _without(lines, was)
        if gone or new:
            found.append(Change(label, gone, new, len(lines) - len(new)))
        elif label in fresh and lines:
            found.append(Change(label, same=tuple(lines)))
    return found


def _filled(form: Form, data: Data, files: Files) -> Field:
    return fields(form, data, evaluate=evaluate, files=files)


def _without(lines: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Those of `lines` that `others` do not have, as often as they have them."""
    left, found = Counter(others), []
    for line in lines:
        left[line] -= 1
        if left[line] < 0:
            found.append(line)
    return tuple(found)


def _lines(field: Field, within: str = "") -> Iterator[tuple[str, list[str]]]:
    """(label, lines) of every field below."""
    for child in field.children:
        label = within + child.label
        if child.kind == "group":
            yield from _lines(child, f"{label}: ")
        elif child.kind == "rows":
            yield label, [row for row in map(_row, child.children) if row]
        else:
            text = _text(child)
            yield label, [text] if text else []


def _row(row: Field) -> str:
    """The cells of a row; a cell that is a table itself becomes part of the line."""
    parts = []
    for cell in row.children:
        text = "; ".join(filter(None, map(_row, cell.children))) if cell.children else _text(cell)
        if text:
            parts.append(f"✓ {cell.label}" if cell.kind == "checkbox" and text == "true" else text)
    return " · ".join(part for part in parts if part != "false")


def _text(field: Field) -> str:
    return ", ".join(file.name for file in field.files) if field.files else field.text
