"""Service tasks: an operator is a name for work the engine does by itself.

Each has two halves. `gather` asks today's world (who signed, which number is next, the letterhead) and returns plain
JSON, which the history keeps. `perform` is a pure function of the call, that JSON and the case's pinned files:
re-execution calls it alone and must come to the same bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from engine.runtime import ServiceCall

World = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that came out of a service task; `given` is the register's new entry, if it needed one.

    `title` is what its service task calls it. `code` is what its footer prints for whoever wants to know whether it is
    ours; drafts and archives have none. `replaces` is the version that it takes the place of, 0 for none: another's
    where several runs issue by the same activity; `run` is which one that was.
    """

    activity_id: str
    type: str
    title: str | None
    version: int
    number: str | None
    code: str | None
    status: str
    filename: str
    content: bytes
    signed_by: tuple[Mapping[str, Any], ...]
    given: Mapping[str, Any] | None
    replaces: int
    run: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operator leaves: a value for the case's data and at most one document."""

    value: Any = None
    document: Issued | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """The latest version of what an activity issued, that of its run (0 for none), and the number of this one."""

    version: int = 0
    own: int = 0
    number: str | None = None


class Surroundings(Protocol):
    """The world outside the case, as `gather` may ask it, within the command's transaction."""

    at: datetime
    head: str
    case: str
    title: str

    @property
    def office(self) -> Mapping[str, Any]:
        """Letterhead, codes, number masks and the time zone."""

    def previous(self, activity_id: str, run: str) -> Previous:
        """What this activity issued before, in this run and in all."""

    def signatory(self, activity_id: str, path: str | None) -> Mapping[str, Any]:
        """Who completed the activity last, or that task of a run; raises `OperatorFailed` when nobody did."""

    def next_number(self, type_: str, year: int) -> int:
        """The next number of a series, held until the transaction ends."""

    def is_free(self, number: str, given: Mapping[str, Any]) -> bool:
        """Whether the register holds neither this number nor its place in the series (`type`, `year`, `n`)."""

    def file_list(self) -> list[dict[str, Any]]:
        """The case's valid documents and bound attachments, in the order they came."""


class Library(Protocol):
    """The case's pinned files and stored contents, as `perform` may read them."""

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        """The document that a pinned template makes of `context`; raises `OperatorFailed`."""

    def complete(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The case's data with every field its forms know, absent ones empty."""

    def content(self, sha256: str) -> bytes:
        """A stored document or attachment."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A named handler; `required` and `optional` are the parameters a service task may give it."""

    name: str
    required: frozenset[str]
    optional: frozenset[str]
    gather: Callable[[ServiceCall, Surroundings], dict[str, Any]]
    perform: Callable[[ServiceCall, World, Library], Outcome]
