"""What a verification answers: what was checked, and the first place where record and reality part."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import translate

#: What reading a record raises that nobody but a forger could have written.
UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where record and reality part: `seq` is None for what concerns no single entry.

    `reason` is an English sentence to translate and fill with `params`.
    """

    seq: int | None
    reason: str
    params: Mapping[str, object]
    expected: str = ""
    found: str = ""

    def explain(self, language: str) -> str:
        """The reason in words."""
        return translate(self.reason, language, self.params)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification checked, and the first difference if there is one.

    `not_compared` counts what an older version came to and today's does not, which is taken as it stands.
    `stated` is when a statement was signed that vouches for all of that.
    """

    status: str
    entries: int
    documents: int
    first_divergence: Difference | None = None
    not_compared: int = 0
    stated: str | None = None

    @property
    def verified(self) -> bool:
        """Whether everything agrees."""
        return self.status == "verified"


class Different(Exception):
    """Raised at the first difference; whoever verifies catches it."""

    def __init__(
        self, seq: int | None, reason: str, expected: object = "", found: object = "", **params: object
    ) -> None:
        self.difference = Difference(seq, reason, params, str(expected), str(found))
        super().__init__(reason)
