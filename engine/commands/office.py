"""Changing the office's data: checked as a whole, so that no document and no deadline stumbles over it later."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from docgen.errors import NumberInvalid
from docgen.numbers import check_mask
from engine import office, register
from engine.access import Actor, require
from engine.acts import Channel
from engine.commands.period import require_reason
from engine.errors import N_, Conflict, Invalid
from engine.queries.definitions import digests_in_use
from engine.site import Site
from engine.worktime import WEEKDAYS, Calendar
from forms.validation import FieldError

KOP = ("nama_1", "nama_2", "alamat", "kontak", "tempat", "zona")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
PARTS = frozenset({"kop", "wilayah", "zona", "singkatan_zona", "masks", "working_time"})
LONGEST = 200

_TYPE = re.compile(r"[a-z][a-z0-9_]{0,79}")


def change_office(
    site: Site, actor: Actor, channel: Channel, data: Mapping[str, Any], reason: str, revision: int | None = None
) -> None:
    """Let `data` be the office's from now on; documents already issued stay as they are.

    With `revision`, only if nobody changed it since. Raises `Forbidden`, `Conflict`, `Unacceptable` without a reason,
    or `Invalid` with all that needs mending.
    """
    require(actor, "office.manage")
    reason = require_reason(reason)
    if errors := list(problems(data)):
        raise Invalid(errors)
    with site.database.write() as connection:
        if errors := list(_missed(site, connection, data["masks"])):
            raise Invalid(errors)
        if revision is not None and revision != office.revision(connection):
            raise Conflict
        if office.current(connection) != data:
            office.change(connection, dict(data), actor.name, site.clock(), channel, reason)


def problems(data: Mapping[str, Any]) -> Iterator[FieldError]:
    """All that needs mending in an office's data; a pointer names the place."""
    unknown, missing = data.keys() - PARTS, PARTS - data.keys()
    for part in sorted(unknown | missing):
        yield FieldError(
            f"/{part}", "parts", N_("the office's data has %(parts)s"), {"parts": ", ".join(sorted(PARTS))}
        )
    if unknown or missing:
        return
    yield from _letterhead(data)
    if ZONES.get(data["zona"]) != data["singkatan_zona"] or data["kop"].get("zona") != data["singkatan_zona"]:
        yield FieldError("/zona", "zone", N_("a zone of Indonesia with its abbreviation: WIB, WITA or WIT"))
        return
    yield from _masks(data)
    yield from _working_time(data)


def _letterhead(data: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in KOP:
        value = data["kop"].get(name)
        if not isinstance(value, str) or len(value) > LONGEST:
            yield FieldError(f"/kop/{name}", "text", N_("at most %(limit)s letters"), {"limit": LONGEST})
        elif name in ("nama_1", "tempat") and not value.strip():
            yield FieldError(f"/kop/{name}", "required", N_("this must be filled in"))
    if not re.fullmatch(r"[0-9]{2,10}", str(data["wilayah"]), re.ASCII):
        yield FieldError("/wilayah", "digits", N_("the code of the region has digits only"))


def _masks(data: Mapping[str, Any]) -> Iterator[FieldError]:
    seen: dict[str, str] = {}
    for name, mask in sorted(data["masks"].items()):
        pointer = f"/masks/{name}"
        if not _TYPE.fullmatch(name):
            yield FieldError(pointer, "type", N_("a type has small letters, digits and _ only"))
            continue
        try:
            check_mask(mask, data)
            first = register.unclassified(mask, 1, data, 2000)
        except NumberInvalid as error:
            yield FieldError(pointer, "mask", error.problems[0].msgid, error.problems[0].params)
            continue
        if first in seen:
            message = N_("this mask gives the same numbers as that of %(other)s")
            yield FieldError(pointer, "same", message, {"other": seen[first]})
        seen[first] = name


def _missed(site: Site, connection: Connection, masks: Mapping[str, Any]) -> Iterator[FieldError]:
    """Masks that are taken away though SOPs need them; one that was never there keeps nobody from other changes."""
    gone = office.current(connection)["masks"].keys() - masks.keys()
    needed = (site.bundle(connection, digest) for digest in (digests_in_use(connection) if gone else ()))
    named = {kind: bundle.definition.name for bundle in needed for kind in bundle.numbered}
    for kind in sorted(gone & named.keys()):
        message = N_("the SOP “%(sop)s” issues letters of this type with a number")
        yield FieldError(f"/masks/{kind}", "needed", message, {"sop": named[kind]})


def _working_time(data: Mapping[str, Any]) -> Iterator[FieldError]:
    stated = data["working_time"]
    ramadan = stated.get("ramadan", {})
    for place, hours in (("", stated), ("/ramadan", ramadan)):
        for day in WEEKDAYS:
            if day in hours and not _is_right(data["zona"], {day: hours[day]}):
                message = N_("the break must lie within the working hours, written such as 07:30")
                yield FieldError(f"/working_time{place}/{day}", "hours", message)
    if not any(day in stated for day in WEEKDAYS):
        yield FieldError("/working_time", "empty", N_("there must be working hours on some day"))
    for number, period in enumerate(ramadan.get("periods", ())):
        if not (_is_day(period.get("from")) and _is_day(period.get("to")) and period["from"] <= period["to"]):
            message = N_("from a day to the same or a later day, written such as 2026-02-19")
            yield FieldError(f"/working_time/ramadan/periods/{number}", "period", message)
    for name in ("holidays", "working_days"):
        for number, day in enumerate(stated.get(name, ())):
            if not _is_day(day["date"] if isinstance(day, Mapping) else day):
                yield FieldError(f"/working_time/{name}/{number}", "day", N_("a day is written such as 2026-11-24"))


def _is_right(zone: str, hours: Mapping[str, Any]) -> bool:
    try:
        Calendar.from_office({"zona": zone, "working_time": hours})
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def _is_day(text: object) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False
