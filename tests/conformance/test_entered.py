"""SpiffWorkflow executes the models in deed: so much of it is entered."""

from tests.conformance.entered import entered
from tests.conformance.table import FEATURES


def test_the_models_enter_two_hundred_functions_of_spiffworkflow() -> None:
    assert len(entered(FEATURES)) >= 200
