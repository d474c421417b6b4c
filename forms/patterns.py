"""Which regular expressions a form may use: those whose worst case is bounded.

Python's matcher backtracks. The number of ways in which a pattern can be tried on a text is at most the product of the
choices of its quantifiers and alternatives; a pattern is accepted when that product is small for the longest text that
its field allows.
"""

import re

from forms.wording import N_

MAX_PATTERN_LENGTH = 200
MAX_WAYS = 1_000_000
# The longest text on which a pattern is tried when its field says nothing about length.
MAX_PATTERNED_TEXT = 200

_TOKEN = re.compile(
    r"(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?)"
    r"|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<back>\\[1-9])|(?P<atom>\\?.)",
    re.DOTALL,
)


def pattern_problem(pattern: str, longest: int) -> str | None:
    """Why `pattern` is refused for texts of at most `longest` characters, or None."""
    if len(pattern) > MAX_PATTERN_LENGTH:
        return N_("it is longer than 200 characters")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return _cost_problem(pattern, longest)


def _cost_problem(pattern: str, longest: int) -> str | None:
    ways = 1 if pattern.startswith("^") and "|" not in pattern else longest
    # For each open group, and for the atom just read: may its content match in more than one way?
    loose, last = [False], False
    for token in _TOKEN.finditer(pattern):
        kind, text = token.lastgroup, token.group()
        if kind == "back" or (kind == "open" and pattern.startswith("(?", token.start()) and text != "(?:"):
            return N_("back-references, look-around and flags are not supported")
        if kind == "open":
            loose.append(False)
        elif kind == "close":
            last = loose.pop()
            loose[-1] = loose[-1] or last
        elif kind == "either":
            ways, loose[-1] = ways * 2, True
        elif kind == "quantifier":
            choices = _choices(text, longest)
            if last and not re.match(r"\?|\{[01]\}", text):
                return N_("a repeated group contains a repetition or an alternative")
            ways, loose[-1] = ways * choices, loose[-1] or choices > 1
        else:
            last = False
        if ways > MAX_WAYS:
            return N_("it can match a long text in too many ways; start it with ^, or set a smaller maxLength")
    return None


def _choices(quantifier: str, longest: int) -> int:
    if quantifier[0] in "*+":
        return longest
    if quantifier[0] == "?":
        return 2
    low, comma, high = quantifier.rstrip("?+").strip("{}").partition(",")
    if not comma:
        return 1
    return max(min(int(high) if high else longest, longest) - int(low) + 1, 1)
