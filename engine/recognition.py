"""Whether a file or a code is of a document that Alur issued, and what was changed in it since.

Who sees the case learns everything. Whoever else holds the file or the code, a citizen with a letter perhaps, learns
what the paper itself says: the type, the number, the date, and whether it still holds and is unchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from docgen import comparison
from docgen.codes import CodeInvalid, read_code
from docgen.errors import PackageRefused
from docgen.render import compile_template
from docgen.wording import sebutan
from engine import attempts, contents, history
from engine.access import Actor
from engine.bundles import Bundle
from engine.errors import N_, NotFound, Unacceptable
from engine.models import attachments, definitions, documents, instances
from engine.performance import Shelf
from engine.queries.cases import require_visible
from engine.queries.definitions import OF_CASE
from engine.queries.documents import Document, from_row
from engine.replay import perform_again
from engine.site import Site

GUESSES = 20
SHOWN = 2000
SCANS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")

#: What a file or a code can turn out to be.
OUTCOMES: Mapping[str, str] = {
    "unchanged": N_("Ours, and unchanged."),
    "same_text": N_("Ours: it says exactly what was issued, but the file was saved again since."),
    "changed": N_("Ours, but CHANGED since it was issued."),
    "signed_copy": N_("Ours: the signed copy of this document, unchanged."),
    "issued": N_("A document with this code was issued. Compare what the paper says with what stands here."),
    "unknown": N_("Not ours: no document with this content or code was issued here."),
    "scan": N_("A scan or picture cannot be compared. Type the code at its foot, or choose the Word file."),
}
OURS = ("unchanged", "signed_copy")
CONTEXT: Mapping[str, str] = {
    "dokumen.nomor": N_("Number"),
    "dokumen.kode": N_("Document code"),
    "dokumen.tanggal": N_("Date"),
    "dokumen": N_("Document"),
    "kop": N_("Letterhead"),
    "penanda_tangan": N_("Signatory"),
    "kasus": N_("Case"),
    "berkas": N_("List of files"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """An issued document as far as somebody may know it; `document` and `step` only for who sees the case."""

    type: str
    title: str
    number: str | None
    code: str | None
    version: int
    status: str
    issued_at: datetime
    document: Document | None = None
    step: str = ""
    case_title: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What was changed: the field's label in the form's words or ours, what was issued, what is there now."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """The answer; `changes` only for who sees the case, `differences` says how many there are."""

    outcome: str
    sha256: str = ""
    known: tuple[Known, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    differences: int = 0

    @property
    def sentence(self) -> str:
        """The outcome in words, to be translated."""
        return OUTCOMES[self.outcome]

    @property
    def ours(self) -> bool:
        """Whether it is a document of ours as it was issued or signed."""
        return self.outcome in OURS


def recognise(site: Site, actor: Actor | None, content: bytes) -> Recognition:
    """What these bytes are; only who is signed in gets a file compared that is not ours as it stands."""
    sha256 = contents.sha256(content)
    with site.database.read() as connection:
        if known := _known(connection, actor, documents.c.sha256 == sha256):
            return Recognition("unchanged", sha256, known)
        if known := _signed(connection, actor, sha256):
            return Recognition("signed_copy", sha256, known)
        if content.startswith(SCANS):
            return Recognition("scan", sha256)
        codes = _codes(content) if actor else []
        known = _known(connection, actor, documents.c.code.in_(codes)) if codes else ()
        if not known:
            return Recognition("unknown", sha256)
        row = connection.execute(select(documents).where(documents.c.code == known[0].code)).one()
        found = _changes(site, connection, from_row(row._asdict()), content)
    seen = tuple(found) if known[0].document else ()
    return Recognition("changed" if found else "same_text", sha256, known, seen, len(found))


def recognise_code(site: Site, actor: Actor | None, typed: str, address: str = "") -> Recognition:
    """The document of that code; raises `Unacceptable` for a mistyped one, `TooManyAttempts` for who only guesses."""
    try:
        code = read_code(typed)
    except CodeInvalid as invalid:
        raise Unacceptable(reason=invalid.problems[0].msgid) from invalid
    guesser = [f"code:{actor.name if actor else address}"]
    with site.database.read() as connection:
        attempts.require_few(connection, guesser, site.clock(), GUESSES)
        known = _known(connection, actor, documents.c.code == code)
    if not known:
        with site.database.write() as connection:
            attempts.failed(connection, guesser, site.clock())
    return Recognition("issued" if known else "unknown", known=known)


def _codes(content: bytes) -> list[str]:
    try:
        return comparison.codes_of(content)
    except PackageRefused:
        return []


def _known(connection: Connection, actor: Actor | None, condition: ColumnElement[bool]) -> tuple[Known, ...]:
    title = func.coalesce(instances.c.business_key, definitions.c.name).label("case_title")
    query = select(documents, title).join(instances, instances.c.id == documents.c.instance_id)
    query = query.join(definitions, OF_CASE)
    rows = connection.execute(query.where(condition).order_by(documents.c.issued_at)).all()
    return tuple(_one(connection, actor, row) for row in rows)


def _one(connection: Connection, actor: Actor | None, row: Any) -> Known:  # noqa: ANN401 - a row of `documents`
    title = row.title or sebutan(row.type)
    public = Known(row.type, title, row.number, row.code, row.version, row.status, row.issued_at)
    if not _sees(connection, actor, row.instance_id):
        return public
    values = {name: value for name, value in row._asdict().items() if name != "case_title"}
    entry = next(stored.entry for stored in history.page(connection, row.instance_id, row.seq - 1, 1))
    step = entry["activity_name"] or ""
    return replace(public, document=from_row(values), step=step, case_title=row.case_title)


def _sees(connection: Connection, actor: Actor | None, instance_id: str) -> bool:
    try:
        if actor is not None:
            require_visible(connection, actor, instance_id)
    except NotFound:
        return False
    return actor is not None


def _signed(connection: Connection, actor: Actor | None, sha256: str) -> tuple[Known, ...]:
    """The documents of which an upload with this content is the signed copy."""
    uploads = connection.execute(
        select(attachments.c.id, attachments.c.instance_id).where(
            attachments.c.sha256 == sha256, attachments.c.instance_id.is_not(None)
        )
    )
    found: list[Known] = []
    for upload in uploads:
        copies = documents.c.signed_copies.contains(f'"{upload.id}"', autoescape=True)
        copied = _known(connection, actor, (documents.c.instance_id == upload.instance_id) & copies)
        found += [each for each in copied if each not in found]
    return tuple(found)


def _changes(site: Site, connection: Connection, document: Document, content: bytes) -> list[FieldChange]:
    issued = contents.read(connection, document.sha256)
    entries = [stored.entry for stored in history.read(connection, document.instance_id) if stored.seq <= document.seq]
    bundle = site.bundle(connection, entries[-1]["definition_digest"])
    trace = _trace(connection, bundle, entries, document)
    if trace is None or not comparison.reads_the_same(issued, trace):
        trace = issued
    found = comparison.changes(trace, content)
    return [
        FieldChange(each.field, label(bundle, each.field), each.before[:SHOWN], each.after[:SHOWN]) for each in found
    ]


@dataclass
class _Watching(Shelf):
    """Keeps what the document of one code and version was made of."""

    wanted: tuple[str, int] = ("", 0)
    seen: tuple[str, Mapping[str, Any]] | None = None

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        if (context["dokumen"]["kode"], context["dokumen"]["versi"]) == self.wanted:
            self.seen = template, context
        return super().render(template, context)


def _trace(
    connection: Connection, bundle: Bundle, entries: Sequence[Mapping[str, Any]], document: Document
) -> bytes | None:
    """The document made again so that every value says where it is from; None when that cannot be done any more."""
    shelf = _Watching(connection, bundle, wanted=(document.code or "", document.version))
    try:
        perform_again(bundle, entries, shelf)
    except Exception:  # whatever keeps the case from running again, the file can still be compared
        return None
    if shelf.seen is None:
        return None
    template, context = shelf.seen
    return compile_template(bundle.files[template], template, traced=True).render(context)


def label(bundle: Bundle, name: str) -> str:
    """What people call a field: the title that its form gives it, or ours for what is in no form."""
    key, *path = name.split(".")
    form = bundle.forms_by_key.get(key)
    if form is None:
        return CONTEXT.get(name) or CONTEXT.get(key, name)
    schema: Mapping[str, Any] = form.schema
    title = ""
    for part in path:
        schema = schema.get("items", schema).get("properties", {}).get(part, {})
        title = schema.get("title", title)
    return title or name
