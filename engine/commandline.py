"""How the operator types `alur`: just so, or through run.py, which says how it was started."""

import os

TYPED = os.environ.get("ALUR_COMMAND") or "alur"


def spelled(sentence: str) -> str:
    """The sentence with its `%(alur)s` as it can be typed here."""
    return sentence.replace("%(alur)s", TYPED)
