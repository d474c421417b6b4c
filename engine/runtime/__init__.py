"""The only driver of a BpmnWorkflow: commands in, steps out. No SQL, no clock, no randomness.

A case is its definition, its data and its live tokens. Everything that a step does is in the `Step` it returns; running
the same commands again gives the same steps, paths and digests.
"""

from importlib.metadata import version

from engine.runtime.case import Case
from engine.runtime.process import can_run
from engine.runtime.values import (
    Incident,
    NotExpected,
    NotOpen,
    OpenTask,
    Perform,
    Sent,
    ServiceCall,
    Step,
    Transition,
    Wait,
)

# Part of every history entry: another version may run a model otherwise; verification does not vouch across versions.
ENGINE_VERSION = f"3/spiffworkflow-{version('SpiffWorkflow')}"

__all__ = [
    "ENGINE_VERSION",
    "Case",
    "Incident",
    "NotExpected",
    "NotOpen",
    "OpenTask",
    "Perform",
    "Sent",
    "ServiceCall",
    "Step",
    "Transition",
    "Wait",
    "can_run",
]
