"""Running a case until only people or time can move it: SpiffWorkflow's steps, and what is looked at once they rest."""

from itertools import count

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine.expressions import ExpressionFailed
from engine.runtime import tree
from engine.runtime.events import Conditional
from engine.runtime.joins import Join
from engine.runtime.loops import Repeated
from engine.runtime.specs import AdHocSubprocess
from engine.runtime.state import waited
from engine.runtime.task import UNFINISHED, Token
from engine.runtime.values import Stuck
from engine.runtime.workflow import CaseWorkflow

OFTEN = 100  # finished tasks, after which they are taken out of the tree


def advance(case: CaseWorkflow) -> None:
    """Let SpiffWorkflow run all that needs nobody, until no condition becomes true any more."""
    done = count(1)

    def prune(task: Token) -> None:
        if next(done) % OFTEN == 0:
            for scope in (case, *case.subprocesses.values()):
                tree.prune(scope)

    case.do_engine_steps(did_complete_task=prune)
    while _condition_met(case):
        case.do_engine_steps(did_complete_task=prune)
    _find_stuck(case)


def retry(case: CaseWorkflow) -> None:
    """Let the tokens with an incident try again."""
    for token in [token for token in case.tokens.values() if token.has_state(TaskState.ERROR)]:
        if token.has_state(TaskState.ERROR):
            _retry(token)


def _retry(token: Token) -> None:
    internal, spec = token.internal_data, token.task_spec
    if internal.pop("arriving", False):
        token.renew(TaskState.FUTURE)
        spec._update(token)
    elif isinstance(spec, Repeated | AdHocSubprocess) and ("loop" in internal or "todo" in internal):
        token.renew(TaskState.STARTED)
        spec.go_on(token)
        if isinstance(spec, AdHocSubprocess):
            scope = token.workflow.top_workflow.get_subprocess(token)
            scope.begin(scope.spec.end)
    elif "wait" in internal:
        token.renew(TaskState.WAITING)
    else:
        token.renew(TaskState.READY)
        if spec.manual:
            token.run()


def _condition_met(case: CaseWorkflow) -> bool:
    """Let one event go on whose condition has become true."""
    for token, definition, _, wait in list(waited(case)):
        if isinstance(definition, Conditional):
            try:
                met = definition.becomes_true(token, wait)
            except ExpressionFailed as error:
                token.fail(error)
                continue
            if met:
                case.event_manager.bring(token, BpmnEvent(definition))
                return True
    return False


def _find_stuck(case: CaseWorkflow) -> None:
    """A join waits for ever when nothing else is left in its scope that could move."""
    for scope in (case, *case.subprocesses.values()):
        tokens = [task for task in scope.tasks.values() if task.path and task.has_state(UNFINISHED)]
        joining = [t for t in tokens if t.has_state(TaskState.WAITING) and isinstance(t.task_spec, Join)]
        if all(task in joining or task.is_listening for task in tokens):
            for task in joining:
                task.fail(Stuck(gateway=task.task_spec.bpmn_name or task.task_spec.bpmn_id), "arriving")
