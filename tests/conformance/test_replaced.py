"""The table of what is replaced of SpiffWorkflow is what the code replaces, and each row is needed."""

import re
from pathlib import Path

import pytest

import engine.runtime
from engine.runtime.process import blueprint
from tests.conformance.replaced import CORRECTIONS, PAGE, Correction, replaced, table, without
from tests.conformance.running import Feature, outcome
from tests.conformance.table import FEATURES

pytestmark = pytest.mark.slow

BY_NAME = {f"{feature.group}: {feature.name}": feature for feature in FEATURES}


def test_the_table_names_all_that_is_replaced() -> None:
    assert sorted(replaced()) == sorted(method for each in CORRECTIONS for method in each.methods)
    assert len(CORRECTIONS) <= 15


def test_what_spiffworkflow_keeps_private_of_a_task_is_touched_in_one_file() -> None:
    private = re.compile(r"\._(state|children|parent|set_state|add_child)\b")
    files = Path(engine.runtime.__file__).parent.glob("*.py")
    assert [file.name for file in files if private.search(file.read_text(encoding="utf-8"))] == ["task.py"]


def test_the_page_has_the_table() -> None:
    assert table() in Path(PAGE).read_text(encoding="utf-8"), "python -m tests.conformance.replaced"


@pytest.mark.parametrize("correction", [e for e in CORRECTIONS if e.feature], ids=lambda each: each.methods[0])
def test_without_it_a_model_goes_wrong(correction: Correction) -> None:
    feature = BY_NAME[correction.feature]
    assert outcome(feature).verdict == "right"
    with without(correction):
        blueprint.cache_clear()
        assert not runs_right(feature)
    blueprint.cache_clear()


def runs_right(feature: Feature) -> bool:
    try:
        return outcome(feature).verdict == "right"
    except Exception:
        return False
