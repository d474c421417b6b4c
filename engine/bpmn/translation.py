"""Conditions as other tools write them, in our language, where the meaning is certain.

`${approved}` and `#{status eq 'ok'}` (JUEL), `= amount > 100` (FEEL) and the operators of Java and JavaScript. Word for
word and operator for operator, and the calls `a.contains('b')` and `a.equals('b')` with a text that is written down.
What is another call, an assignment or anything else stays as it is, and is refused by name.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'[^'\\]*'|"[^"\\]*")
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<method>(?P<of>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*?)\s*\.\s*(?P<asked>contains|equals)
        \(\s*(?P<what>'[^'\\]*'|"[^"\\]*")\s*\))
    | (?P<name>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
    | (?P<sign>===|!==|==|!=|<=|>=|&&|\|\||[<>=!()+\-*/%,\[\]])
    )""",
    re.VERBOSE,
)
_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "div": "/", "mod": "%"}
_PLAIN = frozenset({"and", "or", "not", "true", "false", "null"})
_SIGNS = {"===": "==", "!==": "!=", "&&": "and", "||": "or", "!": "not"}
_FOREIGN = re.compile(r"^\s*=(?!=)|^\s*[$#]\{|&&|\|\||===|!(?!=)|\.\s*(?:contains|equals)\(")
_INDEX = re.compile(r"[\])]\s*\[")
_EXACT = frozenset({"empty", "instanceof", "new", "function", "if", "then", "else", "for", "some", "every", "between"})


def translated(text: str) -> str | None:
    """The expression in our language; None when it is in ours already, or its meaning is not certain."""
    outside_texts = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    if not _FOREIGN.search(outside_texts):
        return None
    stripped = text.strip()
    feel = stripped.startswith("=")
    if feel:
        body = stripped[1:]
    elif stripped[:2] in ("${", "#{"):
        if not stripped.endswith("}"):
            return None
        body = stripped[2:-1]
    else:
        body = stripped
    if _INDEX.search(body):  # lists of FEEL are counted from 1
        return None
    words = list(_words(body, feel))
    return None if None in words or not words else " ".join(map(str, words)).replace("( ", "(").replace(" )", ")")


def _words(body: str, feel: bool) -> Iterator[str | None]:
    at = 0
    body = body.rstrip()
    while at < len(body):
        match = _TOKEN.match(body, at)
        if match is None:
            yield None
            return
        at = match.end()
        yield _word(match, body[at:].lstrip()[:1], feel)


def _word(match: re.Match[str], follows: str, feel: bool) -> str | None:
    if match["method"]:
        of = re.sub(r"\s", "", match["of"])
        return f"({match['what']} in {of})" if match["asked"] == "contains" else f"({of} == {match['what']})"
    kind, word = match.lastgroup, match[match.lastgroup or 0]
    if kind == "name":
        word = re.sub(r"\s", "", word)
        if word in _EXACT or (follows in ("(", "[") and word not in _PLAIN and word not in _WORDS):
            return None
        return word if feel else _WORDS.get(word, word)
    if kind == "sign":
        if word == "=":
            return "==" if feel else None
        return _SIGNS.get(word, word)
    return word
