"""What a task's form shows when it is opened."""

from collections.abc import Mapping
from typing import Any

from engine.errors import AlurError
from engine.expressions import compile_expression
from engine.queries.user_tasks import TaskDetail
from forms.prefill import prefill
from forms.schema import Form


def form_of(detail: TaskDetail) -> Form | None:
    """The task's form, if it has one."""
    return detail.bundle.forms.get(detail.task.activity_id)


def prefilled(detail: TaskDetail) -> dict[str, Any]:
    """What was sent at this task before, else what its form's expressions find in the case, else the defaults."""
    form = form_of(detail)
    if form is None:
        return {}
    key = detail.bundle.definition.elements[detail.task.activity_id].properties.get("dataKey")
    earlier = detail.data.get(key) if key else None
    return prefill(form, earlier, detail.data, _value)


def _value(expression: str, case: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the expression says
    try:
        return compile_expression(expression).evaluate(case)
    except AlurError:
        return None  # nothing in the case to take it from yet
