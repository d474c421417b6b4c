"""The manual page of findings, made from their table: `python -m engine.checker.manual > docs/findings.md`."""

import re

from engine.checker.rules import RULES
from engine.language import translate

_PLACE = re.compile(r"%\((\w+)\)s")
_HEAD = """# Findings

What `alur validate`, every deployment and the page SOP may say about a model. An **error** stands in the way of
deploying, a **warning** does not. A finding names the element, its id and its line; words in ‹› are filled in.

This page is made from the table in `engine/checker/rules.py`: `python -m engine.checker.manual > docs/findings.md`.

| code | | sentence | mend |
|---|---|---|---|
"""


def page() -> str:
    """The page, in English and Indonesian."""
    return _HEAD + "".join(_row(code) for code in sorted(RULES))


def _row(code: str) -> str:
    severity, sentence, hint = RULES[code]
    passed_on = "(what the form or the template itself says)"
    return f"| `{code}` | {severity} | {_both(sentence) if sentence else passed_on} | {_both(hint)} |\n"


def _both(sentence: str) -> str:
    return f"{_shown(sentence)}<br>*{_shown(translate(sentence, 'id'))}*"


def _shown(sentence: str) -> str:
    return _PLACE.sub(r"‹\1›", sentence).replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
