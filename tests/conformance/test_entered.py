"""SpiffWorkflow executes the models in deed: so much of it is entered."""

import pytest

from tests.conformance.entered import entered
from tests.conformance.table import FEATURES

pytestmark = pytest.mark.slow


def test_the_models_enter_two_hundred_functions_of_spiffworkflow() -> None:
    quick = [feature for feature in FEATURES if not feature.refused and feature.group != "errors"]
    assert len(entered(quick)) >= 200
