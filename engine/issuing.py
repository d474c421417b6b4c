"""The operators that issue: `docgen/render` makes a Word document, `docgen/archive` the ZIP of a case."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from docgen.archive import zip_files
from docgen.codes import DRAFT, document_code
from docgen.errors import NumberInvalid
from docgen.numbers import format_number, parse_number
from engine.errors import NumberMalformed, NumberMissing, NumberTaken, OperatorFailed
from engine.identity import document_id
from engine.operators import Issued, Library, Operator, Outcome, Previous, Surroundings, World
from engine.runtime import ServiceCall

#: So many characters of a title are kept.
TITLE = 200


def _local(at: datetime, office: Mapping[str, Any]) -> datetime:
    return at.astimezone(ZoneInfo(office["zona"]))


def _gather_document(call: ServiceCall, around: Surroundings) -> dict[str, Any]:
    today = _local(around.at, around.office)
    previous = around.previous(call.activity_id, call.run)
    status = str(call.parameters.get("status") or "issued")
    number, given = _number(call, around, previous, today.year) if status == "issued" else (None, None)
    signers = call.parameters.get("signed_by") or []
    names = [signers] if isinstance(signers, str) else signers
    return {
        **_version(previous),
        "date": today.date().isoformat(),
        "status": status,
        "number": number,
        "given": given,
        "signed_by": [around.signatory(name, call.acts.get(name)) for name in names],
        "kop": around.office["kop"],
        "zone": around.office["singkatan_zona"],
        "head": around.head,
        "case": around.case,
        "title": around.title,
        "files": around.file_list() if call.parameters.get("with_files") else [],
    }


def _version(previous: Previous) -> dict[str, int]:
    """The version that is next, and which it replaces where that is not the one before."""
    version = previous.version + 1
    return {"version": version, **({} if previous.own == previous.version else {"replaces": previous.own})}


def _number(
    call: ServiceCall, around: Surroundings, previous: Previous, year: int
) -> tuple[str | None, dict[str, Any] | None]:
    """The document's number and, when it is new, the register's entry. Rework keeps the number it had."""
    if previous.number:
        return previous.number, None
    kind = str(call.parameters["type"])
    mask = around.office["masks"].get(kind)
    if mask is None:
        return None, None
    by_hand = call.parameters.get("number")
    n = around.next_number(kind, year)
    classification = str(call.parameters.get("classification") or "")
    number = str(by_hand).strip() if by_hand else format_number(mask, n, classification, around.office, year)
    # A number from the paper register has the place in the series that it says.
    try:
        place = parse_number(mask, number, around.office)
    except NumberInvalid as error:
        raise NumberMalformed(number=number, mask=mask["mask"]) from error
    given = {"type": kind, "year": place.year, "n": place.n}
    if not around.is_free(number, given):
        raise NumberTaken(number=number)
    return number, given


def require_number(call: ServiceCall, outcome: Outcome, prints_number: Callable[[str], bool]) -> None:
    """Raise `NumberMissing` for a document in force that would print an empty number.

    Asked when a document is made for the first time, never of one that is recorded.
    """
    made = outcome.document
    if made and made.status == "issued" and not made.number and prints_number(str(call.parameters.get("template"))):
        raise NumberMissing(type=made.type)


def _short_code(head: str) -> str:
    return " ".join(head[i : i + 4] for i in range(0, 12, 4)).upper()


def _perform_document(call: ServiceCall, world: World, library: Library) -> Outcome:
    kind, code = str(call.parameters["type"]), _code(call, world)
    context = {
        **library.complete(call.data),
        "kop": world["kop"],
        "dokumen": {
            "nomor": world["number"],
            "kode": code or DRAFT,
            "tanggal": world["date"],
            "versi": world["version"],
            "status": world["status"],
            "jenis": kind,
        },
        "penanda_tangan": world["signed_by"],
        "kasus": {
            "id": world["case"],
            "judul": world["title"],
            "kepala_riwayat": world["head"],
            "kode": _short_code(world["head"]),
        },
        "berkas": world["files"],
    }
    content = library.render(str(call.parameters["template"]), context)
    facts = {"nomor": world["number"], "tanggal": world["date"], "versi": world["version"]}
    return Outcome(facts, _issued(call, world, f"{kind}-v{world['version']}.docx", content, code))


def _code(call: ServiceCall, world: World) -> str | None:
    if world["status"] != "issued":
        return None
    return document_code(document_id(world["case"], call.activity_id, world["version"]), world["head"])


def _issued(call: ServiceCall, world: World, filename: str, content: bytes, code: str | None = None) -> Issued:
    return Issued(
        activity_id=call.activity_id,
        type=str(call.parameters["type"]),
        title=str(call.parameters.get("title") or "")[:TITLE] or None,
        version=world["version"],
        number=world["number"],
        code=code,
        status=world["status"],
        filename=filename,
        content=content,
        signed_by=tuple(world["signed_by"]),
        given=world["given"],
        replaces=world.get("replaces", world["version"] - 1),
        run=call.run,
    )


def _gather_archive(call: ServiceCall, around: Surroundings) -> dict[str, Any]:
    return {
        **_version(around.previous(call.activity_id, call.run)),
        "status": "issued",
        "number": None,
        "given": None,
        "signed_by": [],
        "files": around.file_list(),
    }


def _perform_archive(call: ServiceCall, world: World, library: Library) -> Outcome:
    names = [f"{item['no']:02d}-{item['nama']}" for item in world["files"]]
    content = zip_files([(name, library.content(f["sha256"])) for name, f in zip(names, world["files"], strict=True)])
    archive = replace(call, parameters={**call.parameters, "type": "arsip_zip"})
    return Outcome(document=_issued(archive, world, str(call.parameters["name"]), content))


REGISTRY: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator(
            "docgen/render",
            frozenset({"template", "type"}),
            frozenset({"title", "signed_by", "status", "classification", "number", "with_files"}),
            _gather_document,
            _perform_document,
        ),
        Operator("docgen/archive", frozenset({"name"}), frozenset({"title"}), _gather_archive, _perform_archive),
    )
}


def operator(name: str) -> Operator:
    """The operator of a service task; raises `OperatorFailed` for a name that nothing answers to."""
    if name not in REGISTRY:
        raise OperatorFailed(cause=f"no operator is named {name}")
    return REGISTRY[name]
