"""One checkpoint: its text, what it says, and whether the text is as it must be."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self, TypeGuard

from engine.canonical import canonical

FORMAT = "alur-checkpoint-1"
NONE = "0" * 64
_HASH, _SIGNATURE = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")


class Malformed(ValueError):
    """A text that is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says; `text` is the whole file, `signed` its first line without the line's end."""

    number: int
    at: str
    key: str
    previous: str
    acts: tuple[int, str]
    cases: tuple[tuple[str, int, str], ...]
    signed: str
    signature: str

    @property
    def text(self) -> str:
        """The file."""
        return f"{self.signed}\n{self.signature}\n"

    @property
    def sha256(self) -> str:
        """What the next checkpoint names as the one before."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def filename(self) -> str:
        """Its name in the folder."""
        return f"{self.number:08d}.txt"

    @classmethod
    def read(cls, text: str) -> Self:
        """The checkpoint of a file's text; raises `Malformed`."""
        lines = text.split("\n")
        if len(lines) != 3 or lines[2] or not _SIGNATURE.fullmatch(lines[1]):
            raise Malformed
        try:
            said = json.loads(lines[0])
            if said["format"] != FORMAT or canonical(said) != lines[0]:
                raise Malformed
            cases = tuple((str(case), int(seq), _hash(head)) for case, seq, head in said["cases"])
            acts = (int(said["acts"][0]), _hash(said["acts"][1]))
            return cls(
                int(said["number"]),
                str(said["at"]),
                str(said["key"]),
                _hash(said["previous"]),
                acts,
                cases,
                lines[0],
                lines[1],
            )
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise Malformed from error


def line(number: int, at: str, key: str, previous: str, acts: tuple[int, str], cases: list[list[Any]]) -> str:
    """The line that is signed."""
    return canonical(
        {
            "format": FORMAT,
            "number": number,
            "at": at,
            "key": key,
            "previous": previous,
            "acts": list(acts),
            "cases": cases,
        }
    )


def is_hash(text: object) -> TypeGuard[str]:
    """Whether it is a SHA-256 as everywhere in Alur."""
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def _hash(text: object) -> str:
    if not is_hash(text):
        raise Malformed
    return text
