"""Reading BPMN: hardened XML in, plain values with line numbers out. What they mean is judged by `engine.checker`.

`normal` mends on the way in what is certain (ids that are missing, conditions of other tools …) and lists every change;
the bytes that were deployed stay as they are.
"""

from engine.bpmn.reader import read_bpmn
from engine.bpmn.values import BadBpmn, Change, Element, Event, Flow, Foreign, Lane, Loop, Process, label, upstream
from engine.bpmn.vocabulary import ACTIVITIES, CHOOSING, SCOPES

__all__ = [
    "ACTIVITIES",
    "CHOOSING",
    "SCOPES",
    "BadBpmn",
    "Change",
    "Element",
    "Event",
    "Flow",
    "Foreign",
    "Lane",
    "Loop",
    "Process",
    "label",
    "read_bpmn",
    "upstream",
]
