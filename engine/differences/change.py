"""One thing that two versions of an SOP do not have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is an English sentence to translate and fill with `params`; `before` and `after` are the designer's words.

    `part` tells where it belongs: sop, role, step, way, form, document or drawing. `subject` is what changed, in the
    designer's words, and `about` the step it belongs to. What is `quiet` is only marked on the diagrams.
    """

    kind: Kind
    part: str
    subject: str
    what: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    before: str | None = None
    after: str | None = None
    about: str = ""
    element_ids: tuple[str, ...] = ()
    quiet: bool = False
