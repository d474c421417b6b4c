"""A dry run: a model is carried out in memory, as any role, documents included. Nothing is written, no number is given.

Like a case it is its history: a list of acts that is executed anew each time, over the files as they are now. Numbers
come from a register of its own, people are made up, and every document says on each page that it does not count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from docgen.html import to_html
from docgen.specimen import marked
from docgen.wording import sebutan
from engine import clock
from engine.bpmn import Element
from engine.bundles import Bundle
from engine.contents import sha256
from engine.definitions import Definition, deployed_definitions
from engine.errors import N_, AlurError, OperatorFailed, Unacceptable
from engine.issuing import operator, require_number
from engine.operators import Issued, Previous
from engine.runtime import Case, NotExpected, NotOpen, OpenTask, ServiceCall, Step, Wait
from engine.surroundings import UPLOAD, listed, signatory
from engine.worktime import Calendar, answered
from forms.schema import Form
from forms.validation import attachments

STEPS = 200
TITLE = "Uji coba"
NAME = "Nama Contoh"
MARK = "UJI COBA — BUKAN DOKUMEN RESMI"
# Stands for every upload: a picture of one point.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63506838f01f0004840260551e8cdd0000000049454e44ae426082"
)


ActKind = Literal["complete", "arrive"]


class Act(TypedDict):
    """What is done: a task is completed, or what the case waits for comes; `path` is the task or the wait."""

    kind: ActKind
    path: str
    at: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A document that came out; `number` counts them, `failure` says why it could not be made."""

    number: int
    activity_id: str
    name: str
    title: str
    filename: str
    content: bytes

    @property
    def is_word(self) -> bool:
        """Whether it is a Word file, not the ZIP of them all."""
        return self.filename.endswith(".docx")

    @property
    def html(self) -> str:
        """To be read on a page: safe to show as it is."""
        return to_html(self.content)


@dataclass(frozen=True, slots=True)
class Done:
    """One act that was carried out, with what came of it."""

    act: Act
    element: Element
    documents: tuple[Made, ...]


class DryRun:
    """Where a dry run stands. `misfit` is why an act no longer fits the files; that and what follows are left out."""

    def __init__(self, bundle: Bundle, office: Mapping[str, Any], at: datetime) -> None:
        self.bundle = bundle
        self.misfit: AlurError | None = None
        self.given = 0  # how many acts there were to carry out, those that do not fit among them
        self.done: list[Done] = []
        self.entries: list[Mapping[str, Any]] = []
        self._world = _World(bundle, office, at)
        start = bundle.definition.starts[0]
        self.case, step = Case.start(bundle.definition, {}, self._world, at, start.id)
        self._note(Act(kind="arrive", path="", at=clock.to_text(at), data={}), start, step)

    @property
    def acts(self) -> list[Act]:
        """What was carried out since the start."""
        return [done.act for done in self.done[1:]]

    @property
    def documents(self) -> list[Made]:
        """All documents, oldest first."""
        return [made for done in self.done for made in done.documents]

    @property
    def tasks(self) -> list[tuple[OpenTask, Element]]:
        """What waits for people."""
        elements = self.bundle.definition.elements
        return [(task, elements[task.activity_id]) for task in self.case.open_tasks]

    @property
    def waits(self) -> list[tuple[Wait, Element]]:
        """What it waits for from outside; a condition comes by itself."""
        elements = self.bundle.definition.elements
        return [(wait, elements[wait.activity_id]) for wait in self.case.waits if wait.kind != "conditional"]

    def form(self, activity_id: str) -> Form | None:
        """The form of a task."""
        return self.bundle.forms.get(activity_id)

    def act(self, kind: ActKind, path: str, data: Mapping[str, Any], now: datetime) -> Act:
        """The act to add next: never before the one before it, and not before what it waits for is due."""
        if len(self.done) > STEPS:
            raise Unacceptable(reason=N_("a dry run has at most 200 steps"))
        moments = [now, clock.from_text(self.done[-1].act["at"])]
        moments += [wait.due for wait, _ in self.waits if wait.path == path and wait.due and kind == "arrive"]
        return Act(kind=kind, path=path, at=clock.to_text(max(moments)), data=dict(data))

    def carry_out(self, act: Act) -> None:
        """Go on by one act; raises what a case would raise."""
        self._world.at = clock.from_text(act["at"])
        element = self._element(act)
        if act["kind"] == "complete":
            self._world.completed(act, element, self.form(element.id))
            step = self.case.complete(act["path"], act["data"], self._world, self._world.at)
        else:
            step = self._arrive(act)
        self._note(act, element, step)

    def _element(self, act: Act) -> Element:
        there = self.tasks if act["kind"] == "complete" else self.waits
        found = next((element for each, element in there if each.path == act["path"]), None)
        if found is None:
            raise NotOpen(path=act["path"]) if act["kind"] == "complete" else NotExpected(name=act["path"])
        return found

    def _arrive(self, act: Act) -> Step:
        wait = next(wait for wait, _ in self.waits if wait.path == act["path"])
        if wait.kind == "timer":
            return self.case.fire(wait.path, self._world, self._world.at)
        if wait.kind == "message":
            return self.case.deliver(wait.name, dict(act["data"]), self._world, self._world.at, wait.correlation)
        return self.case.broadcast(wait.name, dict(act["data"]), self._world, self._world.at)

    def _note(self, act: Act, element: Element, step: Step) -> None:
        """Keep the transitions as a history entry has them, to be marked on the diagram, and the documents."""
        moves = [{"activity_id": t.activity_id, "event": t.event, "flow_id": t.flow_id} for t in step.transitions]
        self.entries.append({"transitions": moves})
        self.done.append(Done(act, element, self._world.take()))


def main_definition(files: Mapping[str, bytes], key: str | None = None) -> Definition:
    """The definition that a draft is about: the one of that key, else one that no other calls."""
    found = deployed_definitions(files)
    called = {element.called for each in found for element in each.elements.values() if element.called}
    return min(found, key=lambda each: (each.key != key, each.key in called))


def play(bundle: Bundle, office: Mapping[str, Any], acts: Sequence[Act], now: datetime) -> DryRun:
    """Start, and carry out the acts one by one; `now` is when it starts if nothing was done yet."""
    run = DryRun(bundle, office, clock.from_text(acts[0]["at"]) if acts else now)
    run.given = len(acts)
    try:
        for act in acts:
            run.carry_out(act)
    except AlurError as misfit:
        run.misfit = misfit
    return run


def example(form: Form | None, number: int = 0) -> dict[str, Any]:
    """One of the form's examples; the placeholders in it stand for uploads."""
    examples = form.schema.get("examples", ()) if form else ()
    return dict(examples[number]) if number < len(examples) else {}


class _World:
    """Implements `operators.Surroundings` and `operators.Library` in memory, and performs service tasks with it."""

    case, title, head = "uji-coba", TITLE, "0" * 64

    def __init__(self, bundle: Bundle, office: Mapping[str, Any], at: datetime) -> None:
        self.bundle, self.office, self.at = bundle, office, at
        self.contents = {sha256(PICTURE): PICTURE}
        self._acts: dict[str, Mapping[str, Any]] = {}
        self._issued: list[tuple[Issued, dict[str, Any]]] = []
        self._uploads: list[dict[str, Any]] = []
        self._made: list[Made] = []
        self._count = 0

    def __call__(self, call: ServiceCall) -> Any:  # noqa: ANN401 - JSON
        """Carry out a service task; whatever goes wrong in it is an incident, as in a case."""
        handler = operator(call.operator)
        try:
            world = handler.gather(call, self)
            outcome = handler.perform(call, world, self)
            require_number(call, outcome, self.bundle.prints_number)
        except OperatorFailed:
            raise
        except Exception as error:
            cause = str(error) if isinstance(error, AlurError) else f"{type(error).__name__}: {error}"
            raise OperatorFailed(cause=cause) from error
        if outcome.document:
            self._keep(outcome.document)
        return outcome.value

    def ask(self, question: list[Any]) -> Any:  # noqa: ANN401 - JSON
        """Answer an expression that asks the office's calendar."""
        return answered(question, self.at, Calendar.from_office(self.office))

    def take(self) -> tuple[Made, ...]:
        """The documents since the last time."""
        made, self._made = tuple(self._made), []
        return made

    def completed(self, act: Act, element: Element, form: Form | None) -> None:
        """Remember who did a task, to sign by it, and what they uploaded."""
        post = element.properties.get("position") or element.lane
        card = {"full_name": NAME, "rank": None, "nip": None, "position": post, "garis_kewenangan": ""}
        entry = {"actor_card": card, "lane": element.lane, "at": act["at"], "activity_id": element.id}
        self._acts[element.id] = entry
        for pointer, _ in attachments(form, act["data"]) if form else ():
            self._uploads.append(self._listed(f"lampiran-{pointer[1:].replace('/', '-')}.png", UPLOAD, None, PICTURE))

    def previous(self, activity_id: str, run: str) -> Previous:
        found = [document for document, _ in self._issued if document.activity_id == activity_id]
        own = [document for document in found if document.run == run]
        latest = found[-1].version if found else 0
        return Previous(latest, own[-1].version, own[-1].number) if own else Previous(latest)

    def signatory(self, activity_id: str, path: str | None) -> Mapping[str, Any]:
        if activity_id not in self._acts:
            raise OperatorFailed(cause=f"nobody has completed {activity_id}, which is to sign")
        return signatory(self._acts[activity_id], self.office["zona"])

    def next_number(self, type_: str, year: int) -> int:
        given = [d.given["n"] for d, _ in self._issued if d.given and (d.type, d.given["year"]) == (type_, year)]
        return max(given, default=0) + 1

    def is_free(self, number: str, given: Mapping[str, Any]) -> bool:
        return all(document.number != number and document.given != given for document, _ in self._issued)

    def file_list(self) -> list[dict[str, Any]]:
        latest = {
            (document.activity_id, document.run): row for document, row in self._issued if document.status == "issued"
        }
        return [{"no": number, **row} for number, row in enumerate([*latest.values(), *self._uploads], 1)]

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        return marked(self.bundle.render(template, context), MARK)

    def complete(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return self.bundle.complete(data)

    def content(self, sha256: str) -> bytes:
        return self.contents[sha256]

    def _keep(self, document: Issued) -> None:
        row = self._listed(
            f"{document.activity_id}-{document.filename}",
            (document.type, document.title),
            document.number,
            document.content,
        )
        self._issued.append((document, row))
        self._count += 1
        name = self.bundle.definition.elements[document.activity_id].name
        stem, _, ending = document.filename.rpartition(".")
        filename = f"uji-coba-{stem}.{ending}"
        title = document.title or sebutan(document.type)
        made = Made(self._count, document.activity_id, name, title, filename, document.content)
        self._made.append(made)

    def _listed(self, name: str, called: tuple[str, str | None], number: str | None, content: bytes) -> dict[str, Any]:
        digest = sha256(content)
        self.contents[digest] = content
        date = self.at.date().isoformat()
        return listed(name, called, number, date, digest)
