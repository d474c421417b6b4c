"""A dry run in memory: what it waits for comes at a press, and its register is its own."""

import json
from itertools import pairwise

from engine.bundles import Bundle
from engine.clock import from_text
from engine.definitions import deployed_definitions
from engine.dry_run import DryRun, main_definition, play
from tests.documents import OFFICE
from tests.unit.engine.diagrams import FORM

NOW = from_text("2026-11-24T02:30:00.000000Z")
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://alur">'
TASK = (
    '<userTask id="{0}" name="{0}"><extensionElements><s:properties'
    ' xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
    '<s:property name="formJsonSchemaFilename" value="f.json"/><s:property name="dataKey" value="{0}"/>'
    "</s:properties></extensionElements></userTask>"
)


def model(catch: str, process: str = "proses", more: str = "") -> bytes:
    """Start, a task, something that is waited for, a task, end."""
    names = ("mulai", "awal", "tunggu", "akhir", "selesai")
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairwise(names))
    )
    lane = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in names)
    return (
        f'{HEAD}<message id="m" name="surat masuk"/><process id="{process}" isExecutable="true">'
        f'<laneSet id="ls"><lane id="l" name="Staf">{lane}</lane></laneSet><startEvent id="mulai"/>'
        f'{TASK.format("awal")}<intermediateCatchEvent id="tunggu">{catch}</intermediateCatchEvent>'
        f'{TASK.format("akhir")}<endEvent id="selesai"/>{flows}{more}</process></definitions>'
    ).encode()


TIMER = "<timerEventDefinition><timeDuration>'PT48H'</timeDuration></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="m"/>'


def begun(catch: str) -> DryRun:
    files = {"m.bpmn": model(catch), "f.json": FORM}
    run = play(Bundle(main_definition(files), files), OFFICE, [], NOW)
    run.carry_out(run.act("complete", "awal.1", {"a": "x"}, NOW))
    return run


def test_a_deadline_comes_at_a_press_and_time_goes_on_from_it() -> None:
    run = begun(TIMER)
    wait, _ = run.waits[0]
    assert not run.tasks and wait.due is not None
    run.carry_out(run.act("arrive", wait.path, {}, NOW))
    assert [element.id for _, element in run.tasks] == ["akhir"]
    act = run.act("complete", "akhir.1", {}, NOW)
    assert from_text(act["at"]) == wait.due
    run.carry_out(act)
    assert run.case.status == "completed"
    again = play(run.bundle, OFFICE, json.loads(json.dumps(run.acts)), NOW)
    assert (again.misfit, again.case.digest()) == (None, run.case.digest())


def test_a_message_comes_at_a_press() -> None:
    run = begun(MESSAGE)
    wait, _ = run.waits[0]
    assert wait.name == "surat masuk"
    run.carry_out(run.act("arrive", wait.path, {}, NOW))
    assert [element.id for _, element in run.tasks] == ["akhir"]


def test_a_task_that_failed_waits_as_an_incident_and_nothing_is_raised() -> None:
    flows = '<scriptTask id="gagal"><script>x = tidak_ada</script></scriptTask>'
    files = {"m.bpmn": model(TIMER).replace(b'targetRef="tunggu"', b'targetRef="gagal"'), "f.json": FORM}
    files["m.bpmn"] = files["m.bpmn"].replace(b"</process>", f"{flows}</process>".encode())
    run = play(Bundle(main_definition(files), files), OFFICE, [], NOW)
    run.carry_out(run.act("complete", "awal.1", {}, NOW))
    assert [incident.activity_id for incident in run.case.incidents] == ["gagal"]


def test_the_main_definition_is_the_one_of_the_key_else_one_that_no_other_calls() -> None:
    call = '<callActivity id="panggil" calledElement="dipanggil"/>'
    files = {"a.bpmn": model(TIMER, "dipanggil"), "b.bpmn": model(TIMER, "utama", call), "f.json": FORM}
    assert main_definition(files).key == "utama"
    assert main_definition(files, "dipanggil").key == "dipanggil"
    assert len(deployed_definitions(files)) == 2
