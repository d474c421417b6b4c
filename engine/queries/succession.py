"""Whether a definition is the next version of the SOP whose id it has, or another SOP that came by the same id.

Editors give every new process the same few ids, so the name counts: with another name, somebody must say that it is the
same SOP. What has no name and such an id must share steps with the current version.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection

from engine.bpmn import ACTIVITIES
from engine.checker.findings import Finding, Place, finding, in_file
from engine.definitions import Definition
from engine.queries.definitions import deployed
from engine.site import Site

_MADE_BY_AN_EDITOR = re.compile(r"(process|proses)(_\w*)?", re.IGNORECASE)


def strangers(site: Site, connection: Connection, found: Iterable[Definition]) -> list[Finding]:
    """A finding for each definition that would become a version of another SOP."""
    errors: list[Finding] = []
    for new in found:
        current = deployed(connection, new.key)
        if current is not None and not is_next(site.bundle(connection, current.digest).definition, new):
            place = Place(new.key, new.name, 1)
            errors += in_file(new.source, [finding("other_sop", place, known=current.name)])
    return errors


def is_next(old: Definition, new: Definition) -> bool:
    """Whether this may be taken for a new version of the old one without asking."""
    if old.name.casefold() != new.name.casefold():
        return False
    named = new.name != new.key or not _MADE_BY_AN_EDITOR.fullmatch(new.key)
    steps, known = _steps(new), _steps(old)
    return named or 5 * len(steps & known) >= min(len(steps), len(known))


def _steps(definition: Definition) -> frozenset[str]:
    """What its steps are called; by id where they have no name."""
    return frozenset(e.name or e.id for e in definition.elements.values() if e.kind in ACTIVITIES)
