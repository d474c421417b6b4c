"""Running a case until only people or time can move it, and the guards against what would never end or never go on."""

from collections.abc import Iterator

from SpiffWorkflow.util.task import TaskState

from engine.canonical import NotCanonical
from engine.errors import OperatorFailed
from engine.expressions import ExpressionFailed
from engine.runtime.values import BadCount, NoBranch, StepBudget, Stuck, TooDeep, Uncaught
from tests.oracle import catching
from tests.oracle.specs import InclusiveGateway, Join
from tests.oracle.token import Token, is_listening
from tests.oracle.workflow import CaseWorkflow

BUDGET = 1_000
CROWD = 5_000  # tokens, beyond which nothing more is begun
_INCIDENTS = (ExpressionFailed, OperatorFailed, NoBranch, NotCanonical, Uncaught, BadCount, TooDeep)


def advance(case: CaseWorkflow) -> None:
    """Run all that needs nobody, first come first served, until only people can move the case."""
    budget = BUDGET
    while case.ready or catching.condition_met(case) or _fire_inclusive(case):
        if not case.ready:
            continue
        token = case.ready.popleft()
        if token._state != TaskState.READY:
            continue  # cancelled meanwhile
        if not budget or len(case.tokens) > CROWD:
            token.fail(StepBudget(budget=BUDGET))
            continue
        budget -= 1
        try:
            token.run()
        except OperatorFailed as error:
            if not catching.failed(case, token, error.code):
                token.fail(error)
        except _INCIDENTS as error:
            token.fail(error)
    _find_stuck(case)


def retry(case: CaseWorkflow) -> None:
    """Let the tokens with an incident try again."""
    for token in [token for token in case.tokens.values() if token._state == TaskState.ERROR]:
        if case.tokens.get(token.id) is token:
            _retry(case, token)
    advance(case)


def _retry(case: CaseWorkflow, token: Token) -> None:
    internal = token.internal_data
    del internal["incident"]
    if internal.pop("arriving", False):
        token._state = TaskState.FUTURE
        if "host" in internal:
            token.task_spec.await_(token)
        else:
            token.task_spec._update(token)
    elif internal.pop("done", False):
        token.complete()
    elif "loop" in internal or "todo" in internal:
        token.task_spec.go_on(token)
    elif "wait" in internal:
        token._state = TaskState.WAITING
    else:
        token._state = TaskState.READY
        case.ready.append(token)


def _fire_inclusive(case: CaseWorkflow) -> bool:
    """Nothing runs any more: let one inclusive or complex gateway go on that no further token can reach."""
    for token in _joining(case):
        spec = token.task_spec
        if isinstance(spec, InclusiveGateway) and spec.may_fire(token.workflow):
            token._ready()
            return True
        if "used" in token.internal_data and spec.may_reset(token):
            spec.reset(token)
            return True
    return False


def _find_stuck(case: CaseWorkflow) -> None:
    """A join waits for ever when nothing else is left in its scope that could move."""
    joining, stuck = list(_joining(case)), []
    for token in joining:
        others = (each for each in token.workflow.tasks.values() if each is not token.workflow.task_tree)
        if all(each in joining or is_listening(each) for each in others):
            stuck.append(token)
    for token in stuck:
        token.fail(Stuck(gateway=token.task_spec.bpmn_name or token.task_spec.name), at="arriving")


def _joining(case: CaseWorkflow) -> Iterator[Token]:
    waiting = [token for token in case.tokens.values() if token._state == TaskState.WAITING]
    return (t for t in waiting if isinstance(t.task_spec, Join) or "gathering" in t.internal_data)
