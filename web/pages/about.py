"""What an SOP is and needs, as its model says: `{{ about(sop) }}` in a template, for the page where one chooses."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bpmn import Element
from engine.queries.definitions import Deployed
from engine.queries.staffing import Unstaffed, unstaffed_steps
from web.context import site
from web.pages.blueprint import blueprint


@dataclass(frozen=True, slots=True)
class About:
    """The header of the SOP (name and text of each part), and the steps that people do."""

    header: Sequence[tuple[str, str]]
    description: str
    steps: Sequence[Element]
    lanes: Sequence[str]
    unstaffed: Sequence[Unstaffed]


@blueprint.app_template_global("about")
def about(sop: Deployed) -> About:
    """Of one version; the parts of the header are the properties that its designer gave to the process."""
    definition = site().bundle_of(sop.digest).definition
    steps = [element for element in definition.elements.values() if element.kind == "userTask"]
    header = [(_label(name), text) for name, text in definition.properties.items() if text.strip()]
    lanes = [lane for lane in definition.lanes if any(step.lane == lane for step in steps)]
    return About(header, definition.documentation, steps, lanes, unstaffed_steps(site(), definition))


def _label(name: str) -> str:
    """ "dasar_hukum" is read as "Dasar hukum", "nomor_sop" as "Nomor SOP"."""
    words = name.replace("_", " ").split()
    text = " ".join("SOP" if word.lower() == "sop" else word for word in words)
    return text[:1].upper() + text[1:]
