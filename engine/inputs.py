"""What a step needs before it is done (*kelengkapan*): its items as the SOP lists them, and what somebody says of them.

A submission that says nothing of them is taken as it is: programs have no desk with papers on it. One that does say
something ticks every item, or gives a reason; its history entry keeps both.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn import Element
from engine.errors import N_
from forms.schema import Form
from forms.validation import FieldError

PROPERTY = "kelengkapan"
POINTER = f"/{PROPERTY}"
LONGEST = 1000
CODES = INCOMPLETE, UNKNOWN, TOO_LONG = ("incomplete", "unknown_input", "reason_too_long")
LACKING = N_("Tick what is there, or give a reason why this goes on without: %(lacking)s.")
NO_SUCH = N_("This step does not need: %(names)s.")
CUT = N_("The reason has at most %(limit)s characters.")

# "DIPA/ Surat Edaran", "Materi, Jadwal, dan Daftar Hadir"; neither "16/2022" nor "Rencana Kerja dan Anggaran" is two.
_BETWEEN = re.compile(r"\s*(?:/\s+|\s+/|;|\n|,\s+)\s*(?:dan\s+)?")


@dataclass(frozen=True, slots=True)
class Checklist:
    """What somebody says of a step's inputs: those that are there, and why it goes on without the others."""

    checked: tuple[str, ...] = ()
    reason: str = ""

    def written(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {"checked": list(self.checked), "reason": self.reason}


def inputs(element: Element, form: Form | None) -> tuple[str, ...]:
    """The items of a step's *kelengkapan*, each once, in their order.

    None when the SOP lists none, and where a field of the step's form asks for them itself (`ui:inputs`).
    """
    if form is not None and any(isinstance(ui, Mapping) and ui.get("ui:inputs") for ui in form.ui.values()):
        return ()
    found = (each.strip(" .") for each in _BETWEEN.split(element.properties.get(PROPERTY, "")))
    return tuple(dict.fromkeys(each for each in found if each and each != "-"))


def checklist(written: Mapping[str, Any]) -> Checklist:
    """A checklist as a draft or a request writes it."""
    return Checklist(tuple(written["checked"]), " ".join((written.get("reason") or "").split()))


def problems(needed: Iterable[str], said: Checklist) -> list[FieldError]:
    """What is wrong with a checklist; nothing when all is there, or a reason says why not."""
    found = []
    if strange := [each for each in said.checked if each not in needed]:
        found.append(FieldError(POINTER, UNKNOWN, NO_SUCH, {"names": ", ".join(strange)}))
    if len(said.reason) > LONGEST:
        found.append(FieldError(POINTER, TOO_LONG, CUT, {"limit": LONGEST}))
    if (missing := _lacking(needed, said)) and not said.reason:
        found.append(FieldError(POINTER, INCOMPLETE, LACKING, {"lacking": ", ".join(missing)}))
    return found


def recorded(needed: Iterable[str], said: Checklist | None) -> dict[str, Any]:
    """What a history entry says of it: what was there, what was not, and why it went on; nothing for nothing."""
    needed = tuple(needed)
    if said is None or not needed:
        return {}
    missing = _lacking(needed, said)
    there = [each for each in needed if each in said.checked]
    return {PROPERTY: {"checked": there, "lacking": missing, "reason": said.reason if missing else None}}


def _lacking(needed: Iterable[str], said: Checklist) -> list[str]:
    return [each for each in needed if each not in said.checked]
