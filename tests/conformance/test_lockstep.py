"""What runs on SpiffWorkflow goes the way that the machine before it went (2,000 models: the module's own command)."""

import pytest

from tests.conformance.lockstep import parted

pytestmark = pytest.mark.slow

EACH = 20


@pytest.mark.parametrize("first", range(0, 200, EACH))
def test_random_models_go_the_same_way(first: int) -> None:
    assert [seed for seed in range(first, first + EACH) if parted(seed)] == []
