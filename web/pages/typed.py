"""What somebody typed and ticked on a task's page, and what the page had shown them before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import add_attachment
from engine.errors import FileRefused
from engine.inputs import Checklist, checklist, inputs
from engine.queries.user_tasks import TaskDetail
from forms.posting import place, read_post
from forms.validation import FieldError
from web.context import actor, site

Data = dict[str, Any]
Shown = tuple[Mapping[str, Any], Checklist | None]
Values = Mapping[str, Sequence[str]]

# Names of the page's own fields; a form's never begin with an underscore.
TICKED, REASON, REVISION, BASE = "_kelengkapan", "_alasan", "_draft", "_base"


@dataclass(frozen=True, slots=True)
class Typed:
    """A post of the task's form.

    `ticks` is None where the step needs nothing. `over` is the revision of the draft that the page had been opened with
    and `base` what the form and the ticks were then; both None when the page does not say. `editing`: a row or a file
    is only being added or taken out.
    """

    data: Data
    ticks: Checklist | None
    over: str | None = None
    base: Shown | None = None
    errors: tuple[FieldError, ...] = ()
    editing: bool = False


def posted(detail: TaskDetail) -> Typed:
    """What this request posts, with new uploads kept and named in it."""
    files = {name: [file for file in found if file.filename] for name, found in request.files.lists()}
    return read(detail, dict(request.form.lists()), files)


def read(detail: TaskDetail, values: Values, files: Mapping[str, Sequence[FileStorage]] | None = None) -> Typed:
    """The same from `values` and `files` by name."""
    form = detail.bundle.forms.get(detail.task.activity_id)
    needed = inputs(detail.bundle.definition.elements[detail.task.activity_id], form)
    said = {"checked": values.get(TICKED, ()), "reason": _first(values, REASON)}
    typed = Typed({}, checklist(said) if needed else None, _first(values, REVISION), _base(_first(values, BASE)))
    if form is None:
        return typed
    found = read_post(form, values, files)
    errors = []
    for pointer, file in found.uploads:
        try:
            kept = add_attachment(site(), actor(), file.filename or "", file.stream.read())
        except FileRefused as refused:
            errors.append(FieldError(pointer, refused.code, refused.message, refused.params))
        else:
            place(found.data, pointer, kept.id)
    return replace(typed, data=found.data, errors=tuple(errors), editing=found.editing)


def remembered(shown: Shown) -> str:
    """What a page carries along of what it shows."""
    data, ticks = shown
    return json.dumps([data, ticks.written() if ticks else None], ensure_ascii=False)


def _base(text: str | None) -> Shown | None:
    """What a page says that it had shown; nobody but its reader is told of it."""
    try:
        data, ticks = json.loads(text or "null")
        return dict(data), checklist(ticks) if ticks else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _first(values: Values, name: str) -> str | None:
    return next(iter(values.get(name, ())), None)
