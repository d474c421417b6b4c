"""By which words a case is found, and which words a search asks for."""

import re
from collections.abc import Iterable
from unicodedata import combining, normalize

LONGEST = 60  # letters of a word that are compared

_PART = re.compile(r"0+|\d+|[^\W\d_]+")


def asked(text: str) -> list[str]:
    """The words of a text without case and accents, each once; what stands between blanks is one, whatever is in it."""
    return list(dict.fromkeys(word[:LONGEST] for word in _plain(text)))


def found_by(texts: Iterable[str | None]) -> set[str]:
    """What begins as a search may: each word, and what is left of it from each of its parts on.

    "045/UND-2" is found as "045/und-2", "45/und-2", "und-2" and "2".
    """
    found = set()
    for word in _plain(" ".join(filter(None, texts))):
        starts = {0, *(part.start() for part in _PART.finditer(word))}
        found |= {word[start : start + LONGEST] for start in starts}
    return found


def _plain(text: str) -> list[str]:
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter)).casefold().split()
