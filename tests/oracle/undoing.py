"""Compensation: what was completed is undone in reverse order, by the activities that the model has for it.

A case remembers what can be undone. A token that throws compensation stays where it is and starts one undoing activity
after the other; a completed sub-process is opened once more for those inside it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event

if TYPE_CHECKING:
    from tests.oracle.token import Token
    from tests.oracle.workflow import CaseWorkflow

# The scope's path, the activity, and the path of a sub-process that is undone from inside; as JSON keeps it, a list.
Record = list[str]
# How often a record, or several runs, came one after the other: a loop takes no more room than its body.
Run = list[Any]
LONGEST = 12


def remember(case: "CaseWorkflow", token: "Token") -> None:
    """An activity is completed: keep in mind how to undo it."""
    spec, scope = token.task_spec, token.workflow.parent_task_id or ""
    if spec.undo:
        forget(case, token.id)  # its own handler takes the place of those inside it
        _append(case.undoable, [scope, spec.name, ""])
    elif spec.undoer or _any_of(case, token.id):
        _append(case.undoable, [scope, spec.name, token.id])


def forget(case: "CaseWorkflow", path: str) -> None:
    """What was completed in a scope cannot be undone any more."""
    for _, _, inside in _take(case, path):
        if inside:
            forget(case, inside)


def undo(case: "CaseWorkflow", token: "Token", thrown: Event) -> bool:
    """Let a token that throws compensation, or cancels a transaction, undo what it must; True when that is nothing."""
    scope = token.workflow
    if thrown.kind == "cancel":
        case.cancel_scope(scope, spare=token)
        return _begin(case, token, scope)
    if thrown.kind != "compensate":
        return True
    host = case.tokens.get(scope.parent_task_id)
    if host is not None and host.task_spec.listens:
        scope = host.workflow  # an event sub-process undoes what its scope completed
    return _begin(case, token, scope, thrown.name)


def handled(case: "CaseWorkflow", path: str) -> None:
    """An undoing activity is over: go on with what is next."""
    token = case.tokens[path]
    if _is_done(case, token):
        _is_over(case, token)


def _begin(case: "CaseWorkflow", token: "Token", scope: Any, activity: str = "") -> bool:
    path = scope.parent_task_id or ""
    token.internal_data |= {"undo": _folded(_take(case, path, activity)), "undoes_in": path}
    token._set_state(TaskState.STARTED)
    return _is_done(case, token)


def _is_done(case: "CaseWorkflow", token: "Token") -> bool:
    record = _pop(token.internal_data["undo"])
    if record is None:
        del token.internal_data["undo"], token.internal_data["undoes_in"]
        return True
    _undo(case, token, record)
    return False


def _is_over(case: "CaseWorkflow", token: "Token") -> None:
    if "reopened" in token.internal_data:
        del case.subprocesses[token.id]
        forget(case, token.id)
        case.remove(token)
        handled(case, token.internal_data["undoer"])
    else:
        token.complete()


def _undo(case: "CaseWorkflow", token: "Token", record: Record) -> None:
    _, activity, inside = record
    path = token.internal_data["undoes_in"]
    workflow = case.subprocesses[path] if path else case
    spec = workflow.spec.task_specs[activity]
    if not inside:
        _start(case, workflow, spec.undo, token)
        return
    again = case.spawn(workflow, activity, None)
    again.internal_data |= {"reopened": True, "undoer": token.id}
    again._set_state(TaskState.STARTED)
    scope = case.add_scope(again)
    for _, name, deeper in _take(case, inside):
        _append(case.undoable, [again.id, name, deeper])
    if spec.undoer:
        again.internal_data |= {"undo": [], "undoes_in": again.id}
        _start(case, scope, spec.undoer, again)
    elif _begin(case, again, scope):
        _is_over(case, again)


def _start(case: "CaseWorkflow", workflow: Any, name: str, undoer: "Token") -> None:
    token = case.spawn(workflow, name, None)
    token.internal_data["undoer"] = undoer.id
    token.task_spec._update(token)


def _any_of(case: "CaseWorkflow", path: str) -> bool:
    return any(_holds(run, path) for run in case.undoable)


def _holds(run: Run, path: str) -> bool:
    _, body = run
    return bool(body[0] == path) if _is_record(body) else any(_holds(each, path) for each in body)


def _take(case: "CaseWorkflow", path: str, activity: str = "") -> list[Record]:
    """Take away what a scope completed, or one activity of it, in order."""
    if not _any_of(case, path):
        return []
    taken: list[Record] = []
    left: list[Record] = []
    for record in _unfolded(case.undoable):
        fits = record[0] == path and activity in ("", record[1])
        (taken if fits else left).append(record)
    case.undoable = _folded(left)
    return taken


def _unfolded(runs: list[Run]) -> Iterator[Record]:
    for times, body in runs:
        for _ in range(times):
            if _is_record(body):
                yield body
            else:
                yield from _unfolded(body)


def _folded(records: Iterable[Record]) -> list[Run]:
    runs: list[Run] = []
    for record in records:
        _append(runs, record)
    return runs


def _append(runs: list[Run], record: Record) -> None:
    """Add a record; when the last few runs came just so before, count them once more instead."""
    runs.append([1, record])
    while _counts_again(runs):
        pass


def _counts_again(runs: list[Run]) -> bool:
    if len(runs) > 1 and runs[-1][1] == runs[-2][1]:
        runs[-2][0] += runs.pop()[0]
        return True
    for length in range(2, min(LONGEST, len(runs) - 1) + 1):
        last = runs[-length:]
        if runs[-length - 1][1] == last:
            runs[-length - 1][0] += 1
            del runs[-length:]
            return True
        if runs[-2 * length : -length] == last:
            runs[-2 * length :] = [[2, last]]
            return True
    return False


def _pop(runs: list[Run]) -> Record | None:
    """Take away the last record."""
    while runs:
        times, body = runs.pop()
        if times > 1:
            runs.append([times - 1, body])
        if _is_record(body):
            return list(body)
        runs += [list(run) for run in body]
    return None


def _is_record(body: list[Any]) -> bool:
    return isinstance(body[0], str)
