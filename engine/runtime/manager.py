"""Who catches what comes from outside or is thrown inside: SpiffWorkflow's event manager, with BPMN's scoping."""

# mypy: disallow-subclassing-any=False

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Event
from engine.errors import AlurError, OperatorFailed
from engine.runtime.catching import BoundaryEvent
from engine.runtime.events import Inside, Named, definition
from engine.runtime.task import Token
from engine.runtime.values import Uncaught


class Events(EventManager):
    """One message has one receiver, an error only what is around it, and what interrupts does so at once."""

    def catch(self, event: BpmnEvent, internal: bool = True) -> int:
        """Give an event to what waits for it; how many that were."""
        thrown = event.event_definition
        if not isinstance(thrown, Named):
            return 0  # terminate and compensation are dealt with by what throws them
        if isinstance(thrown, Inside):
            catcher = self.catcher(event.target, thrown.event)
            if catcher is not None:
                self.workflow.left_inside(event.target, "completed")  # it has thrown, whatever the catcher ends
            return self._bring_inside(catcher)
        found = [task for task in self.workflow.waiting() if task.task_spec.catches(task, event)]
        for_all = thrown.event.kind == "signal"
        if internal and (for_all or not found):
            self.workflow.bpmn_events.append(event)
        for task in found if for_all else found[:1]:
            if task.state == TaskState.WAITING:
                self.bring(task, event)
        return len(found)

    def bring(self, task: Token, event: BpmnEvent) -> None:
        """What a task waited for has come."""
        spec = task.task_spec
        spec.catch(task, event)
        spec._update(task)
        if isinstance(spec, BoundaryEvent) and spec.cancel_activity:
            task.run()

    def throw_beside(self, task: Token, event: Event) -> None:
        """Throw from an activity that goes on, unless what catches it ends it."""
        if event.kind in ("error", "escalation", "cancel"):
            self._bring_inside(self.catcher(task, event, at_task=True))
        else:
            self.catch(BpmnEvent(definition(event), target=task))

    def failed(self, task: Token, error: AlurError) -> bool:
        """An operator failed: whether an error event around its task takes over."""
        if not isinstance(error, OperatorFailed):
            return False
        return self._bring_inside(self.catcher(task, Event("error", error.code), at_task=True))

    def require_catcher(self, task: Token, event: Event) -> None:
        """Raises `Uncaught` where nothing around catches what a task throws."""
        if self.catcher(task, event) is None:
            spec = task.task_spec
            raise Uncaught(event=spec.bpmn_name or spec.bpmn_id, error=event.name or event.kind)

    def catcher(self, task: Token, event: Event, at_task: bool = False) -> Token | None:
        """What catches an error or escalation: the innermost around the task; of one place, a named one first."""
        if at_task:
            found = _match(task.beside, event)
            if found is not None:
                return found
        handled = False  # what an event sub-process throws is not caught beside it
        while True:
            scope = task.workflow
            found = None if handled else _match([t for t in scope.tasks.values() if t.is_listening], event)
            if found is not None or scope.holder is None:
                return found
            task = scope.holder
            found = _match(task.beside, event)
            if found is not None or event.kind == "cancel":  # which is of one transaction alone
                return found
            handled = task.task_spec.listens

    def _bring_inside(self, found: Token | None) -> bool:
        if found is not None:
            self.bring(found, BpmnEvent(found.task_spec.event_definition))
        return found is not None


def _match(tasks: list[Token], event: Event) -> Token | None:
    waiting = [(task.task_spec.event_definition, task) for task in tasks if task.state == TaskState.WAITING]
    found = [(it.event, task) for it, task in waiting if isinstance(it, Named) and it.event.kind == event.kind]
    by_name = {caught.name: task for caught, task in reversed(found)}
    return by_name.get(event.name) or by_name.get("")
