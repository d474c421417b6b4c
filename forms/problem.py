"""What keeps a form from being used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason, with its place: `source` is "schema" or "ui"; `message` is to be translated, then filled."""

    source: str
    pointer: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.source} {self.pointer or '/'}: {self.message % self.params if self.params else self.message}"
