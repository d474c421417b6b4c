"""What runs right, what is refused by name, what is wrong: `python -m tests.conformance.table`.

Beside Alur's runtime stands SpiffWorkflow without the corrections of `replaced.py`, but for the first two, which name
tasks and keep their data; and the machine that ran the models before.
"""

import signal
from collections import Counter
from typing import Any

from engine.runtime.process import blueprint
from tests.conformance.features import activities, basics, boundaries, data, events, gateways, patterns, scopes, undoing
from tests.conformance.replaced import CORRECTIONS, without
from tests.conformance.running import Feature, Outcome, Run, outcome
from tests.oracle import Case as Machine

MODULES = (basics, activities, gateways, events, boundaries, undoing, data, scopes, patterns)
FEATURES = [f for module in MODULES for f in module.FEATURES]
SECONDS = 2  # for a model; SpiffWorkflow predicts some without end


class OnStock(Run):
    """Only the live case: what is not corrected cannot be loaded either."""

    def do(self, act: str, *arguments: Any) -> None:
        self.steps.append(getattr(self.live, act)(*arguments))


class OnOracle(Run):
    """The machine of before, which knows no scopes of data."""

    case = Machine


def is_right_on(run: type[Run], feature: Feature) -> bool:
    """Whether a feature runs right there; whatever it raises, it does not."""

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        return outcome(feature, run).verdict == "right"
    except Exception:
        return False
    finally:
        signal.alarm(0)


def on_stock(features: list[Feature]) -> list[Feature]:
    """Those that run right without the corrections."""
    blueprint.cache_clear()
    try:
        with without(*CORRECTIONS[2:]):
            return [feature for feature in features if is_right_on(OnStock, feature)]
    finally:
        blueprint.cache_clear()


def table(outcomes: list[Outcome]) -> str:
    """The numbers by group, then every feature that is not right."""
    right = [each.feature for each in outcomes if each.verdict == "right"]
    columns = {
        "stock": on_stock(right),
        "right": right,
        "oracle": [feature for feature in right if is_right_on(OnOracle, feature)],
        **{verdict: [o.feature for o in outcomes if o.verdict == verdict] for verdict in ("refused", "wrong")},
    }
    counts = {name: Counter(feature.group for feature in found) for name, found in columns.items()}
    lines = [f"{'':12}" + "".join(f"{name:>9}" for name in columns)]
    for group in dict.fromkeys(each.feature.group for each in outcomes):
        lines.append(f"{group:12}" + "".join(f"{each[group]:9}" for each in counts.values()))
    lines.append(f"{'all':12}" + "".join(f"{each.total():9}" for each in counts.values()))
    lines.append(f"{100 * len(right) / len(outcomes):.0f} % run right")
    lines += [f"{o.verdict:8} {o.feature.group}: {o.feature.name}: {o.found}" for o in outcomes if o.verdict != "right"]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table([outcome(feature) for feature in FEATURES]))
