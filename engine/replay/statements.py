"""Statements: what a version verified under its own code before an upgrade, signed with the installation's key.

A statement is two lines, as a checkpoint is: what it says of each case, and the signature of that. It is kept with the
contents, and an act names it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from engine import clock, contents
from engine.canonical import canonical
from engine.checkpoints.key import SigningKey, key_id, signed_by
from engine.errors import N_, NotFound
from engine.history import Stored
from engine.models import acts
from engine.verification import UNREADABLE, Difference, Different
from engine.versions import CARRIED, INSTALLATION, Versions, today, versions_of

FORMAT = "alur-statement-1"
VOUCHED = ("verified", "stated")

Statements = Mapping[str, Sequence["Statement"]]


@dataclass(frozen=True, slots=True)
class Statement:
    """That a case was `status` up to the entry `seq`; `state` is where it stood there, if it had not ended."""

    at: str
    versions: Versions
    seq: int
    hash: str
    status: str
    state: str | None


def relied_on(statements: Sequence[Statement], stored: Sequence[Stored]) -> Statement | None:
    """The last one by which an older version vouches for the case; raises `Different` where one is of another history.

    Of this version's own none is needed: it verifies.
    """
    hashes = {row.seq: row.hash for row in stored}
    for each in statements:
        if hashes.get(each.seq) != each.hash:
            reason = N_("the entry is another one than the statement of %(at)s names")
            raise Different(each.seq, reason, each.hash, hashes.get(each.seq, ""), at=clock.from_text(each.at))
    good = [each for each in statements if each.status in VOUCHED and each.versions.before(today())]
    return good[-1] if good else None


def signed(key: SigningKey, at: str, cases: list[list[Any]]) -> str:
    """The text of a statement; each case is its id, then the fields of `Statement` from `seq` on."""
    line = canonical({"format": FORMAT, "at": at, "key": key.id, **CARRIED, "cases": cases})
    return f"{line}\n{key.sign(line)}\n"


def read_statements(connection: Connection, keys: Iterable[str]) -> tuple[Statements, list[Difference]]:
    """What these public keys signed of each case, oldest first; and what is wrong with other statements."""
    known, found, wrong = {key_id(key): key for key in keys}, defaultdict[str, list[Statement]](list), []
    here = acts.c.subject == INSTALLATION, acts.c.kind == "stated"
    for row in connection.execute(select(acts.c.seq, acts.c.entry).where(*here).order_by(acts.c.seq)):
        try:
            for case, statement in _read(connection, row.seq, json.loads(row.entry)["after"]["sha256"], known):
                found[case].append(statement)
        except Different as different:
            wrong.append(different.difference)
        except UNREADABLE as error:
            wrong.append(Difference(row.seq, N_("the statement cannot be read: %(cause)s"), {"cause": repr(error)}))
    return found, wrong


def _read(connection: Connection, seq: int, name: str, known: Mapping[str, str]) -> list[tuple[str, Statement]]:
    try:
        content = contents.read(connection, name)
    except NotFound:
        content = b""
    if contents.sha256(content) != name:
        raise Different(seq, N_("the statement is missing or was changed"), name, contents.sha256(content))
    line, signature, _ = content.decode().split("\n")
    said = json.loads(line)
    if said["key"] not in known:
        raise Different(seq, N_("the statement is signed with an unknown key"), ", ".join(known) or "-", said["key"])
    if said["format"] != FORMAT or not signed_by(known[said["key"]], line, signature):
        raise Different(seq, N_("the signature of the statement is wrong"))
    return [(case, Statement(said["at"], versions_of(said), *told)) for case, *told in said["cases"]]
