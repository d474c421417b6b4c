"""Reading what a browser posts, without any script, back into the form's data.

Every input has a flat name: `tempat`, `kegiatan.tempat`, `peserta.0.nama`. A table of rows also posts, under its own
name, the number of each of its rows in their order, so that a row of unticked boxes is not lost and rows need not be
numbered anew when one is taken out. What is empty is absent; what cannot be read stays the text that was typed, and
validation says what is wrong with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

from forms.fields import NEW_ROW
from forms.kinds import Json, Schema, below, kind, properties
from forms.notation import read_date, read_integer, read_money, read_number, read_time, show_option
from forms.schema import Form

F = TypeVar("F")

# The names of the buttons that add or take out a row or a file; the value is the name of the rows, or of the one.
ADD, REMOVE = "_add", "_remove"


@dataclass(frozen=True, slots=True)
class Posted(Generic[F]):
    """What was posted.

    `uploads` are the new files, each with the pointer where `place` puts the id that it gets. `editing` says that a
    button asked for another row, or for one less: the form is to be shown again, not judged.
    """

    data: dict[str, Json]
    uploads: tuple[tuple[str, F], ...]
    editing: bool


def read_post(
    form: Form, values: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[F]] | None = None
) -> Posted[F]:
    """The data in a post: `values` as lists by name; `files` the chosen files (those with a name) likewise."""
    reader = _Reader(values, files or {})
    data = reader.object(form.schema, form.ui, "", "")
    return Posted(data, tuple(reader.uploads), reader.editing)


def place(data: dict[str, Json], pointer: str, attachment_id: str) -> None:
    """Put the id of an uploaded file into the data; a pointer that ends in "-" appends to a list."""
    *path, last = pointer.split("/")[1:]
    target: Any = data
    for step, following in pairwise([*path, last]):
        if isinstance(target, list):
            target = target[int(step)]
        else:
            target = target.setdefault(step, [] if following == "-" else {})
    if last == "-":
        target.append(attachment_id)
    else:
        target[last] = attachment_id


_READERS: Mapping[str, Callable[[str], Json]] = {
    "integer": read_integer,
    "number": read_number,
    "money": read_money,
    "date": read_date,
    "time": read_time,
    "yes_no": {"true": True, "false": False}.get,
}


class _Reader(Generic[F]):
    """Walks the schema and picks what was posted for each field."""

    def __init__(self, values: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[F]]) -> None:
        self.values, self.files = values, files
        self.added, self.removed = self._first(ADD), self._first(REMOVE)
        self.editing = bool(self.added or self.removed)
        self.uploads: list[tuple[str, F]] = []

    def _first(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def object(self, schema: Schema, ui: Schema, name: str, pointer: str) -> dict[str, Json]:
        """The fields of an object that were filled in."""
        data: dict[str, Json] = {}
        for key, part, part_ui in properties(schema, ui):
            kept = part["type"] == "object" and key in schema.get("required", ())
            read = self.object if kept else self.field
            value = read(part, part_ui, f"{name}.{key}" if name else key, f"{pointer}/{key}")
            if value is not None:
                data[key] = value
        return data

    def field(self, schema: Schema, ui: Schema, name: str, pointer: str) -> Json:
        """The value of any field; None when it is empty."""
        match kind(schema, ui):
            case "group":
                before = len(self.uploads)
                data = self.object(schema, ui, name, pointer)
                return data if _says_something(data) or len(self.uploads) > before else None
            case "rows":
                return self._rows(schema, below(ui, "items"), name, pointer) or None
            case "choices":
                posted = filter(None, self.values.get(name, ()))
                return [_option(schema["items"], text) for text in posted] or None
            case "file":
                return self._file(name, pointer)
            case "files":
                return self._files(name, pointer) or None
            case "checkbox":
                return bool(self._first(name))
            case "choice":
                return _option(schema, text) if (text := self._text(name)) else None
            case what:
                return _read(what, self._text(name))

    def _text(self, name: str) -> str:
        return self._first(name).replace("\r\n", "\n").strip()

    def _rows(self, schema: Schema, ui: Schema, name: str, pointer: str) -> list[Json]:
        """The rows that have something in them; while rows are being added or taken out, the blank ones too."""
        rows: list[Json] = []
        numbers = [n for n in self.values.get(name, ()) if n != NEW_ROW and f"{name}.{n}" != self.removed]
        limit = schema["maxItems"] + 1  # one too many is enough to be told so
        for number in [*numbers[:limit], *([NEW_ROW] if self.added == name else [])]:
            row = self.field(schema["items"], ui, f"{name}.{number}", f"{pointer}/{len(rows)}")
            if row is not None or self.editing:
                rows.append({} if row is None and schema["items"]["type"] == "object" else row)
        return rows

    def _file(self, name: str, pointer: str) -> str | None:
        self.uploads += [(pointer, file) for file in self.files.get(name, ())][:1]
        return None if self.removed == name else self._first(name) or None

    def _files(self, name: str, pointer: str) -> list[Json]:
        self.uploads += [(f"{pointer}/-", file) for file in self.files.get(name, ())]
        ids = self.values.get(name, ())
        return [id_ for i, id_ in enumerate(ids) if id_ and f"{name}.{i}" != self.removed]


def _read(what: str, text: str) -> Json:
    if not text:
        return None
    value = _READERS.get(what, str)(text)
    return text if value is None else value


def _option(schema: Schema, text: str) -> Json:
    return next((value for value in schema["enum"] if show_option(value) == text), text)


def _says_something(value: Json) -> bool:
    """An unticked box alone does not fill a row."""
    return any(map(_says_something, value.values())) if isinstance(value, dict) else value is not False
