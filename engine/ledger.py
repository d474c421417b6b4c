"""What the acts say of people, what they hold, their passwords and tokens, versions of SOPs, the office and the
register.

Verification folds all acts and compares: whoever edits a table instead of using Alur is found out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from engine import acts, clock
from engine.canonical import canonical
from engine.contents import sha256
from engine.errors import N_
from engine.models import credentials, definitions, memberships, numbers, office, substitutes, users
from engine.verification import UNREADABLE, Difference, Different, Verification

Act = Mapping[str, Any]
Rows = dict[Any, dict[str, Any]]

PERSON = ("full_name", "rank", "nip", "active")
MEMBERSHIP = ("id", "kind", "value", "valid_from", "valid_to")
SUBSTITUTE = tuple(str(column.name) for column in substitutes.c)  # plain texts, not names that SQL would quote


@dataclass(slots=True)
class Ledger:
    """The rows that the acts lead to, by table and key."""

    users: Rows = field(default_factory=dict)
    memberships: Rows = field(default_factory=dict)
    substitutes: Rows = field(default_factory=dict)
    tokens: Rows = field(default_factory=dict)
    numbers: Rows = field(default_factory=dict)
    office: Rows = field(default_factory=dict)
    definitions: Rows = field(default_factory=dict)

    def fold(self, act: Act) -> None:
        """Apply one act; kinds that leave no row change nothing."""
        if act["kind"] in FOLDS:
            FOLDS[act["kind"]](self, act["subject"], act["after"], act["actor"])

    def _person(self, name: str, after: Act, by: str) -> None:
        known = self.users.setdefault(name, {"password": None})
        known |= {key: after[key] for key in (*PERSON, "password") if key in after}
        for held in after.get("held", ()):
            self._held(name, held, by)

    def _held(self, name: str, after: Act, by: str) -> None:
        known = self.memberships.setdefault(after["id"], {"user": name, "granted_by": by})
        known |= {key: after[key] for key in MEMBERSHIP}

    def _stands_in(self, _: str, after: Act, by: str) -> None:
        self.substitutes[after["id"]] = {key: after[key] for key in SUBSTITUTE}

    def _token(self, name: str, after: Act, by: str) -> None:
        self.tokens[after["token"]] = {"user": name}

    def _revoked(self, _: str, after: Act, by: str) -> None:
        for token in after["tokens"]:
            self.tokens.pop(token, None)

    def _office(self, _: str, after: Act, by: str) -> None:
        self.office[after["revision"]] = {"sha256": after["sha256"], "by": by}

    def _definition(self, key: str, after: Act, by: str) -> None:
        known = self.definitions.setdefault(f"{key} {after['version']}", {"note": None, "withdrawn": None})
        known |= {name: after[name] for name in ("digest", "note", "withdrawn") if name in after}

    def _numbers(self, _: str, after: Act, by: str) -> None:
        for row in after["numbers"]:
            self.numbers[row["number"]] = {"note": after.get("note"), "void": after.get("void")} | dict(row)


FOLDS: Mapping[str, Callable[[Ledger, str, Act, str], None]] = {
    "user.added": Ledger._person,
    "user.changed": Ledger._person,
    "password.set": Ledger._person,
    "membership.granted": Ledger._held,
    "membership.ended": Ledger._held,
    "substitute.added": Ledger._stands_in,
    "substitute.ended": Ledger._stands_in,
    "token.created": Ledger._token,
    "access.revoked": Ledger._revoked,
    "office.changed": Ledger._office,
    "deployed": Ledger._definition,
    "withdrawn": Ledger._definition,
    "reinstated": Ledger._definition,
    "number.entered": Ledger._numbers,
    "number.voided": Ledger._numbers,
}


def verify(connection: Connection) -> Verification:
    """Check the chain of acts, and that the tables say what it says."""
    counted, _ = acts.head(connection)
    ledger = Ledger()
    try:
        for act in acts.chain(connection):
            ledger.fold(act)
        _compare(connection, ledger)
    except Different as different:
        return Verification("failed", counted, 0, different.difference)
    except UNREADABLE as error:
        unreadable = Difference(None, N_("the acts cannot be read: %(cause)s"), {"cause": repr(error)})
        return Verification("failed", counted, 0, unreadable)
    return Verification("verified", counted, 0)


def _compare(connection: Connection, ledger: Ledger) -> None:
    people = _rows(connection, users, "name", *PERSON, "password")
    for row in people.values():
        row["password"] = fingerprint(row["password"])
    _same("users", ledger.users, people)
    _same("memberships", ledger.memberships, _rows(connection, memberships, "id", *MEMBERSHIP, "user", "granted_by"))
    _same("substitutes", ledger.substitutes, _rows(connection, substitutes, "id", *SUBSTITUTE))
    valid = credentials.c.kind == "token", credentials.c.ended_at.is_(None)
    _same("credentials", ledger.tokens, _rows(connection, credentials, "sha256", "user", where=valid))
    remarked = numbers.c.instance_id.is_(None) | numbers.c.note.is_not(None) | numbers.c.void.is_not(None)
    register = _rows(connection, numbers, "number", "type", "year", "n", "number", "note", "void", where=(remarked,))
    _same("numbers", ledger.numbers, register)
    offered = {
        f"{row['key']} {row['version']}": {name: row[name] for name in ("digest", "note", "withdrawn")}
        for row in connection.execute(select(definitions)).mappings()
    }
    _same("definitions", ledger.definitions, offered)
    offices = _rows(connection, office, "revision", "data", "by")
    found = {key: {"sha256": sha256(row["data"].encode()), "by": row["by"]} for key, row in offices.items()}
    _same("office", ledger.office, found)


def fingerprint(stored: str | None) -> str | None:
    """What an act tells of a password: the digest of its salted hash, which shows nothing but that it was changed."""
    return sha256(stored.encode()) if stored else None


def _rows(connection: Connection, table: Table, key: str, *columns: str, where: tuple[Any, ...] = ()) -> Rows:
    rows = connection.execute(select(table).where(*where)).mappings()
    return {row[key]: {name: clock.plain(row[name]) for name in columns} for row in rows}


def _same(table: str, expected: Rows, found: Rows) -> None:
    for key in sorted({*expected, *found}, key=str):
        wanted, there = (canonical(rows[key]) if key in rows else "" for rows in (expected, found))
        if wanted != there:
            reason = N_("the table %(table)s says something else than the acts")
            raise Different(None, reason, wanted, there, table=table, key=key)
