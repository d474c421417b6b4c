"""What runs right, what is refused by name, what is wrong: `python -m tests.conformance.table`."""

from collections import Counter

from tests.conformance.features import activities, basics, boundaries, data, events, gateways, patterns, scopes, undoing
from tests.conformance.running import Outcome, outcome

MODULES = (basics, activities, gateways, events, boundaries, undoing, data, scopes, patterns)
FEATURES = [f for module in MODULES for f in module.FEATURES]
VERDICTS = ("right", "refused", "wrong")


def counts_of(outcomes: list[Outcome]) -> tuple[int, int]:
    """How many run right, of how many."""
    return sum(each.verdict == "right" for each in outcomes), len(outcomes)


def table(outcomes: list[Outcome]) -> str:
    """The numbers by group, then every feature that is not right."""
    counts = Counter((each.feature.group, each.verdict) for each in outcomes)
    groups = list(dict.fromkeys(each.feature.group for each in outcomes))
    lines = [f"{'':12}{'right':>8}{'refused':>9}{'wrong':>7}"]
    for group in [*groups, "all"]:
        row = [sum(n for (g, v), n in counts.items() if group in (g, "all") and v == verdict) for verdict in VERDICTS]
        lines.append(f"{group:12}{row[0]:8}{row[1]:9}{row[2]:7}")
    right, total = counts_of(outcomes)
    lines.append(f"{100 * right / total:.0f} % run right")
    lines += [f"{o.verdict:8} {o.feature.group}: {o.feature.name}: {o.found}" for o in outcomes if o.verdict != "right"]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([outcome(feature) for feature in FEATURES]))
