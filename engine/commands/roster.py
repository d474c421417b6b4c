"""People from a CSV file as a spreadsheet writes it: read and checked line by line, then all are added, or nobody.

The first line names the columns, in English or Indonesian, in any order. Several roles or positions in one cell are
divided by `|`. Semicolons divide columns as well as commas: Indonesian spreadsheets write them.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from engine.access import Actor, require
from engine.acts import Channel
from engine.commands.people import NewUser, add_users, folded, problems
from engine.credentials import random_password
from engine.errors import N_, Invalid
from engine.models import users
from engine.queries.users import lanes_in_use
from engine.site import Site
from forms.validation import FieldError

LONGEST = 500
COLUMNS = {
    "name": ("name", "nama_pengguna"),
    "full_name": ("full_name", "nama_lengkap"),
    "lanes": ("lanes", "peran"),
    "positions": ("positions", "jabatan"),
    "rank": ("rank", "pangkat"),
    "nip": ("nip",),
    "email": ("email", "surel"),
}
SEVERAL = ("lanes", "positions")
_KNOWN = {heading: column for column, headings in COLUMNS.items() for heading in headings}


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says: people in its order with their lines, and every error; an error's pointer is `/line/column`.

    `unknown` are roles that no SOP has: a slip, or an SOP that is still to come. They stand in nobody's way.
    """

    people: Sequence[NewUser]
    lines: Sequence[int]
    errors: Sequence[FieldError]
    unknown: Sequence[FieldError]


def read_roster(site: Site, actor: Actor, content: bytes) -> Roster:
    """Read and check the file without adding anybody; raises `Forbidden`."""
    require(actor, "people.manage")
    rows = list(_rows(_text(content)))
    wrong = [row for row in rows if isinstance(row, FieldError)]
    found = [row for row in rows if not isinstance(row, FieldError)]
    people, lines = [person for _, person in found], [line for line, _ in found]
    if len(people) > LONGEST:
        wrong.append(FieldError("/1", "too_long", N_("at most %(limit)s people at once"), {"limit": LONGEST}))
    for line, person in found:
        wrong += [replace(error, pointer=f"/{line}{error.pointer}") for error in problems(person)]
    if not rows:
        wrong.append(FieldError("/1", "empty", N_("nobody is in this file")))
    return Roster(people, lines, sorted([*wrong, *_taken(site, found)], key=_place), list(_unknown(site, found)))


def import_roster(site: Site, actor: Actor, channel: Channel, content: bytes) -> list[NewUser]:
    """Add everybody in the file, each with a random password; raises `Forbidden`, or `Invalid` with every error."""
    roster = read_roster(site, actor, content)
    if roster.errors:
        raise Invalid(roster.errors)
    people = [replace(person, password=random_password()) for person in roster.people]
    add_users(site, actor, channel, people)
    return people


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # an old Excel's
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, NewUser] | FieldError]:
    lines = text.splitlines()
    if not lines:
        return
    divider = max(";,\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=divider)
    columns = [_KNOWN.get("_".join(heading.lower().split()), "") for heading in next(reader)]
    missing = {"name", "full_name"} - set(columns)
    if missing or "" in columns or len(set(columns)) < len(columns):
        names = ", ".join(COLUMNS)
        yield FieldError("/1", "columns", N_("the first line names the columns: %(names)s"), {"names": names})
        return
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            yield FieldError(f"/{reader.line_num}", "cells", N_("this line has more or fewer cells than the first"))
            continue
        yield reader.line_num, _person(dict(zip(columns, cells, strict=True)))


def _person(cells: Mapping[str, str]) -> NewUser:
    several = {name: _values(cells.get(name, "")) for name in SEVERAL}
    single = {name: " ".join(cells.get(name, "").split()) or None for name in ("rank", "email")}
    nip = "".join(cells.get("nip", "").split()).lstrip("'") or None
    return NewUser(cells["name"].strip(), folded(cells["full_name"]), nip=nip, **several, **single)  # type: ignore[arg-type]


def _values(cell: str) -> list[str]:
    return [folded(value) for value in cell.split("|") if value.strip()]


def _taken(site: Site, found: Sequence[tuple[int, NewUser]]) -> Iterator[FieldError]:
    names = [person.name for _, person in found]
    with site.database.read() as connection:
        there = set(connection.execute(select(users.c.name).where(users.c.name.in_(names))).scalars())
    for line, person in found:
        if person.name in there:
            message = N_("There is already a user named %(name)s.")
            yield FieldError(f"/{line}/name", "name_taken", message, {"name": person.name})
        there.add(person.name)


def _unknown(site: Site, found: Sequence[tuple[int, NewUser]]) -> Iterator[FieldError]:
    known = lanes_in_use(site)
    for line, person in found:
        for lane in person.lanes:
            if lane not in known:
                message = N_("no SOP has the role “%(role)s”; their roles are: %(roles)s")
                params = {"role": lane, "roles": ", ".join(sorted(known)) or "–"}
                yield FieldError(f"/{line}/lanes", "unknown_role", message, params)


def _place(error: FieldError) -> int:
    return int(error.pointer.split("/")[1])
