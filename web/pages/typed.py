"""What somebody typed and ticked on a task's page, and what the page had shown them before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs

from flask import request
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import add_attachment
from engine.commands.user_tasks import Shown
from engine.errors import FileRefused
from engine.inputs import Checklist, checklist, inputs
from engine.queries.user_tasks import TaskDetail
from forms.posting import place, read_post
from forms.validation import FieldError
from web.context import actor, site

Data = dict[str, Any]
Values = Mapping[str, Sequence[str]]

# Names of the page's own fields; a form's never begin with an underscore.
TICKED, REASON, REVISION, BASE = "_kelengkapan", "_alasan", "_draft", "_base"
INSTEAD, UNANSWERED = "_instead", "_unanswered"
SAVING = ("save", "send", "autosave")  # also where nothing was typed; buttons also over a draft that the page told of


@dataclass(frozen=True, slots=True)
class Typed:
    """A post of the task's form.

    `ticks` is None where the step needs nothing. `over` is the revision of the draft that the page had been opened
    with, or that it told of and that is to be replaced, and `base` what the form and the ticks were then; both None
    when the page does not say. `unanswered` is what the page saved without an answer. `editing`: a row or a file is
    only being added or taken out.
    """

    data: Data
    ticks: Checklist | None
    over: str | None = None
    base: Shown | None = None
    unanswered: Shown | None = None
    errors: tuple[FieldError, ...] = ()
    editing: bool = False

    @property
    def touched(self) -> bool:
        """Whether it says something else than the page had shown."""
        if self.base is None or self.unanswered is not None:
            return True
        (data, ticks), none = self.base, Checklist()
        return (_filled(data), ticks or none) != (_filled(self.data), self.ticks or none)


def posted(detail: TaskDetail) -> Typed:
    """What this request posts, with new uploads kept and named in it."""
    files = {name: [file for file in found if file.filename] for name, found in request.files.lists()}
    return read(detail, dict(request.form.lists()), files)


def read(detail: TaskDetail, values: Values, files: Mapping[str, Sequence[FileStorage]] | None = None) -> Typed:
    """The same from `values` and `files` by name."""
    form = detail.bundle.forms.get(detail.task.activity_id)
    needed = inputs(detail.bundle.definition.elements[detail.task.activity_id], form)
    said = {"checked": values.get(TICKED, ()), "reason": _first(values, REASON)}
    told = _first(values, INSTEAD) if _first(values, "_act") in SAVING else None
    base, earlier = _base(_first(values, BASE)), _first(values, UNANSWERED)
    sent = read(detail, parse_qs(earlier, keep_blank_values=True) | {UNANSWERED: []}) if earlier is not None else None
    unanswered = (sent.data, sent.ticks) if sent else None
    typed = Typed({}, checklist(said) if needed else None, told or _first(values, REVISION), base, unanswered)
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


def _filled(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Without what is empty: an untouched page posts some of it, such as a box without a tick."""
    if isinstance(value, Mapping):
        parts = {name: _filled(each) for name, each in value.items()}
        return {name: each for name, each in parts.items() if each is not False and each not in (None, "", [], {})}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def _first(values: Values, name: str) -> str | None:
    return next(iter(values.get(name, ())), None)
