"""Today's world as operators may ask it, inside the command's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, or_, select

from docgen.wording import sebutan
from engine import clock, history, office, register
from engine.errors import OperatorFailed
from engine.models import attachments, documents, numbers
from engine.operators import Issued, Previous

#: Type and title of what people upload, in a list of files.
UPLOAD = ("lampiran", None)


class LiveSurroundings:
    """Implements `operators.Surroundings` on the database; what this command issued so far counts already.

    `act` is what the entry will say of who does what, in which case, when, and after which entry.
    """

    def __init__(self, connection: Connection, title: str, act: Mapping[str, Any]) -> None:
        self.case, self.title, self.head, self.at = act["case"], title, act["prev_hash"], clock.from_text(act["at"])
        self._connection = connection
        self._act = act
        self._issued: list[tuple[Issued, str]] = []
        self._held: dict[tuple[str, int], int] = {}

    @cached_property
    def office(self) -> Mapping[str, Any]:
        """The office's data as it stands."""
        return office.current(self._connection)

    def issued(self, document: Issued, sha256: str) -> None:
        """Count a document that this command has just made."""
        self._issued.append((document, sha256))
        if document.given:
            self._held[document.type, document.given["year"]] = document.given["n"]

    def previous(self, activity_id: str, run: str) -> Previous:
        here = [document for document, _ in reversed(self._issued) if document.activity_id == activity_id]
        stored = self._connection.execute(
            select(documents)
            .where(documents.c.instance_id == self.case, documents.c.activity_id == activity_id)
            .order_by(documents.c.version.desc())
        ).all()
        every: list[Any] = [*here, *stored]
        latest = every[0].version if every else 0
        own = next((each for each in every if self._run(each) == run), None)
        return Previous(latest) if own is None else Previous(latest, own.version, own.number)

    def _run(self, document: Issued | Row[Any]) -> str:
        """In which run a document was issued; of a stored one, the history knows."""
        if isinstance(document, Issued):
            return document.run
        stored = history.find(self._connection, self.case, document.seq)
        return str(stored.entry["documents"][document.place].get("run", "")) if stored else ""

    def signatory(self, activity_id: str, path: str | None) -> Mapping[str, Any]:
        own = self._act["kind"] == "complete" and self._act["activity_id"] == activity_id
        own = own and path in (None, self._act.get("path"))
        act = self._act if own else history.last_act(self._connection, self.case, activity_id, path)
        if act is None:
            raise OperatorFailed(cause=f"nobody has completed {activity_id}, which is to sign")
        return {**signatory(act, self.office["zona"]), **({"tugas": path} if path else {})}

    def next_number(self, type_: str, year: int) -> int:
        if (type_, year) in self._held:
            return self._held[type_, year] + 1
        register.hold(self._connection, type_, year)
        return register.next_number(self._connection, type_, year)

    def is_free(self, number: str, given: Mapping[str, Any]) -> bool:
        same = and_(*(numbers.c[name] == value for name, value in given.items()))
        taken = self._connection.execute(select(numbers.c.n).where(or_(numbers.c.number == number, same))).scalar()
        return taken is None and all(d.number != number and d.given != given for d, _ in self._issued)

    def file_list(self) -> list[dict[str, Any]]:
        stored = self._connection.execute(
            select(documents)
            .where(documents.c.instance_id == self.case, documents.c.status == "issued")
            .order_by(documents.c.seq, documents.c.place)
        )
        rows = [
            self._listed(f"{r.activity_id}-{r.filename}", (r.type, r.title), r.number, r.sha256, r.issued_at)
            for r in stored
        ]
        rows += [
            self._listed(f"{d.activity_id}-{d.filename}", (d.type, d.title), d.number, sha256, self.at)
            for d, sha256 in self._issued
            if d.status == "issued"
        ]
        uploads = self._connection.execute(
            select(attachments)
            .where(attachments.c.instance_id == self.case)
            .order_by(attachments.c.seq, attachments.c.id)
        )
        rows += [self._listed(f"lampiran-{r.filename}", UPLOAD, None, r.sha256, r.uploaded_at) for r in uploads]
        return [{"no": n, **row} for n, row in enumerate(rows, 1)]

    def _listed(
        self, name: str, called: tuple[str, str | None], number: str | None, sha256: str, at: datetime
    ) -> dict[str, Any]:
        date = at.astimezone(ZoneInfo(self.office["zona"])).date().isoformat()
        return listed(name, called, number, date, sha256)


def listed(name: str, called: tuple[str, str | None], number: str | None, date: str, sha256: str) -> dict[str, Any]:
    """A row of a case's list of files; `called` is a document's type and, if its service task gives one, its title."""
    kind, title = called
    row = {"nama": name, "jenis": kind, "judul": title or sebutan(kind), "nomor": number}
    return {**row, "tanggal": date, "sha256": sha256}


def signatory(act: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """How a document names who did `act` (a `complete` entry): the act signs, nobody types a name."""
    card = act["actor_card"]
    return {
        "garis_kewenangan": card["garis_kewenangan"],
        "jabatan": card["position"] or act["lane"],
        "nama": card["full_name"],
        "pangkat": card["rank"],
        "nip": card["nip"],
        "waktu": clock.from_text(act["at"]).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"),
        "langkah": act["activity_id"],
    }
