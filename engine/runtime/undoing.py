"""Compensation: what was completed is undone in reverse order, by the activities that the model has for it.

A case remembers what can be undone, by scope. A token that throws compensation stays where it is and starts one undoing
activity after the other; a completed sub-process is opened once more for those inside it.
"""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event

if TYPE_CHECKING:
    from engine.runtime.token import Token
    from engine.runtime.workflow import CaseWorkflow

Record = dict[str, Any]


def remember(case: "CaseWorkflow", token: "Token") -> None:
    """An activity is completed: keep what undoes it in mind."""
    spec, scope = token.task_spec, token.workflow.parent_task_id or ""
    if spec.undo:
        forget(case, token.id)  # its own handler takes the place of those inside it
        last = case.undoable[-1] if case.undoable else None
        if last is not None and (last["scope"], last["activity"], "path" in last) == (scope, spec.name, False):
            last["times"] += 1
        else:
            case.undoable.append({"scope": scope, "activity": spec.name, "times": 1})
    elif spec.holds_undoing and (spec.undoer or any(each["scope"] == token.id for each in case.undoable)):
        case.undoable.append({"scope": scope, "activity": spec.name, "times": 1, "path": token.id})


def forget(case: "CaseWorkflow", path: str) -> None:
    """What was completed in a scope cannot be undone any more."""
    gone = [each for each in case.undoable if each["scope"] == path]
    if gone:
        case.undoable = [each for each in case.undoable if each["scope"] != path]
        for each in gone:
            if "path" in each:
                forget(case, each["path"])


def undo(case: "CaseWorkflow", token: "Token", thrown: Event) -> bool:
    """Let a token that throws compensation, or cancels a transaction, undo what it must; True when that is nothing."""
    scope = token.workflow
    if thrown.kind == "cancel":
        case.cancel_scope(scope, spare=token)
        return begin(case, token, scope)
    if thrown.kind != "compensate":
        return True
    host = case.tokens.get(scope.parent_task_id)
    if host is not None and host.task_spec.listens:
        scope = host.workflow  # an event sub-process undoes what its scope completed
    return begin(case, token, scope, thrown.name)


def begin(case: "CaseWorkflow", token: "Token", scope: Any, activity: str = "") -> bool:
    """Let a token undo what its scope completed, or one activity of it; True when there is nothing to undo."""
    path = scope.parent_task_id or ""
    taken = [each for each in case.undoable if each["scope"] == path and activity in ("", each["activity"])]
    case.undoable = [each for each in case.undoable if each not in taken]
    token.internal_data["undo"] = taken
    token.internal_data["undoes_in"] = path
    token._set_state(TaskState.STARTED)
    return _is_done(case, token)


def handled(case: "CaseWorkflow", path: str) -> None:
    """An undoing activity is over: go on with what is next."""
    token = case.tokens[path]
    if _is_done(case, token):
        _is_over(case, token)


def _is_over(case: "CaseWorkflow", token: "Token") -> None:
    if "reopened" in token.internal_data:
        del case.subprocesses[token.id]
        forget(case, token.id)
        case.remove(token)
        handled(case, token.internal_data["undoer"])
    else:
        token.complete()


def _is_done(case: "CaseWorkflow", token: "Token") -> bool:
    records: list[Record] = token.internal_data["undo"]
    if not records:
        del token.internal_data["undo"], token.internal_data["undoes_in"]
        return True
    record = records[-1]
    record["times"] -= 1
    if not record["times"]:
        records.pop()
    _undo(case, token, record)
    return False


def _undo(case: "CaseWorkflow", token: "Token", record: Record) -> None:
    path = token.internal_data["undoes_in"]
    workflow = case.subprocesses[path] if path else case
    spec = workflow.spec.task_specs[record["activity"]]
    if "path" not in record:
        _start(case, workflow, spec.undo or record["activity"], token)
        return
    again = case.spawn(workflow, spec.name, None)
    again.internal_data |= {"reopened": True, "undoer": token.id}
    again._set_state(TaskState.STARTED)
    scope = case.add_scope(again)
    inside = [each for each in case.undoable if each["scope"] == record["path"]]
    for each in inside:
        each["scope"] = again.id
    if spec.undoer:
        again.internal_data |= {"undo": [], "undoes_in": again.id}
        _start(case, scope, spec.undoer, again)
    elif begin(case, again, scope):
        _is_over(case, again)


def _start(case: "CaseWorkflow", workflow: Any, name: str, undoer: "Token") -> None:
    token = case.spawn(workflow, name, None)
    token.internal_data["undoer"] = undoer.id
    token.task_spec._update(token)
