"""The task specs of SpiffWorkflow that a model is built from, with what Alur adds to each of them.

Specs are shared by all cases of a definition and hold nothing of any of them.
"""

# mypy: disallow-subclassing-any=False

from collections import ChainMap
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs import control, defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Flow
from engine.expressions import Expression, ExpressionFailed
from engine.runtime import undoing
from engine.runtime.task import INCIDENTS, Token
from engine.runtime.values import NoBranch, ServiceCall, TooDeep

DEEPEST = 20


class Process(BpmnProcessSpec):
    """The specs of a process or sub-process, and how Alur calls them.

    Its tasks are tokens: those that SpiffWorkflow has at the start and the end of each process are nodes too.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.flows: dict[tuple[str, str], Flow] = {}  # by the names of the two specs between which they are
        self.firsts: list[str] = []  # of an ad-hoc one, the specs that nothing leads to
        self.undoer = ""
        self.lists: dict[str, Any] = {}  # what its data begin with: the lists that are gathered in them
        self.task_specs.clear()
        self.start = Start(self, "Start")
        self.end = EndJoin(self, "'end")
        self.end.connect(Node(self, "End"))

    def of(self, element: str) -> Any:
        """The spec of an element."""
        return self.task_specs[name_of(element)]


def name_of(element: str) -> str:
    """What the spec of an element is called, beside the two names that SpiffWorkflow gives."""
    return f"{element}'" if element in ("Start", "End") else element


class Node(BpmnTaskSpec):
    """What all specs have; those that come from a model have a `bpmn_id`."""

    label = ""  # what a path calls it
    noted = True  # whether the history tells of it; not of what stands for several or follows another
    opens = False  # whether it comes before the work of its activity
    bounds = False  # whether it waits on a boundary, or for its scope
    starts_scope = False  # whether that starts an event sub-process
    joins = False  # whether it waits for other tokens of its scope
    yields = 1  # tokens to end with
    undo = ""  # the activity that undoes this one
    undoer = ""  # the event sub-process that undoes what this one holds
    holds_undoing = False

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """What may follow a task is made when the task begins, and no further."""

    def _update(self, my_task: Token) -> None:
        """What fails before a task is ready is an incident of this task, and no torn step."""
        try:
            super()._update(my_task)
        except INCIDENTS as error:
            my_task.fail(error, "arriving")

    def inherited(self, parent: Token) -> str:
        """The path that it takes over from the task before it, if any."""
        return ""

    def receive(self, my_task: Token, values: Mapping[str, Any]) -> None:
        """Put what an event carries into the data."""
        my_task.data.put(values)

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.entered(my_task)
        super()._on_ready_hook(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        if "worked" in my_task.internal_data:
            return True
        result: bool | None = super()._run_hook(my_task)
        if result and self.post_assign:
            my_task.internal_data["worked"] = True  # an assignment that fails does not do the work again
        return result

    def _on_complete_hook(self, my_task: Token) -> None:
        top = my_task.workflow.top_workflow
        my_task.internal_data.pop("worked", None)
        top.left_inside(my_task, "completed")
        if self.undo or self.holds_undoing:
            undoing.remember(top, my_task)
        for _ in range(1, self.yields):
            for spec in self.outputs:
                my_task.add_child(spec, TaskState.FUTURE)
        super()._on_complete_hook(my_task)
        if self.bpmn_id and not self.opens and my_task.around is my_task and my_task.workflow.is_adhoc:
            my_task.workflow.holder.task_spec.go_on(my_task.workflow.holder)


class Assign:
    """What a data association of a node says."""

    def __init__(self, name: str, expression: Expression, outside: bool = False) -> None:
        self.name, self.expression, self.outside = name, expression, outside

    def assign(self, from_obj: Token, to_obj: Token) -> None:
        """Set the value, as the task sees the data; `outside` a scope of its own."""
        data: Any = to_obj.data
        (data.around if self.outside else data).put({self.name: self.expression.evaluate(from_obj.data)})


class Condition(Operator):
    """The condition of a flow; without one, it is always taken."""

    def __init__(self, condition: Expression | None) -> None:
        super().__init__(condition)
        self.condition = condition

    def _matches(self, task: Token) -> bool:
        return self.condition is None or self.condition.holds(task.data)


class Otherwise(Operator):
    """True where none of some conditions holds; told of a gateway, that is its incident."""

    def __init__(self, conditions: list[Condition], gateway: str = "") -> None:
        super().__init__(gateway, *conditions)
        self.conditions, self.gateway = conditions, gateway

    def _matches(self, task: Token) -> bool:
        if any(condition._matches(task) for condition in self.conditions):
            return False
        if self.gateway:
            raise NoBranch(gateway=self.gateway)
        return True


class Pass(Node, BpmnSpecMixin):
    """A token passes: plain and manual tasks, which no computer does, link events, throws of nothing."""


class Start(Node, control.BpmnStartTask):
    """Where a scope begins."""


class Choice(Node, MultiChoice):
    """The conditions of the flows out of an activity, once it is done."""

    noted = False

    def inherited(self, parent: Token) -> str:
        return parent.path


class BoundaryEventSplit(Node, control.BoundaryEventSplit):
    """Begins an activity together with what waits on its boundary."""

    opens = True


class BoundaryEventJoin(Node, control.BoundaryEventJoin):
    """Ends an activity together with what waits on its boundary, also with what has failed to."""

    def _on_ready_hook(self, my_task: Token) -> None:
        for event in my_task.parent.beside:
            if event.has_state(TaskState.ERROR) and (event.task_spec.cancel_activity or event.is_waiting):
                event.cancel()
        super()._on_ready_hook(my_task)


class EndJoin(Node, control._EndJoin):
    """Goes on when nothing else does in its scope."""

    joins = True

    def _check_threshold_unstructured(self, my_task: Token) -> bool:
        """Looks at tokens, incidents too, and not along the tree; what only listens does not keep a scope going."""
        scope = my_task.workflow
        others = [task for task in scope.tasks.values() if task is not my_task and task.is_live]
        if any(task.state == TaskState.READY or not (task.task_spec is self or task.is_listening) for task in others):
            return False
        return not (scope.is_adhoc and scope.holder.task_spec.keeps_going(scope.holder, scope))

    def _on_ready_hook(self, my_task: Token) -> None:
        for task in list(my_task.workflow.tasks.values()):
            if task.is_listening:
                task.cancel()
        super()._on_ready_hook(my_task)


class StartEvent(Node, defaults.StartEvent):
    """Where a token comes to life."""


class UserTask(Node, defaults.UserTask):
    """Waits for a person."""


class ScriptTask(Node, defaults.ScriptTask):
    """Assigns values, through the script engine."""


class ServiceTask(Node, defaults.ServiceTask):
    """Asks an operator, through the command that is running."""

    operator: str
    parameters: Mapping[str, Expression]
    result: str | None

    def _execute(self, task: Token) -> bool:
        data = task.data
        parameters = {name: expression.evaluate(data) for name, expression in self.parameters.items()}
        acts = ChainMap(*(each.internal_data.get("acts", {}) for each in task.runs))
        seen = MappingProxyType(data)
        call = ServiceCall(task.path, self.bpmn_id, self.operator, parameters, seen, task.run_path, acts)
        result = task.workflow.top_workflow.perform(call)
        if self.result:
            data.put({self.result: result})
        return True


class ExclusiveGateway(Node, defaults.ExclusiveGateway):
    """The first true condition, else the default. Every token passes by itself."""


class Holder(Node):
    """Holds a scope of its own, drawn in it or called."""

    listens = False  # whether an event starts it
    before: tuple[Assign, ...] = ()
    encloses = False  # whether each run has data of its own
    gives: tuple[str, ...] = ()  # the names that it adds to lists around it

    def start_workflow(self, my_task: Token) -> None:
        """Enter it before what is in it."""
        if my_task.workflow.depth >= DEEPEST - 1:
            raise TooDeep(activity=self.bpmn_name or self.bpmn_id, most=DEEPEST)
        if self.encloses and "data" not in my_task.internal_data:
            my_task.enclose(self.first(my_task), self.gives)
        for each in self.before:
            each.assign(my_task, my_task)
        my_task.turn(TaskState.STARTED)
        my_task.workflow.top_workflow.entered(my_task)
        super().start_workflow(my_task)

    def first(self, my_task: Token) -> dict[str, Any]:
        """What its data begin with, where they are its own."""
        return dict(my_task.workflow.top_workflow.subprocess_specs[self.spec].lists)

    def copy_data(self, my_task: Token, subworkflow: Any) -> None:
        """The data are the case's: nothing is copied."""

    def update_data(self, my_task: Token, subworkflow: Any) -> None:
        """The data are the case's: nothing is copied. A scope of its own gives out what the model says."""
        data: Any = my_task.data
        if self.encloses:
            data.give(self.gives, "local" in my_task.internal_data)


class SubWorkflowTask(Holder, defaults.SubWorkflowTask):
    """A sub-process."""


class CallActivity(Holder, defaults.CallActivity):
    """Calls a process."""


class TransactionSubprocess(Holder, defaults.TransactionSubprocess):
    """A sub-process that can be cancelled as a whole."""


class EventSubprocess(Holder, defaults.EventSubprocess):
    """A sub-process that starts when something comes, while its scope is going on."""

    listens = True

    def first(self, my_task: Token) -> dict[str, Any]:
        """With what has come with its event."""
        return {**super().first(my_task), **my_task.parent.internal_data.get("local", {})}

    def inherited(self, parent: Token) -> str:
        return parent.path if parent.task_spec.label == self.bpmn_id else ""


class AdHocSubprocess(Holder, defaults.AdHocSubprocess):
    """Holds activities that nothing leads to: done at once or one by one, until all are or a condition holds."""

    sequential = False
    cancels = True
    condition: Expression | None = None

    def keeps_going(self, my_task: Token, scope: Any) -> bool:
        """Start what is next; False when nothing is left."""
        if my_task.has_state(TaskState.ERROR):
            return True
        todo: list[str] = my_task.internal_data.setdefault("todo", list(scope.spec.firsts))
        due, my_task.internal_data["todo"] = (todo[:1], todo[1:]) if self.sequential else (todo, [])
        for name in due:
            scope.begin(scope.spec.task_specs[name])
        return bool(due)

    def go_on(self, my_task: Token) -> None:
        """One of its activities is done: it may be over."""
        try:
            condition, data = self.condition, my_task.data
            over = condition is not None and condition.is_known(data) and condition.holds(data)
        except ExpressionFailed as error:
            my_task.fail(error)
            return
        if over:
            my_task.internal_data["todo"] = []
            scope = my_task.workflow.top_workflow.get_subprocess(my_task)
            if self.cancels:
                scope.cancel_tokens()
            scope.begin(scope.spec.end)
