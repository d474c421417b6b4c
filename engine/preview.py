"""What sending a form would issue, before it is sent: the case runs on in a copy, and nothing is written anywhere.

The data need not be valid: what is missing is empty, and a decision that was not taken yet is taken as the form's first
example takes it. When sending issues nothing itself, the copy runs on through the next steps until documents come out
that show what was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from docgen.html import to_html
from docgen.render import TemplateInvalid, compile_template
from docgen.wording import sebutan
from engine import clock, identity
from engine.access import Actor, Capacity, require_task
from engine.bundles import Bundle
from engine.errors import AlurError, CaseEnded, CaseSuspended, TaskDone, Unacceptable, required
from engine.issuing import operator
from engine.models import attachments, instances
from engine.performance import Shelf
from engine.projection import ENDED
from engine.queries import user_tasks
from engine.queries.user_tasks import OPEN, UserTask
from engine.runtime import Case, ServiceCall
from engine.site import Site
from engine.surroundings import UPLOAD, LiveSurroundings
from engine.worktime import Calendar, answered
from forms.schema import Form, complete
from forms.validation import attachments as named_attachments
from forms.validation import validate

RENDER = "docgen/render"
STEPS_AHEAD = 8
# What is wrong in these ways cannot stand in a document; what is only too long or too many can.
UNREADABLE = frozenset({"wrong_type", "unknown_field", "unprintable", "bad_date", "bad_time", "not_a_choice"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as it would be issued, without a number; `failure` says why it could not be made."""

    activity_id: str
    name: str
    type: str
    title: str
    content: bytes
    failure: AlurError | None = None

    @property
    def filename(self) -> str:
        """What it is downloaded as."""
        return f"{self.type}-draf.docx"

    @property
    def html(self) -> str:
        """To be read on a page: safe to show as it is, and drawn by the page's own style sheet."""
        return "" if self.failure else to_html(self.content)


@dataclass(frozen=True, slots=True)
class Preview:
    """The drafts; `later` when other steps stand between sending and them, `assumed` are decisions not taken yet."""

    drafts: tuple[Draft, ...]
    later: bool
    assumed: Mapping[str, Any]


def preview(site: Site, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Preview:
    """The documents that sending `data` would lead to.

    Raises `NotFound`, `WrongLane`, `WrongPosition`, `Separated`, `TaskDone`, `CaseEnded` or `CaseSuspended`.
    """
    instance_id, path = identity.split_user_task_id(task_id)
    with site.database.read() as connection:
        task = user_tasks.find(connection, actor, instance_id, path)
        acting = require_task(actor, task)
        if task.status not in OPEN:
            raise TaskDone(by=task.ended_by, at=task.ended_at)
        row = connection.execute(select(instances).where(instances.c.id == instance_id)).one()
        if row.status in ENDED:
            raise CaseEnded
        if row.suspended is not None:
            raise CaseSuspended(reason=row.suspended)
        around = _Around(site, connection, actor, acting, task, row.head)
        rehearsal = Rehearsal(connection, site.bundle(connection, row.definition_digest), around)
        return rehearsal.run(Case.load(rehearsal.bundle.definition, row.state), task, data)


def draft(site: Site, actor: Actor, task_id: str, data: Mapping[str, Any], activity_id: str) -> Draft:
    """The draft that one service task would make; raises `NotFound` for none, `Unacceptable` for one that fails."""
    drafts = preview(site, actor, task_id, data).drafts
    found = required(next((each for each in drafts if each.activity_id == activity_id), None))
    if found.failure:
        raise Unacceptable(reason=str(found.failure))
    return found


class _Around(LiveSurroundings):
    """Today's world as sending now would find it, uploads included; nobody knows yet who does the steps ahead."""

    def __init__(
        self, site: Site, connection: Connection, actor: Actor, acting: Capacity, task: UserTask, head: str
    ) -> None:
        self.ahead: dict[str, str] = {}
        self.uploads: list[str] = []
        self._owner = actor.name
        act = {
            "kind": "complete",
            "activity_id": task.activity_id,
            "lane": task.lane,
            "path": task.path,
            "actor_card": actor.card(acting),
        }
        place = {"case": task.process_instance_id, "prev_hash": head, "at": clock.to_text(site.clock())}
        super().__init__(connection, task.case_title, {**act, **place})

    def signatory(self, activity_id: str, path: str | None) -> Mapping[str, Any]:
        if activity_id not in self.ahead:
            return super().signatory(activity_id, path)
        unknown = dict.fromkeys(("pangkat", "nip", "waktu"))
        named = {"garis_kewenangan": "", "jabatan": self.ahead[activity_id], "nama": "…", "langkah": activity_id}
        return {**named, **unknown}

    def file_list(self) -> list[dict[str, Any]]:
        found = super().file_list()
        mine = attachments.c.id.in_(self.uploads) & attachments.c.instance_id.is_(None)
        rows = self._connection.execute(select(attachments).where(mine, attachments.c.uploaded_by == self._owner))
        new = [self._listed(f"lampiran-{r.filename}", UPLOAD, None, r.sha256, r.uploaded_at) for r in rows]
        return [{**item, "no": number} for number, item in enumerate([*found, *new], 1)]


class Rehearsal:
    """Runs a case on without leaving anything but drafts."""

    def __init__(self, connection: Connection, bundle: Bundle, around: _Around) -> None:
        self.bundle, self.around = bundle, around
        self.shelf = Shelf(connection, bundle)
        self.drafts: list[Draft] = []
        self.about: str | None = None  # once other steps are played: the data that a document must show

    def run(self, case: Case, task: UserTask, data: Mapping[str, Any]) -> Preview:
        """Send `data`, and go on while nothing has come out."""
        form = self.bundle.forms.get(task.activity_id)
        assumed = _decisions(form, data)
        if form is not None:
            self.around.uploads = [name for _, name in named_attachments(form, data)]
        case.complete(task.path, self._filled(form, {**_readable(form, data), **assumed}), self)
        forward = _decisions(form, {})
        if self.drafts or any(data.get(name, value) != value for name, value in forward.items()):
            return Preview(tuple(self.drafts), False, assumed)
        self.about = self.bundle.definition.elements[task.activity_id].properties.get("dataKey")
        for _ in range(STEPS_AHEAD):
            if self.drafts or not case.open_tasks:
                break
            self._play(case)
        return Preview(tuple(self.drafts), True, assumed)

    def __call__(self, call: ServiceCall) -> Any:  # noqa: ANN401 - JSON
        """Perform a service task: documents as drafts, anything else not at all."""
        if call.operator != RENDER or not self._shows(call):
            return None
        element = self.bundle.definition.elements[call.activity_id]
        kind = str(call.parameters["type"])
        made = Draft(call.activity_id, element.name, kind, str(call.parameters.get("title") or sebutan(kind)), b"")
        handler, drafted = operator(RENDER), replace(call, parameters={**call.parameters, "status": "draft"})
        try:
            outcome = handler.perform(drafted, handler.gather(drafted, self.around), self.shelf)
        except AlurError as failure:
            self.drafts.append(replace(made, failure=failure))
            return None
        assert outcome.document is not None
        self.drafts.append(replace(made, content=outcome.document.content))
        return outcome.value

    def ask(self, question: list[Any]) -> Any:  # noqa: ANN401 - JSON
        """Answer an expression that asks the office's calendar."""
        return answered(question, self.around.at, Calendar.from_office(self.around.office))

    def _play(self, case: Case) -> None:
        """Let the oldest open task be done as its form's example decides, with what was sent there before."""
        waiting = case.open_tasks[0]
        element, form = self.bundle.definition.elements[waiting.activity_id], self.bundle.forms.get(waiting.activity_id)
        self.around.ahead[element.id] = element.properties.get("position") or element.lane or ""
        earlier = case.seen_by(waiting.path).get(element.properties.get("dataKey", "")) or {}
        stale = _fresh(form)
        kept = {name: value for name, value in earlier.items() if name not in stale}
        case.complete(waiting.path, self._filled(form, {**kept, **_decisions(form, kept)}), self)

    def _filled(self, form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
        return complete(form, data) if form is not None else dict(data)

    def _shows(self, call: ServiceCall) -> bool:
        """Whether the document would show what is being typed."""
        if self.about is None:
            return True
        template = str(call.parameters["template"])
        try:
            names = compile_template(self.bundle.files[template], template).names
        except (KeyError, TemplateInvalid):
            return False
        return any(name.partition(".")[0] == self.about for name in names)


def _fresh(form: Form | None) -> set[str]:
    """The fields that are asked anew every time: decisions and their reasons."""
    return {name for name, ui in form.ui.items() if isinstance(ui, Mapping) and ui.get("ui:fresh")} if form else set()


def _decisions(form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions that are still to be taken, as the form's first example takes them."""
    examples: Sequence[Mapping[str, Any]] = form.schema.get("examples", ()) if form else ()
    example = examples[0] if examples else {}
    missing = [name for name in sorted(_fresh(form)) if data.get(name) in (None, "") and name in example]
    return {name: example[name] for name in missing if form and _is_choice(form.schema["properties"][name])}


def _is_choice(schema: Mapping[str, Any]) -> bool:
    return "enum" in schema or schema["type"] == "boolean"


def _readable(form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data without what no document could show."""
    wrong = {error.pointer for error in validate(form, dict(data)) if error.code in UNREADABLE} if form else set()
    kept: dict[str, Any] = _without(data, wrong, "")
    return kept


def _without(value: Any, wrong: set[str], pointer: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        below = {name: f"{pointer}/{name}" for name in value if f"{pointer}/{name}" not in wrong}
        return {name: _without(value[name], wrong, at) for name, at in below.items()}
    if isinstance(value, list):
        rows = [(item, f"{pointer}/{i}") for i, item in enumerate(value)]
        return [_without(item, wrong, at) for item, at in rows if at not in wrong]
    return value
