"""Carrying out service tasks: live, with today's world, or again from what the history recorded."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from engine import clock, contents, office
from engine.bundles import Bundle
from engine.errors import AlurError, NumberMissing, OperatorFailed
from engine.identity import document_id
from engine.issuing import operator, require_number
from engine.operators import Issued, Outcome
from engine.rules import RULES, TIMERS_ASK, rules_of
from engine.runtime import ServiceCall
from engine.surroundings import LiveSurroundings
from engine.worktime import answered, told_by_clock

Record = Mapping[str, Any]


@dataclass(slots=True)
class Shelf:
    """Implements `operators.Library`: a bundle's files, and contents made in this command or stored before."""

    connection: Connection
    bundle: Bundle
    fresh: dict[str, bytes] = field(default_factory=dict)

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        return self.bundle.render(template, context)

    def complete(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return self.bundle.complete(data)

    def content(self, sha256: str) -> bytes:
        return self.fresh[sha256] if sha256 in self.fresh else contents.read(self.connection, sha256)


class Live:
    """Performs service tasks for the first time, and notes what the world answered."""

    def __init__(self, connection: Connection, bundle: Bundle, around: LiveSurroundings) -> None:
        self.results: list[Record] = []
        self.documents: list[Record] = []
        self._connection, self._around = connection, around
        self._shelf = Shelf(connection, bundle)

    def __call__(self, call: ServiceCall) -> Any:  # noqa: ANN401 - JSON
        place = {"path": call.path, "activity_id": call.activity_id, "operator": call.operator}
        try:
            world, outcome = self._carry_out(call)
        except OperatorFailed as failure:
            known = {"params": dict(failure.params)} if isinstance(failure, NumberMissing) else {}
            self.results.append({**place, "error": {"code": failure.code, "cause": str(failure), **known}})
            raise
        if outcome.document:
            self._keep(outcome.document)
        self.results.append({**place, "world": world})
        return outcome.value

    def ask(self, question: list[Any]) -> Any:  # noqa: ANN401 - JSON
        """Answer an expression that asks the office's calendar, and note it."""
        answer = answered(question, self._around.at, office.calendar(self._connection))
        self.results.append({"asked": question, "answer": answer})
        return answer

    def _carry_out(self, call: ServiceCall) -> tuple[Mapping[str, Any], Outcome]:
        handler = operator(call.operator)
        try:
            world = handler.gather(call, self._around)
            outcome = handler.perform(call, world, self._shelf)
            require_number(call, outcome, self._shelf.bundle.prints_number)
            return world, outcome
        except (AlurError, SQLAlchemyError):
            raise
        except Exception as error:  # a fault in one service task must not lose what a person submitted
            raise OperatorFailed(cause=f"{type(error).__name__}: {error}") from error

    def _keep(self, document: Issued) -> None:
        sha256 = contents.store(self._connection, document.content)
        self._shelf.fresh[sha256] = document.content
        self._around.issued(document, sha256)
        self.documents.append(described(document, sha256, self._around.case))


class Again:
    """Performs an entry's service tasks again; every answer comes from the record, of which the rest is `unused`."""

    def __init__(self, shelf: Shelf, entry: Record) -> None:
        self.documents: list[Record] = []
        self.unused = deque(entry["results"])
        self._entry = entry
        self._shelf = shelf

    def __call__(self, call: ServiceCall) -> Any:  # noqa: ANN401 - JSON
        record = self.unused.popleft() if self.unused else {}
        place = (record.get("path"), record.get("activity_id"), record.get("operator"))
        if place != (call.path, call.activity_id, call.operator):
            raise Divergence(f"{call.activity_id} runs {call.operator} here, the record does not")
        if "error" in record:
            error = record["error"]
            raise NumberMissing(**error["params"]) if "params" in error else OperatorFailed(cause=error["cause"])
        for named in record["world"].get("signed_by", ()):
            if named.get("tugas") != call.acts.get(named["langkah"]):
                raise Divergence(f"{call.activity_id} is signed by the act of another run")
        outcome = operator(call.operator).perform(call, record["world"], self._shelf)
        if outcome.document:
            sha256 = contents.sha256(outcome.document.content)
            self._shelf.fresh[sha256] = outcome.document.content
            self.documents.append(described(outcome.document, sha256, self._entry["case"]))
        return outcome.value

    def ask(self, question: list[Any]) -> Any:  # noqa: ANN401 - JSON
        """Answer as the record does: None for a timer's question where it was decided before timers asked.

        What follows from the office's zone alone is compared: with all that it has had, since it may have changed then.
        """
        if question[0] == "moment" and rules_of(self._entry) < TIMERS_ASK:
            return None
        record = self.unused.popleft() if self.unused else {}
        if record.get("asked") != question:
            raise Divergence(f"the calendar is asked {question} here, the record does not")
        if rules_of(self._entry) >= RULES:
            self._compare(question, record["answer"])
        return record["answer"]

    def _compare(self, question: list[Any], answer: object) -> None:
        at = clock.from_text(self._entry["at"])
        told = {told_by_clock(question, at, zone) for zone in office.zones(self._shelf.connection)}
        if not told & {None, answer}:
            raise Divergence(f"the calendar does not answer {question} with {answer}")


class Divergence(Exception):
    """Re-execution came to something else than the record says."""


def described(document: Issued, sha256: str, case: str) -> Record:
    """What the history entry says of a document."""
    return {
        "id": document_id(case, document.activity_id, document.version),
        "activity_id": document.activity_id,
        "type": document.type,
        # Histories from before there were titles must come out the same.
        **({"title": document.title} if document.title else {}),
        "version": document.version,
        "number": document.number,
        "code": document.code,
        "status": document.status,
        "filename": document.filename,
        "sha256": sha256,
        "signed_by": list(document.signed_by),
        "given": document.given,
        **({"replaces": document.replaces} if document.replaces != document.version - 1 else {}),
        **({"run": document.run} if document.run else {}),
    }
