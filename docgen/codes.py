"""The code in the footer of an issued document: what somebody with the paper in hand types to ask whether it is ours.

Three groups of four, of 31 letters and digits that cannot be mistaken for each other; the last one is a check character
that no single wrong character and no two that changed places get past.
"""

import hashlib
import re

from docgen.errors import N_, DocgenError, Problem

#: No 0, 1, I, L and O. There are 31 of them, a prime number, as the check character needs.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 12, 4
#: What drafts print in its place.
DRAFT = "DRAF"
_BETWEEN = re.compile(r"[\s\-–—.]+")
_PRINTED = re.compile(r"(?<![A-Z0-9-])" + "-".join([f"[{ALPHABET}]{{{GROUP}}}"] * (LENGTH // GROUP)) + "(?![A-Z0-9-])")


class CodeInvalid(DocgenError):  # noqa: N818 - the name says it
    """What was typed cannot be a document code."""


def document_code(document: str, head: str) -> str:
    """The code of a document of that id, issued after the history entry with the hash `head`.

    Who does not know that hash cannot guess the code, and re-execution comes to the same.
    """
    value = int.from_bytes(hashlib.sha256(f"{document} {head}".encode()).digest(), "big")
    digits = []
    for _ in range(LENGTH - 1):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(digit)
    letters = "".join(ALPHABET[digit] for digit in [*digits, _check(digits)])
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """The code as it is printed, however it was typed; raises `CodeInvalid` for what was mistyped."""
    letters = _BETWEEN.sub("", typed).upper()
    if len(letters) != LENGTH:
        raise CodeInvalid(Problem(N_("A document code has 12 letters and digits, in three groups of four.")))
    if not set(letters) <= set(ALPHABET):
        raise CodeInvalid(Problem(N_("No document code has the characters 0, 1, I, L and O, or other signs.")))
    digits = [ALPHABET.index(letter) for letter in letters]
    if digits.pop() != _check(digits):
        raise CodeInvalid(Problem(N_("A character of the code is wrong; compare it with the paper.")))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def codes_in(text: str) -> list[str]:
    """The codes that a text prints, each once."""
    found = []
    for match in _PRINTED.findall(text):
        try:
            found.append(read_code(match))
        except CodeInvalid:
            continue
    return list(dict.fromkeys(found))


def _check(digits: list[int]) -> int:
    # Every place has a weight of its own, so exchanging two characters changes the sum as well as replacing one.
    return sum(place * digit for place, digit in enumerate(digits, 2)) % len(ALPHABET)
