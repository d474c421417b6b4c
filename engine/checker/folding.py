"""Which of many findings are shown: every error before any warning, every code before more of the same."""

from collections import Counter
from collections.abc import Sequence

from engine.checker.findings import Finding, Place, finding

MOST = 100


def folded(found: Sequence[Finding]) -> list[Finding]:
    """The findings, errors first. Of more than `MOST`, the rest is counted in one more, an error if it holds one."""
    of_code: Counter[str] = Counter()
    ranks: list[tuple[bool, int, int]] = []
    for n, each in enumerate(found):
        ranks.append((each.severity == "warning", of_code[each.code], n))
        of_code[each.code] += 1
    ranks.sort()
    shown = sorted((warning, n) for warning, _, n in ranks[:MOST])
    return [*(found[n] for _, n in shown), *_counted([warning for warning, *_ in ranks[MOST:]])]


def _counted(left: Sequence[bool]) -> list[Finding]:
    warnings = sum(left)
    code = "more_warnings" if warnings == len(left) else "more_errors"
    return [finding(code, Place("", "", 1), errors=len(left) - warnings, warnings=warnings)] if left else []
