"""Compensation: what was completed is undone in reverse order, by the activities that the model has for it.

A case remembers what can be undone. A token that throws compensation stays where it is and starts one undoing activity
after the other; a completed sub-process is opened once more for those inside it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.task import Token

# The scope's path, the activity, and the path of a sub-process that is undone from inside; as JSON keeps it, a list.
Record = list[str]
# How often a record, or several runs, came one after the other: a loop takes no more room than its body.
Run = list[Any]
LONGEST = 12


def remember(case: Any, task: Token) -> None:
    """An activity is completed: keep in mind how to undo it."""
    spec = task.task_spec
    if spec.undo:
        forget(case, task.path)  # its own handler takes the place of those inside it
        _append(case.undoable, [task.place, spec.bpmn_id, ""])
    elif spec.undoer or _any_of(case.undoable, task.path):
        _append(case.undoable, [task.place, spec.bpmn_id, task.path])


def forget(case: Any, path: str) -> None:
    """What was completed in a scope cannot be undone any more."""
    for _, _, inside in _take(case, path):
        if inside:
            forget(case, inside)


def undo(case: Any, task: Token, activity: str | None) -> bool:
    """Let a task that throws compensation undo what it must; True when that is nothing.

    Without an activity it cancels a transaction: what goes on in its scope is cancelled first.
    """
    scope = task.workflow
    if activity is None:
        scope.cancel_tokens(task)
    elif scope.holder is not None and scope.holder.task_spec.listens:
        scope = scope.holder.workflow  # an event sub-process undoes what its scope completed
    return _begin(case, task, scope.path, activity or "")


def handled(case: Any, path: str) -> None:
    """An undoing activity is over: go on with what is next."""
    task = case.tokens[path]
    if _is_done(case, task):
        _is_over(case, task)


def _begin(case: Any, task: Token, path: str, activity: str = "") -> bool:
    task.internal_data |= {"undo": _folded(_take(case, path, activity)), "undoes_in": path}
    task.turn(TaskState.STARTED)
    return _is_done(case, task)


def _is_done(case: Any, task: Token) -> bool:
    record = _pop(task.internal_data["undo"])
    if record is None:
        del task.internal_data["undo"], task.internal_data["undoes_in"]
        return True
    _undo(case, task, record)
    return False


def _is_over(case: Any, task: Token) -> None:
    if task.internal_data.pop("reopened", False):
        case.get_subprocess(task).completed = True
        forget(case, task.path)
        task.turn(TaskState.CANCELLED)  # it was completed before; what comes after it did so then
        handled(case, task.internal_data["undoer"])
    else:
        task.internal_data["undone"] = True
        task.turn(TaskState.READY)
        task.run()


def _undo(case: Any, task: Token, record: Record) -> None:
    _, activity, inside = record
    path = task.internal_data["undoes_in"]
    scope: Any = case.get_subprocess(case.tokens[path]) if path else case
    spec = scope.spec.of(activity)
    if not inside:
        scope.begin(scope.spec.of(spec.undo), undoer=task.path)
        return
    again = scope.task_tree.begin_child(spec)
    again.internal_data |= {"reopened": True, "undoer": task.path}
    again.turn(TaskState.STARTED)
    inner = case.add_scope(again)
    for _, name, deeper in _take(case, inside):
        _append(case.undoable, [again.path, name, deeper])
    if spec.undoer:
        again.internal_data |= {"undo": [], "undoes_in": again.path}
        inner.begin(inner.spec.of(spec.undoer), undoer=again.path)
    elif _begin(case, again, again.path):
        _is_over(case, again)


def _any_of(runs: list[Run], path: str) -> bool:
    return any(body[0] == path if _is_record(body) else _any_of(body, path) for _, body in runs)


def _take(case: Any, path: str, activity: str = "") -> list[Record]:
    """Take away what a scope completed, or one activity of it, in order."""
    if not _any_of(case.undoable, path):
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
