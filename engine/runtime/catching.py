"""The task specs of events: what waits for them, what throws them, and what happens when they come."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import CancelEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.runtime import undoing
from engine.runtime.events import Compensation, Inside
from engine.runtime.specs import Node
from engine.runtime.task import Token


class Catching(Node):
    """Waits inside its node, and is entered when the waiting begins."""

    def _update_hook(self, my_task: Token) -> bool | None:
        fired: bool | None = super()._update_hook(my_task)
        if not fired:
            my_task.workflow.top_workflow.entered(my_task)
        return fired

    def inherited(self, parent: Token) -> str:
        """After an event-based gateway, the path under which it was waited for."""
        return str(parent.internal_data["came"]) if isinstance(parent.task_spec, EventBasedGateway) else ""


class IntermediateCatchEvent(Catching, defaults.IntermediateCatchEvent):
    """An intermediate catching event."""


class ReceiveTask(Catching, defaults.ReceiveTask):
    """Waits for a message."""


class EventBasedGateway(Catching, defaults.EventBasedGateway):
    """Waits for the first of several events, and goes on there."""


class BoundaryEvent(Node, defaults.BoundaryEvent):
    """An event on the boundary of an activity, which it ends or leaves going on."""

    bounds = True

    def catch(self, my_task: Token, event: BpmnEvent) -> None:
        """One that does not interrupt waits again, where there is more to wait for, before it goes on."""
        definition, wait = self.event_definition, my_task.internal_data.get("wait")
        super().catch(my_task, event)
        if self.cancel_activity:
            return
        later = definition.again(wait, my_task.workflow.top_workflow)
        if later is not None or isinstance(definition, Inside):
            token = my_task.parent.add_child(self, TaskState.WAITING)
            if later is not None:
                token.internal_data["wait"] = later
            self._update(token)


class Listener(BoundaryEvent):
    """What starts an event sub-process, while its scope is going on."""

    noted = False
    starts_scope = True

    def receive(self, my_task: Token, values: Mapping[str, Any]) -> None:
        """For what it starts, where that has a scope of its own."""
        if any(handler.encloses for handler in self.outputs):
            my_task.own(dict.fromkeys(values))
            my_task.data.put(values)
        else:
            super().receive(my_task, values)

    def _on_ready_hook(self, my_task: Token) -> None:
        if self.cancel_activity:
            my_task.workflow.cancel_tokens(my_task)
        super()._on_ready_hook(my_task)


class Throwing(Node):
    """Throws when its token leaves; what undoes comes first."""

    def _run_hook(self, my_task: Token) -> bool | None:
        definition, top = self.event_definition, my_task.workflow.top_workflow
        cancels = isinstance(definition, CancelEventDefinition)
        if cancels:
            top.event_manager.require_catcher(my_task, definition.event)
        if (cancels or isinstance(definition, Compensation)) and not my_task.internal_data.pop("undone", False):
            if not undoing.undo(top, my_task, None if cancels else definition.activity):
                return None
            my_task.turn(TaskState.READY)
        return super()._run_hook(my_task)


class IntermediateThrowEvent(Throwing, defaults.IntermediateThrowEvent):
    """An intermediate throwing event."""


class SendTask(Throwing, defaults.SendTask):
    """Sends a message."""


class EndEvent(Throwing, defaults.EndEvent):
    """Where a token ends; a terminating one takes all others of its scope with it."""

    terminates = False

    def _on_complete_hook(self, my_task: Token) -> None:
        if self.terminates:
            my_task.workflow.cancel_tokens(my_task)
        super()._on_complete_hook(my_task)
