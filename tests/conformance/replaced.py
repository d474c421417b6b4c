"""What Alur replaces of SpiffWorkflow, why, and what goes wrong without it: `python -m tests.conformance.replaced`.

Plug-ins are not in it, nor hooks that go on to SpiffWorkflow's own: event definitions, operators, the script engine and
`_…_hook` are what SpiffWorkflow gives to be filled in.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.operators import Operator

import engine.runtime

PLUG_INS = (EventDefinition, Operator, PythonScriptEngine)
PAGE = "docs/spiffworkflow.md"


@dataclass(frozen=True)
class Correction:
    """Methods replaced for one reason; `feature` is a conformance model that is not right without them.

    `upstream` says whether SpiffWorkflow could take it.
    """

    methods: tuple[str, ...]
    reason: str
    feature: str
    upstream: str


# Written for Alur where SpiffWorkflow has nothing, or meant to be written: a complex gateway, start quantities, what a
# service task does.
EXTENSIONS = (
    "ComplexGateway._update_hook",
    "ComplexGateway._on_ready_hook",
    "Gathering._update_hook",
    "ServiceTask._execute",
)

CORRECTIONS = (
    Correction(
        ("Token.__init__", "Token._add_child", "Token._set_state", "CaseWorkflow.create_subprocess"),
        "A task has a path instead of a random id and the time of a clock, so that a case runs again just so",
        "basics: a task",
        "in part: a factory of tasks",
    ),
    Correction(
        ("Token._inherit_data", "Holder.copy_data", "Holder.update_data"),
        "The data are the case's and are not copied from task to task: what ends last would overwrite the others",
        "scopes: in a row they share the data",
        "no: another model of data",
    ),
    Correction(
        ("Node._predict",),
        "Only what comes next is made: a loop that no choice leaves is predicted for ever",
        "errors: a loop that only a boundary leaves",
        "yes",
    ),
    Correction(
        ("Node._update", "Token.run"),
        "What fails is an incident of its task, and no torn step; a task that was cancelled meanwhile is not run, nor "
        "one too many of a command",
        "basics: a condition on an activity's only flow, false",
        "the second half",
    ),
    Correction(
        ("Token.complete",),
        "A task that what it threw has cancelled does not go on; who waits for what undoes is told",
        "undoing: one activity",
        "the first half",
    ),
    Correction(
        ("Token.cancel", "Scope.cancel"),
        "Cancelled is all that a task holds, its instances and incidents too",
        "errors: an incident in a sub-process that a timer ends",
        "yes",
    ),
    Correction(
        ("Join._update_hook",),
        "A join takes one token from each flow, in every lap, and an inclusive one waits for what can still come",
        "gateways: parallel: excess token",
        "yes",
    ),
    Correction(
        ("ParallelGateway._run_hook", "InclusiveGateway._run_hook"),
        "A join that goes on does not remove what an earlier token of the same command brought about",
        "gateways: inclusive: twice in one command",
        "yes",
    ),
    Correction(
        ("EndJoin._check_threshold_unstructured",),
        "A scope with an incident is not over, and one that only listens is",
        "activities: an ad-hoc sub-process",
        "the first half",
    ),
    Correction(
        ("Repeated._update_hook", "Repeated.merge_child"),
        "Results stand at the place of their item, and what is counted does not grow with what is done",
        "activities: ad-hoc: several times",
        "the first half",
    ),
    Correction(
        ("Scope.update_waiting_tasks",),
        "Only joins are looked at after each task, and oldest first, in whatever order the tree has them",
        "",
        "the first half",
    ),
    Correction(
        ("CaseWorkflow.get_active_subprocesses",),
        "Finished sub-processes go between two rounds: SpiffWorkflow finds what is ready down to a depth of 1,000, and "
        "counts each of them",
        "errors: many laps of a sub-process without anybody",
        "yes",
    ),
    Correction(
        ("Events.catch",),
        "A message has one receiver, an error only what is around it, and what interrupts does so at once",
        "activities: a send task",
        "yes",
    ),
    Correction(
        ("BoundaryEvent.catch",),
        "An event that does not interrupt can come again",
        "events: boundary: a cycle beside",
        "yes",
    ),
    Correction(
        ("Holder.start_workflow",),
        "A sub-process is entered before what is in it, and none calls itself without end",
        "activities: a sub-process in a sub-process",
        "yes",
    ),
)


def replaced() -> Iterator[str]:
    """Every method of SpiffWorkflow's that the runtime defines anew, but for plug-ins and passed-on hooks."""
    classes = list(_classes())
    for each in classes:
        for name, member in vars(each).items():
            if _is_method(name, member) and not issubclass(each, PLUG_INS) and _stock(each, name, classes):
                code = inspect.getsource(member.fget if isinstance(member, property) else member)
                passed_on = name.endswith(("_hook", "__init__")) and "super()." in code
                if not passed_on and f"{each.__name__}.{name}" not in EXTENSIONS:
                    yield f"{each.__name__}.{name}"


def _classes() -> Iterator[type]:
    for module in iter_modules(engine.runtime.__path__):
        name = f"engine.runtime.{module.name}"
        yield from (e for e in vars(import_module(name)).values() if inspect.isclass(e) and e.__module__ == name)


def _is_method(name: str, member: Any) -> bool:
    dunder = name.startswith("__") and name != "__init__"
    return not dunder and (inspect.isfunction(member) or isinstance(member, property))


def _stock(owner: type, name: str, classes: list[type]) -> bool:
    """Whether SpiffWorkflow has that method where this class, or one that mixes it in, stands."""
    lines = [each.__mro__ for each in classes if issubclass(each, owner)]
    return any(base.__module__.startswith("SpiffWorkflow") and name in vars(base) for line in lines for base in line)


def table() -> str:
    """The corrections as a table of the page."""
    lines = ["| methods | why | without it | upstream |", "|---|---|---|---|"]
    for each in CORRECTIONS:
        methods = ", ".join(f"`{name}`" for name in each.methods)
        lines.append(f"| {methods} | {each.reason} | {each.feature or 'the same, slower'} | {each.upstream} |")
    return "\n".join(lines)


@contextmanager
def without(*corrections: Correction) -> Iterator[None]:
    """SpiffWorkflow's own methods meanwhile."""
    classes = {each.__name__: each for each in _classes()}
    named = [method.partition(".") for each in corrections for method in each.methods]
    kept = [(classes[owner], name, vars(classes[owner])[name]) for owner, _, name in named]
    for owner, name, _ in kept:
        delattr(owner, name)
    try:
        yield
    finally:
        for owner, name, method in kept:
            setattr(owner, name, method)


if __name__ == "__main__":
    print(table())
