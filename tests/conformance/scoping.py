"""In which scopes of data a stored case has its tokens, read from its text alone."""

import json
from typing import Any

from engine.runtime import Case


def scopes_around(case: Case, path: str) -> list[str]:
    """The paths of what has data of its own around a token, the innermost first; last the case itself, as ""."""
    rows: dict[str, dict[str, Any]] = {row["path"]: row for row in json.loads(case.dump())["case"]["tokens"]}
    found = []
    while path:
        row = rows[path]
        found += [path] if "data" in row else []
        path = row.get("scope", "")
    return [*found, ""]


def scope_of(case: Case, path: str) -> str:
    """The innermost of them."""
    return scopes_around(case, path)[0]
