"""What a task's form holds when it is opened, worked out from its case."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.errors import AlurError
from engine.expressions import Expression, compile_expression
from engine.queries.user_tasks import TaskDetail
from forms.prefill import prefill

_compiled = lru_cache(maxsize=1024)(compile_expression)


def evaluate(text: str, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """The value of a form's expression; None where the case does not have it yet."""
    try:
        expression: Expression = _compiled(text)
        return expression.evaluate(names)
    except AlurError:
        return None


def prefilled(detail: TaskDetail) -> dict[str, Any]:
    """What was sent earlier at this task, else what its form finds in the case, else the form's defaults."""
    form = detail.bundle.forms.get(detail.task.activity_id)
    if form is None:
        return {}
    key = detail.bundle.definition.elements[detail.task.activity_id].properties.get("dataKey", "")
    return prefill(form, detail.data.get(key), detail.data, evaluate)
