"""The three numbers that every entry carries: of the rules, the engine and the renderer that it came about by.

Whoever changes a result raises one of them; docs/rules.md says what each stands for. An act tells since when the
installation has had which.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from docgen.render import RENDERER_VERSION
from engine import acts, clock
from engine.acts import Channel
from engine.models import acts as act_rows
from engine.models import instances
from engine.rules import RULES, rules_of
from engine.runtime import ENGINE_VERSION

CARRIED: dict[str, Any] = {"rules": RULES, "engine": ENGINE_VERSION, "renderer": RENDERER_VERSION}
INSTALLATION = "Alur"  # the subject of acts that are about all of it; subjects have an index


class Versions(NamedTuple):
    """The numbers alone, to be compared."""

    rules: int
    engine: int
    renderer: int

    def before(self, other: "Versions") -> bool:
        """Whether one of them is older than it is there."""
        return any(mine < theirs for mine, theirs in zip(self, other, strict=True))

    def __str__(self) -> str:
        return f"rules {self.rules}, engine {self.engine}, renderer {self.renderer}"


def versions_of(told: Mapping[str, Any]) -> Versions:
    """The versions that an entry tells; what stands after a slash is a library's, which is no number of ours."""
    return Versions(rules_of(told), int(told["engine"].partition("/")[0]), int(told["renderer"]))


def today() -> Versions:
    """The versions of this code."""
    return versions_of(CARRIED)


def upgrades(connection: Connection) -> list[tuple[str, Versions]]:
    """Since when the installation has had which versions, oldest first."""
    here = act_rows.c.subject == INSTALLATION, act_rows.c.kind == "upgraded"
    texts = connection.execute(select(act_rows.c.entry).where(*here).order_by(act_rows.c.seq)).scalars()
    return [(act["at"], versions_of(act["after"])) for act in map(json.loads, texts)]


def had_last(connection: Connection) -> Versions | None:
    """The versions that the installation has, as far as the acts tell."""
    return next((versions for _, versions in reversed(upgrades(connection))), None)


def note_upgrade(connection: Connection, at: datetime) -> None:
    """Record that the installation has this code's versions from now on, unless it has them.

    Entries of before are not younger than that, even if the PC's clock was put back since.
    """
    had = had_last(connection)
    if had != today():
        at = clock.after(at, connection.execute(select(func.max(instances.c.last_at))).scalar())
        before = had._asdict() if had else None
        acts.record(connection, at, "os:init", Channel("cli"), "upgraded", INSTALLATION, before=before, after=CARRIED)
