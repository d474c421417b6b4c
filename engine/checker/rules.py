"""Every code of a finding: how grave it is, its sentence, its mend. The manual page is made from this table."""

from collections.abc import Mapping
from typing import Literal

from engine.errors import N_

Severity = Literal["error", "warning"]
Rule = tuple[Severity, str, str]


def _error(sentence: str, mend: str) -> Rule:
    return "error", sentence, mend


def _warning(sentence: str, mend: str) -> Rule:
    return "warning", sentence, mend


RULES: Mapping[str, Rule] = {
    # The file
    "bad_xml": _error(
        N_("The file %(file)s cannot be read: %(reason)s."),
        N_("Save it again from a BPMN editor as BPMN 2.0 XML."),
    ),
    "unread": _error(
        N_("%(name)s could not be read: %(reason)s."),
        N_("Save it again from a BPMN editor; make it smaller, or deploy its processes apart."),
    ),
    "no_process": _error(
        N_("There is no process to run."),
        N_("Deploy a .bpmn file with a process that is marked executable."),
    ),
    "not_executable": _warning(
        N_("The process “%(name)s” is marked as not executable and is left out."),
        N_("Mark it executable if it should run."),
    ),
    "offered": _warning(
        N_("The process “%(name)s” is not marked executable; it is taken as one that should run."),
        N_("Mark it executable in the editor."),
    ),
    "duplicate_process": _error(
        N_("Two processes have the id “%(id)s”."),
        N_("Give each process an id of its own."),
    ),
    "more_errors": _error(
        N_("%(errors)s errors and %(warnings)s warnings more are not shown."),
        N_("Mend what is shown, then check again."),
    ),
    "more_warnings": _warning(
        N_("%(warnings)s warnings more are not shown."),
        N_("Mend what is shown, then check again."),
    ),
    "other_sop": _error(
        N_("The SOP “%(known)s” has the id “%(id)s”; “%(name)s” would become a version of it."),
        N_(
            "Give the process an id of its own. If it is the same SOP under another name, say so: tick it when"
            " publishing, alur deploy --same, or ?same=true."
        ),
    ),
    # What is not run
    "unsupported": _error(
        N_("“%(name)s”: “%(tag)s” is not supported."),
        N_("Model it with what docs/bpmn.md lists, such as tasks, gateways, timers, messages and sub-processes."),
    ),
    "drawn_only": _warning(
        N_("“%(name)s”: “%(tag)s” stands on the diagram only; it has no effect when the process runs."),
        N_("Nothing needs to be done if it only explains; all data belongs to the case."),
    ),
    "passes_through": _warning(
        N_("“%(name)s” is a task without a type: nobody is asked and the case goes on at once."),
        N_("Make it a user task in a lane if a person does it."),
    ),
    "unsupported_attribute": _error(
        N_("“%(name)s” has the setting “%(tag)s”, which is not supported."),
        N_("Remove the setting, or model it with gateways."),
    ),
    "extension_ignored": _warning(
        N_("“%(name)s” has the extension “%(tag)s”, which has no effect here."),
        N_("Remove it, or say the same with what is supported."),
    ),
    # Ids and flows
    "bad_id": _error(
        N_("The id “%(id)s” cannot be used."),
        N_("Use up to 64 letters, digits, “_”, “-” and “.”, beginning with a letter."),
    ),
    "duplicate_id": _error(N_("The id “%(id)s” is there twice."), N_("Give each element an id of its own.")),
    "dangling_flow": _error(
        N_("The flow “%(id)s” leads from “%(source)s” to “%(target)s”, and one of them is not on its level."),
        N_("Connect it to two elements of the same process or sub-process."),
    ),
    "start_events": _error(
        N_("“%(name)s” has %(count)s plain start events; there must be one, or others that wait for something."),
        N_(
            "Draw one plain start event on each level; a process may have more that wait for a message, signal or time."
        ),
    ),
    "into_start": _error(N_("A flow leads into the start event “%(name)s”."), N_("Let it lead to an activity.")),
    "out_of_end": _error(N_("A flow leads out of the end event “%(name)s”."), N_("Remove the flow.")),
    "dead_end": _warning(
        N_("Nothing follows “%(name)s”; its branch ends there."),
        N_("Draw a flow to what comes next, or to an end event."),
    ),
    "unreachable": _error(
        N_("“%(name)s” can never be reached from the start."),
        N_("Connect it, or remove it."),
    ),
    "implicit_split": _warning(
        N_("Several flows leave “%(name)s”, and all of them are taken."),
        N_("Put a gateway after it that says whether one or all are taken."),
    ),
    "automatic_loop": _warning(
        N_("A loop through “%(name)s” waits for nobody; after too many rounds the case stops there."),
        N_("Put a user task into the loop, or make sure that its condition ends it."),
    ),
    "endless_loop": _error(
        N_("A loop through “%(name)s” waits for nobody and has no way out."),
        N_("Let a gateway lead out of it, or put a user task into it."),
    ),
    "deadlock": _error(
        N_("“%(name)s” can wait for ever for a branch that was not taken."),
        N_("Join branches with the same kind of gateway that split them."),
    ),
    "not_synchronised": _warning(
        N_("The flow “%(flow)s” into “%(name)s” can be taken twice at once, and what follows is then done twice."),
        N_("Join parallel branches with a parallel gateway."),
    ),
    "not_proven": _warning(
        N_("“%(name)s” has too many possible courses to prove that it never gets stuck and loses no answer."),
        N_("Simplify it, or move a part into a sub-process."),
    ),
    # Conditions
    "condition_missing": _error(
        N_("The flow “%(flow)s” out of the gateway “%(name)s” has no condition and is not the default."),
        N_("Write a condition, or make it the gateway's default flow."),
    ),
    "condition_misplaced": _error(
        N_("The flow “%(flow)s” out of “%(name)s” has a condition, which is not looked at there."),
        N_("Put an exclusive gateway in front of it, or remove the condition."),
    ),
    "condition_of_default": _warning(
        N_("The default flow “%(flow)s” of “%(name)s” has a condition, which is never looked at."),
        N_("Remove the condition."),
    ),
    "bad_default": _error(
        N_("The default flow of “%(name)s” is not one of its outgoing flows, or nothing is chosen there."),
        N_("Set the default on an activity, an exclusive or an inclusive gateway, to one of its flows."),
    ),
    "no_default": _warning(
        N_("“%(name)s” has no default flow; when no condition is true, the case stops there."),
        N_("Make one of its flows the default."),
    ),
    "bad_expression": _error(
        N_("“%(name)s”: “%(expression)s” cannot be used: %(reason)s (%(detail)s)."),
        N_("Write it in the language of expressions, such as: penetapan.keputusan == 'setuju'."),
    ),
    "unknown_name": _warning(
        N_("“%(name)s” reads “%(field)s”, which no form or step before it writes."),
        N_("Correct the name, or let a form ask for it."),
    ),
    # Who does it, with what
    "no_lane": _error(N_("The user task “%(name)s” is in no lane."), N_("Draw it inside the lane of one role.")),
    "two_lanes": _error(
        N_("“%(name)s” is in two lanes: %(lanes)s."),
        N_("Draw it inside the lane of one role."),
    ),
    "unknown_separation": _error(
        N_("“%(name)s” must be done by others than “%(activity)s”, which is no other user task."),
        N_("Name the ids of user tasks in separate_from, with commas between them."),
    ),
    "separation_misplaced": _error(
        N_("“%(name)s” is no user task, so separate_from has no effect on it."),
        N_("Set separate_from on the user task that somebody else must do."),
    ),
    "unknown_signed_copy": _error(
        N_("The form of “%(name)s” takes the signed copy of what “%(activity)s” issues, which issues nothing."),
        N_("Name the id of a service task that renders a document in ui:signedCopyOf."),
    ),
    "unread_time": _warning(
        N_("The standard time “%(time)s” of “%(name)s” is not understood, so the step has no deadline."),
        N_("Write a number of minutes, hours or working days, such as 30 Menit, ± 2 Jam or 3 Hari; or Disesuaikan."),
    ),
    "no_lanes": _warning(
        N_("“%(name)s” has no lanes, so nobody can start it."),
        N_("Draw a lane for each role; whoever has the role of the start event's lane starts it."),
    ),
    "unnamed_lane": _error(N_("A lane has no name."), N_("Name it after the role that acts in it.")),
    "no_form": _error(
        N_("The user task “%(name)s” has no form."),
        N_("Set the property formJsonSchemaFilename to the name of its JSON Schema."),
    ),
    "missing_file": _error(
        N_("“%(name)s” needs the file “%(file)s”, which is not among the files deployed."),
        N_("Deploy it together with the model; its name is without a path."),
    ),
    "bad_form": _error(
        "",
        N_("Mend the form in the file %(file)s at “%(pointer)s”."),
    ),
    "bad_data_key": _error(
        N_("“%(name)s”: the data key “%(key)s” cannot be used."),
        N_("Use lower-case letters, digits and “_”, beginning with a letter, and no word with a meaning of its own."),
    ),
    "no_data_key": _warning(
        N_("The user task “%(name)s” has no data key, so its fields lie beside those of all other forms."),
        N_("Set the property dataKey to a name for what the form collects."),
    ),
    "no_operator": _error(
        N_("The service task “%(name)s” does not say which operator works for it."),
        N_("Add a serviceTaskOperator, such as docgen/render."),
    ),
    "unknown_operator": _error(
        N_("“%(name)s” asks for the operator “%(operator)s”, which does not exist."),
        N_("Use one of: %(known)s."),
    ),
    "no_mask": _error(
        N_("“%(name)s” issues %(type)s with a number, and the office has no number mask for that type."),
        N_("Add its mask first, on the page Nomor surat or with the command `office set`."),
    ),
    "missing_parameter": _error(
        N_("“%(name)s” does not give the operator “%(operator)s” its parameter “%(parameter)s”."),
        N_("Add the parameter."),
    ),
    "unknown_parameter": _error(
        N_("“%(name)s” gives the operator “%(operator)s” a parameter “%(parameter)s” that it does not know."),
        N_("Remove it, or correct its name."),
    ),
    "template_not_fixed": _error(
        N_("“%(name)s”: the template must be a name in quotes, so that it can be deployed with the model."),
        N_("Write it in quotes, such as 'nota_dinas.docx'."),
    ),
    "unknown_signatory": _error(
        N_("“%(name)s” is signed by “%(signer)s”, which is no user task."),
        N_("Name the user task whose actor signs."),
    ),
    "bad_template": _error("", N_("Mend the Word template %(file)s%(place)s.")),
    "unknown_field": _error(
        N_("The template %(file)s of “%(name)s” names the field “%(field)s”, which no form or document has."),
        N_("Correct the name in the template, or add the field to a form."),
    ),
    "no_script": _error(
        N_("The script task “%(name)s” has no script."),
        N_("Write lines of name = expression."),
    ),
    # Mended on the way in
    "given_id": _warning(
        N_("“%(name)s” had no id and was given one."),
        N_("Save the model again from an editor that gives ids, so that the id stays the same."),
    ),
    "linked": _warning(
        N_("The link event “%(name)s” is followed by the one it names, “%(target)s”, as by a flow."),
        N_("Nothing needs to be done."),
    ),
    "started": _warning(
        N_("“%(name)s” has no start event; it starts with: %(first)s."),
        N_("Draw a start event."),
    ),
    "translated": _warning(
        N_("“%(name)s”: “%(text)s” was read as “%(ours)s”."),
        N_("Write it in the language of expressions."),
    ),
    # Events
    "bad_boundary": _error(
        N_("The event “%(name)s” is not on the boundary of an activity of its level, or a flow leads into it."),
        N_("Put it on the border of an activity; only flows out of it are drawn."),
    ),
    "no_event_name": _error(
        N_("“%(name)s” does not say which %(kind)s it is about."),
        N_("Choose one in the editor and give it a name."),
    ),
    "bad_time": _error(
        N_("“%(name)s” does not say when: “%(value)s” is no date, duration or cycle that can be used there."),
        N_("Write a duration such as PT2H, a moment such as 2026-01-31T08:00:00+08:00, or an expression for one."),
    ),
    "too_often": _error(
        N_("“%(name)s” would start a case more often than once a minute: “%(value)s”."),
        N_("Write a cycle of a minute or more, such as R/PT10M or R/2026-01-31T08:00:00+08:00/P1M."),
    ),
    "no_condition": _error(
        N_("“%(name)s” waits for a condition, and has none."),
        N_("Write a condition."),
    ),
    "link_alone": _error(
        N_("The link event “%(name)s” has no partner of its name on its level."),
        N_("Draw exactly one catching link event of the same name on the same level."),
    ),
    "bad_compensation": _error(
        N_("“%(name)s” takes part in compensation, and it is not clear what undoes what."),
        N_("Lead by an association from a compensation event on a border to one activity for compensation; no flows."),
    ),
    "adhoc_order": _warning(
        N_("What “%(name)s” holds is done one by one in the order of the file."),
        N_("Let it be parallel if people should choose the order."),
    ),
    "bad_event_gateway": _error(
        N_("After the event-based gateway “%(name)s” stands “%(target)s”, which cannot be waited for there."),
        N_("Let only catching events and receive tasks follow it, each reached by no other flow."),
    ),
    "bad_event_subprocess": _error(
        N_("The event sub-process “%(name)s” must have one start event that waits for something, and no flows."),
        N_("Give its start event a timer, message, signal, condition, error or escalation."),
    ),
    # Loops and calls
    "bad_loop": _error(
        N_("“%(name)s” is repeated, and it is not said how often."),
        N_("Give it a list, a whole number, or for a loop a condition or a maximum of at least 1."),
    ),
    "overwritten": _error(
        N_("What “%(name)s” saves as “%(key)s” can be overwritten by %(other)s, which goes on at the same time."),
        N_(
            "Save it under another name; gather what instances give by an output item and an output collection; or let"
            " one follow the other."
        ),
    ),
    "kept_inside": _error(
        N_("“%(name)s” needs “%(field)s” as several runs left it, but each run keeps what it saves to itself."),
        N_(
            "Let the repeated part give it out: by an output collection, the output mapping of a call, or for any part"
            " the property keluarData; or save it outside."
        ),
    ),
    "unknown_process": _error(
        N_("“%(name)s” calls the process “%(process)s”, which is not among the files deployed."),
        N_("Deploy it together with the model."),
    ),
    "recursive_call": _warning(
        N_("“%(name)s” calls the process “%(process)s”, which leads back to itself; a case stops when it is 20 deep."),
        N_("Make sure that a gateway leads out of it."),
    ),
    "not_callable": _error(
        N_("“%(name)s” calls the process “%(process)s”, which starts only when an event comes."),
        N_("Give it a plain start event."),
    ),
}
