"""What is said of two versions of an SOP, and marked on their diagrams."""

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import docx
import pytest

from engine import installation
from engine.bundles import Bundle
from engine.commands.deployments import gathered
from engine.definitions import deployed_definitions
from engine.differences import Difference, difference

BPMN = "sop-16-2022.bpmn"
FILES: Mapping[str, bytes] = gathered([installation.ROOT / "bpmn" / BPMN], installation.LIBRARY)


def bundle(files: Mapping[str, bytes]) -> Bundle:
    return Bundle(deployed_definitions(files)[0], files)


def compared(changed: Mapping[str, bytes]) -> Difference:
    return difference(bundle(FILES), bundle({**FILES, **changed}))


def redrawn(*replacements: tuple[str, str]) -> dict[str, bytes]:
    text = FILES[BPMN].decode()
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return {BPMN: text.encode()}


def form(name: str, change: Any) -> dict[str, bytes]:
    schema = json.loads(FILES[name])
    change(schema)
    return {name: json.dumps(schema).encode()}


def said(found: Difference) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(c.kind, c.subject, c.what % c.params if c.params else c.what, c.before, c.after) for c in found.told]


def test_the_same_files_have_no_difference() -> None:
    assert compared({}).changes == ()


def test_a_renamed_step_is_all_that_is_said_of_a_renamed_step() -> None:
    found = compared(redrawn(('name="Mencatat rapat penetapan', 'name="Mencatat pleno penetapan')))
    new = "Mencatat pleno penetapan rencana kegiatan"
    assert said(found) == [("changed", new, "name", "Mencatat rapat penetapan rencana kegiatan", new)]
    assert found.marks == {"catat_rapat": ("changed",)}


def test_a_step_that_only_moved_on_the_paper_changes_the_layout_alone() -> None:
    shape = re.search(r'bpmnElement="catat_rapat".*?<dc:Bounds x="(\d+)"', FILES[BPMN].decode(), re.S)
    assert shape
    moved = shape.group(0).replace(f'x="{shape.group(1)}"', f'x="{int(shape.group(1)) + 10}"')
    found = compared(redrawn((shape.group(0), moved)))
    assert [change.part for change in found.changes] == ["drawing"]
    assert found.marks == {}


def test_a_file_that_another_tool_wrote_says_the_same() -> None:
    found = compared({BPMN: FILES[BPMN].replace(b"<bpmn:process ", b"<bpmn:process  \n ")})
    assert [change.what for change in found.changes] == ["the files are written otherwise, but say the same"]


def test_of_a_file_that_another_tool_saved_only_the_renamed_step_is_told() -> None:
    """Another prefix, other line ends, labels set anew, and a step renamed."""
    text = FILES[BPMN].decode().replace("bpmn:", "semantic:").replace("xmlns:bpmn=", "xmlns:semantic=")
    text = text.replace("<bpmndi:BPMNLabel>", "<bpmndi:BPMNLabel><!-- moved -->").replace("\n", "\r\n")
    text = re.sub(r'(<bpmndi:BPMNLabel>.*?<dc:Bounds x=")', r"\g<1>1", text, flags=re.S)
    text = text.replace('name="Mencatat rapat penetapan', 'name="Mencatat pleno penetapan')
    found = compared({BPMN: text.encode()})
    assert [(change.what, change.element_ids) for change in found.told] == [("name", ("catat_rapat",))]


def test_a_step_that_was_given_a_new_id_is_the_same_step() -> None:
    found = compared(redrawn(('"catat_rapat"', '"Activity_0x1"'), (">catat_rapat<", ">Activity_0x1<")))
    texts = [change.what for change in found.told if change.part in ("step", "way")]
    assert any(text.startswith("drawn anew") for text in texts)
    assert not [change for change in found.changes if change.part == "step" and change.kind != "changed"]


def test_a_condition_is_shown_before_and_after() -> None:
    flow = re.search(r"<bpmn:conditionExpression[^>]*>([^<]+)<", FILES[BPMN].decode())
    assert flow
    found = compared(redrawn((flow.group(0), flow.group(0).replace(flow.group(1), "penetapan.ditetapkan == False"))))
    (change,) = (change for change in found.told if change.part == "way")
    assert change.what == "condition of the way to “%(target)s”"
    assert (change.before, change.after) == (flow.group(1), "penetapan.ditetapkan == False")
    assert all(mark == ("changed",) for mark in found.marks.values())


def test_a_norm_and_a_role_are_named() -> None:
    text = FILES[BPMN].decode()
    norm = re.search(r'name="waktu" value="([^"]+)"', text)
    assert norm
    found = compared(redrawn((norm.group(0), 'name="waktu" value="± 3 Hari"')))
    assert {change.what for change in found.told} == {"standard time"}
    moved = compared(redrawn(('<bpmn:lane id="peran_ppk" name="PPK"', '<bpmn:lane id="peran_ppk" name="Bendahara"')))
    assert ("added", "Bendahara") in {(change.kind, change.subject) for change in moved.told}
    assert {("PPK", "Bendahara")} == {(c.before, c.after) for c in moved.told if c.what == "role"}


def test_a_field_in_a_form_and_its_template_is_told_of_both_and_nothing_else() -> None:
    def add(schema: Any) -> None:
        schema["properties"]["sumber_dana"] = {"type": "string", "title": "Sumber dana", "maxLength": 100}
        schema["required"].append("sumber_dana")
        schema["examples"][0]["sumber_dana"] = "DIPA"

    word = docx.Document(io.BytesIO(FILES["risalah_rapat.docx"]))
    word.add_paragraph("Sumber dana: {{ rapat.sumber_dana }}")
    saved = io.BytesIO()
    word.save(saved)
    found = compared(form("rapat.schema.json", add) | {"risalah_rapat.docx": saved.getvalue()})
    assert said(found) == [
        ("added", "Sumber dana", "field added (sumber_dana): text, must be filled in", None, None),
        ("added", "risalah_rapat.docx", "field {{ rapat.sumber_dana }} added", None, None),
        ("added", "risalah_rapat.docx", "text added", None, "Sumber dana: {{ rapat.sumber_dana }}"),
    ]
    assert found.marks == {"catat_rapat": ("changed",), "terbitkan_risalah": ("changed",)}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda s: s["properties"]["tempat"].update(title="Lokasi"), "label of the field"),
        (lambda s: s["properties"]["tempat"].update(maxLength=7), "limits or appearance"),
        (lambda s: s["required"].remove("tempat"), "may stay empty now"),
        (lambda s: s["properties"]["tempat"].update(description="Sesuai undangan"), "help"),
        (lambda s: s["examples"][0].update(tempat="Aula"), "the examples of the form"),
    ],
)
def test_what_a_form_asks_of_a_field_is_told(change: Any, what: str) -> None:
    assert [each.what for each in compared(form("rapat.schema.json", change)).told] == [what]


def test_a_document_that_only_looks_otherwise_says_so() -> None:
    word = docx.Document(io.BytesIO(FILES["risalah_rapat.docx"]))
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    saved = io.BytesIO()
    word.save(saved)
    (change,) = compared({"risalah_rapat.docx": saved.getvalue()}).told
    assert change.what == "only the look of the document changed, no field and no word"


def test_a_step_put_in_between_comes_with_its_way_and_is_marked() -> None:
    """The step and the way that now leads to it are told; the arrow behind it is only marked."""
    flow = re.search(
        r'<bpmn:sequenceFlow id="([^"]+)" sourceRef="catat_rapat" targetRef="([^"]+)"', FILES[BPMN].decode()
    )
    assert flow
    step = (
        '<bpmn:userTask id="periksa_catatan" name="Memeriksa catatan"><bpmn:extensionElements>'
        "<spiffworkflow:properties>"
        '<spiffworkflow:property name="formJsonSchemaFilename" value="arsip.schema.json" />'
        '<spiffworkflow:property name="dataKey" value="catatan" /></spiffworkflow:properties></bpmn:extensionElements>'
        "</bpmn:userTask>"
        f'<bpmn:sequenceFlow id="lanjut" sourceRef="periksa_catatan" targetRef="{flow.group(2)}" />'
    )
    lane = "<bpmn:flowNodeRef>catat_rapat</bpmn:flowNodeRef>"
    changed = redrawn(
        (flow.group(0), step + flow.group(0).replace(f'targetRef="{flow.group(2)}"', 'targetRef="periksa_catatan"')),
        (lane, lane + lane.replace("catat_rapat", "periksa_catatan")),
    )
    found = compared(changed)
    assert [(c.kind, c.subject) for c in found.told] == [
        ("added", "Memeriksa catatan"),
        ("changed", "Mencatat rapat penetapan rencana kegiatan"),
    ]
    assert found.told[1].params["after"] == "Memeriksa catatan"
    assert found.marks == {"periksa_catatan": ("added",), "lanjut": ("added",), flow.group(1): ("changed",)}
    back = difference(bundle({**FILES, **changed}), bundle(FILES))
    assert back.marks == {"periksa_catatan": ("removed",), "lanjut": ("removed",), flow.group(1): ("changed",)}
