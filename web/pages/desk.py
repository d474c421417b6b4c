"""All that the page of one task shows, gathered in one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from flask import url_for

from engine.access import Actor, require_task
from engine.bpmn import Element
from engine.errors import Conflict, DraftChanged, Forbidden, NotFound, TaskDone
from engine.history import Entry
from engine.inputs import CODES, Checklist, inputs
from engine.queries.attachments import attachment
from engine.queries.cases import case, case_history
from engine.queries.documents import Document, case_documents
from engine.queries.people import eligible, full_names
from engine.queries.staffing import Unstaffed, post_of
from engine.queries.user_tasks import OPEN, TaskDetail, UserTask
from engine.site import Site
from forms.fields import Field, StoredFile, context, fields
from forms.schema import Form
from forms.validation import FieldError, attachments
from web.ahead import Ahead, ahead
from web.context import translate
from web.filling import evaluate, prefilled
from web.pages.typed import Typed, remembered
from web.returns import completion, opening, sent_back
from web.stale import Stale, stale

WHOLE = 100_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What the step before decided: by whom, and its answers."""

    entry: Entry
    answers: tuple[Field, ...]
    sent_back: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One task, and what somebody in front of it needs to see.

    `answers` are what was sent, `unsent` what they typed and can no longer send. `revision` and `base` are of the draft
    that the page is built on; `stale` is what was changed elsewhere, when the page is behind, and `instead` the draft
    whose place they may then take by a button. `receivers` are the full names of who can do the steps ahead and the
    tasks that wait, by step and by task.
    """

    task: UserTask
    element: Element
    refusal: Forbidden | None
    writable: bool
    form: Field | None
    answers: Field | None
    unsent: Field | None
    needed: Sequence[str]
    ticks: Checklist
    input_errors: Sequence[FieldError]
    revision: str
    instead: str
    base: str
    stale: Sequence[Stale]
    context: Sequence[tuple[str, list[str]]]
    decision: Decision | None
    done: Entry | None
    documents: Sequence[Document]
    ahead: Sequence[Ahead]
    waiting: Sequence[UserTask]
    receivers: Mapping[str, Sequence[str]]
    eligible: Sequence[str]
    names: Mapping[str, str]
    case_status: str
    unstaffed: Unstaffed | None
    drafted_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether the task is still to be done."""
        return self.task.status in OPEN

    @property
    def issued(self) -> list[Document]:
        """The documents that came out when the task was done."""
        return [d for d in self.documents if self.done is not None and d.seq == self.done["seq"]]


def desk(
    site: Site,
    actor: Actor,
    detail: TaskDetail,
    typed: Typed | None = None,
    errors: Sequence[FieldError] = (),
    conflict: Conflict | None = None,
) -> Desk:
    """The page's matter; `typed` is what was just posted and goes before any draft."""
    task, form = detail.task, detail.bundle.forms.get(detail.task.activity_id)
    entries = case_history(site, actor, task.process_instance_id, limit=WHOLE)
    whole = case(site, actor, task.process_instance_id)
    done = completion(entries, task.path)
    refusal = _refusal(actor, task)
    holders = (None, actor.name, task.acting.on_behalf_of if task.acting else None)
    writable = task.status in OPEN and refusal is None and task.claimed_by in holders
    saved = (detail.draft if detail.draft is not None else prefilled(detail), detail.checklist)
    data, ticks = (typed.data, typed.ticks) if typed else saved
    unsent = data if typed or detail.draft is not None else None
    following = ahead(detail.bundle.definition, task.activity_id) if task.status in OPEN else []
    waiting = [other for other in whole.user_tasks if other.status in OPEN]
    return Desk(
        task=task,
        element=detail.bundle.definition.elements[task.activity_id],
        refusal=refusal,
        writable=writable,
        form=shown(site, actor, form, data, [e for e in errors if e.code not in CODES]) if form and writable else None,
        answers=shown(site, actor, form, done["data"]) if form and done else None,
        unsent=shown(site, actor, form, unsent) if form and unsent is not None and not writable else None,
        needed=inputs(detail.bundle.definition.elements[task.activity_id], form),
        ticks=ticks or Checklist(),
        input_errors=[each for each in errors if each.code in CODES],
        revision=detail.draft_revision if typed is None or typed.over is None else typed.over,
        instead=detail.draft_revision if isinstance(conflict, DraftChanged) else "",
        base=remembered(saved if typed is None or typed.base is None else typed.base),
        stale=_stale(site, actor, detail, typed, conflict, done) if typed and form else (),
        context=context(form, detail.data, evaluate) if form and task.status in OPEN else (),
        decision=_decision(site, actor, detail, entries),
        done=done,
        documents=case_documents(site, actor, task.process_instance_id),
        ahead=following,
        waiting=waiting,
        receivers={
            **{each.element.id: eligible(site, post_of(each.element)) for each in following},
            **{each.id: eligible(site, each) for each in waiting},
        },
        eligible=eligible(site, task),
        names=full_names(site, [*_named(task), *(other.claimed_by for other in waiting)]),
        case_status=whole.instance.status,
        unstaffed=detail.unstaffed,
        drafted_at=detail.drafted_at if typed is None else None,
    )


def shown(site: Site, actor: Actor, form: Form, data: Mapping[str, Any], errors: Iterable[FieldError] = ()) -> Field:
    """The form with `data` in it, its uploads by name and with a link."""
    return fields(form, data, errors, evaluate=evaluate, files=_files(site, actor, form, data))


def _files(site: Site, actor: Actor, form: Form, *several: Mapping[str, Any]) -> dict[str, StoredFile]:
    """The uploads that the data name, as far as they may be seen."""
    files = {}
    for _, identity in chain.from_iterable(attachments(form, data) for data in several):
        try:
            found = attachment(site, actor, identity)
        except NotFound:
            continue
        url = url_for("pages.attachment", attachment_id=identity)
        files[identity] = StoredFile(identity, found.filename, url)
    return files


def _stale(
    site: Site, actor: Actor, detail: TaskDetail, typed: Typed, conflict: Conflict | None, done: Entry | None
) -> list[Stale]:
    """What was changed elsewhere since the page was opened: in one's own draft, or by what a colleague sent."""
    form = detail.bundle.forms[detail.task.activity_id]
    if isinstance(conflict, DraftChanged) and detail.draft is not None:
        now, ticks = detail.draft, detail.checklist
    elif isinstance(conflict, TaskDone) and done:
        now, ticks = done["data"], None
    else:
        return []
    base, ticked = typed.base or (None, None)
    found = stale(form, base, now, typed.data, _files(site, actor, form, base or {}, now, typed.data))
    if ticks and typed.ticks and ticks != (ticked or typed.ticks):
        found.append(Stale(translate("Needed for it"), *map(_ticked, (ticked or typed.ticks, ticks, typed.ticks))))
    return found


def _ticked(ticks: Checklist) -> tuple[str, ...]:
    return (*ticks.checked, *filter(None, [ticks.reason]))


def _named(task: UserTask) -> list[str | None]:
    """Everybody whom the page of the task names."""
    absent = task.acting.on_behalf_of if task.acting else None
    return [task.claimed_by, task.ended_by, task.delegated_to, task.delegated_by, absent]


def _refusal(actor: Actor, task: UserTask) -> Forbidden | None:
    try:
        require_task(actor, task)
    except Forbidden as refusal:
        return refusal
    return None


def _decision(site: Site, actor: Actor, detail: TaskDetail, entries: Sequence[Entry]) -> Decision | None:
    """What the step that opened this task decided; decisions are the fields a form asks anew every time."""
    entry = opening(entries, detail.task.path)
    form = detail.bundle.forms.get(entry["activity_id"]) if entry and entry["kind"] == "complete" else None
    if entry is None or form is None:
        return None
    decided = [f for f in shown(site, actor, form, entry["data"]).children if form.ui.get(f.name, {}).get("ui:fresh")]
    answers = tuple(field for field in decided if field.text)
    return Decision(entry, answers, sent_back(entries, detail.task.path)) if answers else None
