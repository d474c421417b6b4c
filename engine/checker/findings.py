"""A finding, and the sentence and the mend that belong to its code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from engine.errors import N_

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend; `message` and `hint` are English sentences to translate and fill with `params`."""

    code: str
    severity: Severity
    element_id: str
    element_name: str
    line: int
    message: str
    hint: str
    params: Mapping[str, object] = field(hash=False)


class At(Protocol):
    """Anything that has a place in the file."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name on the diagram."""

    @property
    def line(self) -> int:
        """Its line in the file."""


class Place(NamedTuple):
    """A place that is no element."""

    id: str
    name: str
    line: int


def finding(code: str, at: At, message: str = "", /, **params: object) -> Finding:
    """The finding of that code; `message` is another's sentence, to be used instead of our own."""
    severity, sentence, hint = RULES[code]
    named = {"id": at.id, "name": at.name or at.id, **params}
    return Finding(code, severity, at.id, at.name, at.line, message or sentence, hint, named)


RULES: Mapping[str, tuple[Severity, str, str]] = {
    # The file
    "bad_xml": (
        "error",
        N_("The file %(file)s cannot be read: %(reason)s."),
        N_("Save it again from a BPMN editor as BPMN 2.0 XML."),
    ),
    "no_process": (
        "error",
        N_("There is no process to run."),
        N_("Deploy a .bpmn file with a process that is marked executable."),
    ),
    "not_executable": (
        "warning",
        N_("The process “%(name)s” is marked as not executable and is left out."),
        N_("Mark it executable if it should run."),
    ),
    "duplicate_process": (
        "error",
        N_("Two processes have the id “%(id)s”."),
        N_("Give each process an id of its own."),
    ),
    # What is not run
    "unsupported": (
        "error",
        N_("“%(name)s”: “%(tag)s” is not supported."),
        N_("Use start and end events, user, service and script tasks, gateways and embedded sub-processes."),
    ),
    "unsupported_attribute": (
        "error",
        N_("“%(name)s” has the setting “%(tag)s”, which is not supported."),
        N_("Remove the setting, or model it with gateways."),
    ),
    "extension_ignored": (
        "warning",
        N_("“%(name)s” has the extension “%(tag)s”, which has no effect here."),
        N_("Remove it, or say the same with what is supported."),
    ),
    # Ids and flows
    "missing_id": ("error", N_("An element “%(name)s” has no id."), N_("Give it an id of its own.")),
    "bad_id": (
        "error",
        N_("The id “%(id)s” cannot be used."),
        N_("Use up to 64 letters, digits, “_”, “-” and “.”, beginning with a letter."),
    ),
    "reserved_id": (
        "error",
        N_("The id “%(id)s” is used by the engine itself."),
        N_("Choose another id, such as one in lower case."),
    ),
    "duplicate_id": ("error", N_("The id “%(id)s” is there twice."), N_("Give each element an id of its own.")),
    "dangling_flow": (
        "error",
        N_("The flow “%(id)s” leads from “%(source)s” to “%(target)s”, and one of them is not on its level."),
        N_("Connect it to two elements of the same process or sub-process."),
    ),
    "start_events": (
        "error",
        N_("“%(name)s” has %(count)s start events instead of one."),
        N_("Draw exactly one start event on each level."),
    ),
    "into_start": ("error", N_("A flow leads into the start event “%(name)s”."), N_("Let it lead to an activity.")),
    "out_of_end": ("error", N_("A flow leads out of the end event “%(name)s”."), N_("Remove the flow.")),
    "dead_end": (
        "error",
        N_("Nothing follows “%(name)s”."),
        N_("Draw a flow to what comes next, or to an end event."),
    ),
    "unreachable": (
        "error",
        N_("“%(name)s” can never be reached from the start."),
        N_("Connect it, or remove it."),
    ),
    "implicit_split": (
        "error",
        N_("Several flows leave “%(name)s”, and it is not said whether one or all are taken."),
        N_("Let one flow lead to a gateway, and the others leave from there."),
    ),
    "automatic_loop": (
        "error",
        N_("A loop through “%(name)s” has no task for a person, so it could run for ever."),
        N_("Put a user task into the loop."),
    ),
    "deadlock": (
        "error",
        N_("“%(name)s” can wait for ever for a branch that was not taken."),
        N_("Join branches with the same kind of gateway that split them."),
    ),
    "not_synchronised": (
        "warning",
        N_("The flow “%(flow)s” into “%(name)s” can be taken twice at once, and what follows is then done twice."),
        N_("Join parallel branches with a parallel gateway."),
    ),
    "not_proven": (
        "warning",
        N_("“%(name)s” has too many possible courses to prove that it never gets stuck."),
        N_("Simplify it, or move a part into a sub-process."),
    ),
    # Conditions
    "condition_missing": (
        "error",
        N_("The flow “%(flow)s” out of the gateway “%(name)s” has no condition and is not the default."),
        N_("Write a condition, or make it the gateway's default flow."),
    ),
    "condition_misplaced": (
        "error",
        N_("The flow “%(flow)s” out of “%(name)s” has a condition, which is looked at only after a choosing gateway."),
        N_("Put an exclusive gateway in front of it, or remove the condition."),
    ),
    "condition_of_default": (
        "warning",
        N_("The default flow “%(flow)s” of “%(name)s” has a condition, which is never looked at."),
        N_("Remove the condition."),
    ),
    "bad_default": (
        "error",
        N_("The default flow of “%(name)s” is not one of its outgoing flows, or it is no choosing gateway."),
        N_("Set the default on an exclusive or inclusive gateway, to one of its flows."),
    ),
    "no_default": (
        "warning",
        N_("The gateway “%(name)s” has no default flow; when no condition is true, the case stops there."),
        N_("Make one of its flows the default."),
    ),
    "bad_expression": (
        "error",
        N_("“%(name)s”: “%(expression)s” cannot be used: %(reason)s (%(detail)s)."),
        N_("Write it in the language of expressions, such as: penetapan.keputusan == 'setuju'."),
    ),
    "unknown_name": (
        "warning",
        N_("“%(name)s” reads “%(field)s”, which no form or step before it writes."),
        N_("Correct the name, or let a form ask for it."),
    ),
    # Who does it, with what
    "no_lane": ("error", N_("The user task “%(name)s” is in no lane."), N_("Draw it inside the lane of one role.")),
    "two_lanes": (
        "error",
        N_("“%(name)s” is in two lanes: %(lanes)s."),
        N_("Draw it inside the lane of one role."),
    ),
    "unknown_separation": (
        "error",
        N_("“%(name)s” must be done by others than “%(activity)s”, which is no other user task."),
        N_("Name the ids of user tasks in separate_from, with commas between them."),
    ),
    "separation_misplaced": (
        "error",
        N_("“%(name)s” is no user task, so separate_from has no effect on it."),
        N_("Set separate_from on the user task that somebody else must do."),
    ),
    "unknown_signed_copy": (
        "error",
        N_("The form of “%(name)s” takes the signed copy of what “%(activity)s” issues, which issues nothing."),
        N_("Name the id of a service task that renders a document in ui:signedCopyOf."),
    ),
    "unnamed_lane": ("error", N_("A lane has no name."), N_("Name it after the role that acts in it.")),
    "no_form": (
        "error",
        N_("The user task “%(name)s” has no form."),
        N_("Set the property formJsonSchemaFilename to the name of its JSON Schema."),
    ),
    "missing_file": (
        "error",
        N_("“%(name)s” needs the file “%(file)s”, which is not among the files deployed."),
        N_("Deploy it together with the model; its name is without a path."),
    ),
    "bad_form": (
        "error",
        "",
        N_("Mend the form in the file %(file)s at “%(pointer)s”."),
    ),
    "bad_data_key": (
        "error",
        N_("“%(name)s”: the data key “%(key)s” cannot be used."),
        N_("Use lower-case letters, digits and “_”, beginning with a letter, and no word with a meaning of its own."),
    ),
    "no_data_key": (
        "warning",
        N_("The user task “%(name)s” has no data key, so its fields lie beside those of all other forms."),
        N_("Set the property dataKey to a name for what the form collects."),
    ),
    "no_operator": (
        "error",
        N_("The service task “%(name)s” does not say which operator works for it."),
        N_("Add a serviceTaskOperator, such as docgen/render."),
    ),
    "unknown_operator": (
        "error",
        N_("“%(name)s” asks for the operator “%(operator)s”, which does not exist."),
        N_("Use one of: %(known)s."),
    ),
    "missing_parameter": (
        "error",
        N_("“%(name)s” does not give the operator “%(operator)s” its parameter “%(parameter)s”."),
        N_("Add the parameter."),
    ),
    "unknown_parameter": (
        "error",
        N_("“%(name)s” gives the operator “%(operator)s” a parameter “%(parameter)s” that it does not know."),
        N_("Remove it, or correct its name."),
    ),
    "template_not_fixed": (
        "error",
        N_("“%(name)s”: the template must be a name in quotes, so that it can be deployed with the model."),
        N_("Write it in quotes, such as 'nota_dinas.docx'."),
    ),
    "unknown_signatory": (
        "error",
        N_("“%(name)s” is signed by “%(signer)s”, which is no user task."),
        N_("Name the user task whose actor signs."),
    ),
    "bad_template": ("error", "", N_("Mend the Word template %(file)s.")),
    "unknown_field": (
        "error",
        N_("The template %(file)s of “%(name)s” names the field “%(field)s”, which no form or document has."),
        N_("Correct the name in the template, or add the field to a form."),
    ),
    "no_script": (
        "error",
        N_("The script task “%(name)s” has no script."),
        N_("Write lines of name = expression."),
    ),
}
