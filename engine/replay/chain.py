"""The chain of a case's entries, and the bytes that they name."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from engine import contents, history
from engine.errors import N_, NotFound
from engine.history import Entry, Stored
from engine.verification import Different
from engine.versions import Versions, versions_of


def linked(stored: list[Stored], case: str, upgrades: Sequence[tuple[str, Versions]] = ()) -> list[Entry]:
    """The entries, each bound to the one before, numbered from 1 without a gap, in strictly increasing time.

    None is of an older version than one before it or than the installation had by then: those are compared less.
    """
    previous, last_at, versions = history.GENESIS, "", Versions(0, 0, 0)
    entries: list[Entry] = []
    for number, row in enumerate(stored, 1):
        if row.seq != number:
            raise Different(number, N_("an entry is missing"), number, row.seq)
        if history.digest(row.text) != row.hash:
            raise Different(number, N_("the entry was changed"), row.hash, history.digest(row.text))
        entry = json.loads(row.text)
        written, said = (entry["kind"], entry["activity_id"]), (row.kind, row.activity_id)
        if said != written:
            raise Different(number, N_("the entry was changed"), written, said)
        if (entry["case"], entry["seq"], entry["prev_hash"]) != (case, number, previous):
            raise Different(number, N_("the chain is broken"), previous, entry["prev_hash"])
        if entry["at"] <= last_at:
            raise Different(number, N_("time runs backwards"), f"after {last_at}", entry["at"])
        if versions_of(entry).before(versions):
            raise Different(number, N_("an older version follows a newer one"), versions, versions_of(entry))
        for since, had in upgrades:
            if entry["at"] > since and versions_of(entry).before(had):
                raise Different(number, N_("the installation had a newer version by then"), had, versions_of(entry))
        previous, last_at, versions = row.hash, entry["at"], versions_of(entry)
        entries.append(entry)
    if not entries or entries[0]["kind"] != "start":
        raise Different(1, N_("the case has no beginning"))
    return entries


def check_contents(connection: Connection, entries: list[Entry]) -> None:
    """The stored bytes of documents and bound attachments are what the history says."""
    for entry in entries:
        for item in (*entry["documents"], *entry["attachments"]):
            try:
                found = contents.sha256(contents.read(connection, item["sha256"]))
            except NotFound:
                found = "missing"
            if found != item["sha256"]:
                raise Different(
                    entry["seq"], N_("the file of %(file)s was changed"), item["sha256"], found, file=item["id"]
                )
