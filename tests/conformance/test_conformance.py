"""Every feature runs right or is refused by name: never wrong without a word. `table.py` prints how they turn out."""

import pytest

from tests.conformance.running import Feature, outcome
from tests.conformance.table import FEATURES, table


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: f"{feature.group}: {feature.name}")
def test_nothing_is_silently_wrong(feature: Feature) -> None:
    result = outcome(feature)
    assert result.verdict != "wrong", result.found
    assert (result.verdict == "refused") is bool(feature.refused)
    for finding in result.findings:
        assert finding.line > 0
        assert finding.element_name or finding.element_id
        assert finding.message % finding.params
        assert finding.hint % finding.params


def test_the_names_tell_the_features_apart() -> None:
    names = [(feature.group, feature.name) for feature in FEATURES]
    assert len(set(names)) == len(names) > 300


def test_most_of_what_bpmn_has_runs() -> None:
    right = sum(not feature.refused for feature in FEATURES)
    unsupported = sum(feature.refused.startswith("unsupported") for feature in FEATURES)
    assert right / (right + unsupported) > 0.9
    assert right / len(FEATURES) > 0.85  # with the models that are wrong in themselves


def test_the_table_counts_all_of_them() -> None:
    some = [outcome(feature) for feature in FEATURES[10:30]]
    lines = table(some).splitlines()
    assert lines[0].split() == ["stock", "right", "oracle", "refused", "wrong"]
    stock, right, oracle, refused, wrong = map(int, lines[2].split()[1:])
    assert right + refused + wrong == len(some)
    assert 0 < stock <= right and 0 < oracle <= right
