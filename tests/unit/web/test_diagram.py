"""The drawing of a BPMN diagram: complete, marked, escaped, and fit for a strict content security policy."""

import time
from pathlib import Path

import pytest
from lxml import etree

from web.diagram import draw, draw_heading
from web.lettering import width, wrap

SVG = "{http://www.w3.org/2000/svg}"
MODEL = (Path(__file__).parents[3] / "bpmn" / "sop-16-2022.bpmn").read_bytes()


def group(svg: str, element: str) -> etree._Element:
    """The symbol of an element, not its label."""
    found = etree.fromstring(svg).findall(f'.//{SVG}g[@data-element="{element}"]')
    return next(g for g in found if "bpmn-label" not in g.get("class", ""))


def words(svg: str) -> str:
    return " ".join(" ".join(span.itertext()) for span in etree.fromstring(svg).iter(SVG + "tspan"))


def model(body: str, drawn: str) -> bytes:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/'
        '20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
        f'<process id="p">{body}</process><bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{drawn}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></definitions>"
    ).encode()


def shape(element: str, attributes: str = "") -> str:
    bounds = '<dc:Bounds x="0" y="0" width="100" height="80"/>'
    return f'<bpmndi:BPMNShape bpmnElement="{element}" {attributes}>{bounds}</bpmndi:BPMNShape>'


def test_every_element_that_the_diagram_places_is_drawn() -> None:
    svg = draw(MODEL)
    placed = {
        drawn.get("bpmnElement")
        for kind in ("Shape", "Edge")
        for drawn in etree.fromstring(MODEL).iter("{*}BPMN" + kind)
    }
    assert {g.get("data-element") for g in etree.fromstring(svg).iter(SVG + "g") if g.get("data-element")} == placed
    assert "Mengirimkan Surat Undangan" in words(svg) and "Tidak, kembalikan" in words(svg)


def test_nothing_in_it_needs_an_inline_style_or_a_script() -> None:
    for element in etree.fromstring(draw(MODEL, {"mulai": ["finished"]}, ["dari_mulai"], "SOP")).iter():
        assert "style" not in element.attrib
        assert element.tag not in (SVG + "style", SVG + "script")
        assert not any(name.startswith("on") for name in element.attrib)


def test_states_become_classes_and_colours() -> None:
    svg = draw(MODEL, {"catat_rapat": ("finished", "latest"), "putuskan_rencana": ["active"]}, ["dari_mulai"])
    assert group(svg, "catat_rapat").get("class") == "bpmn-task user-task finished latest"
    assert group(svg, "putuskan_rencana").get("fill") != group(svg, "catat_rapat").get("fill")
    assert group(svg, "dari_mulai").get("class") == "bpmn-flow sequence-flow taken"
    assert "taken" not in group(svg, "ditetapkan_ya").get("class", "")


def test_a_flow_that_was_taken_lies_over_one_that_was_not() -> None:
    drawn = [g.get("data-element") for g in etree.fromstring(draw(MODEL, {}, ["rencana_benar_tidak"])).iter(SVG + "g")]
    assert drawn.index("rencana_benar_tidak") > drawn.index("undangan_disetujui_tidak")


def test_names_are_text_and_never_markup() -> None:
    svg = draw(model('<task id="a" name="&lt;script>&quot;A &amp; B"/>', shape("a")), title="<b>")
    assert "<script" not in svg and "<b>" not in svg
    assert group(svg, "a").findtext(SVG + "title") == '<script>"A & B'


@pytest.mark.parametrize(
    "body",
    [
        '<boundaryEvent id="a" name="n"><timerEventDefinition/></boundaryEvent>',
        '<endEvent id="a"><terminateEventDefinition/></endEvent>',
        '<inclusiveGateway id="a"/>',
        '<eventBasedGateway id="a"/>',
        '<subProcess id="a" name="n"/>',
        '<callActivity id="a" name="n"/>',
        '<dataStoreReference id="a" name="n"/>',
        '<textAnnotation id="a"><text>a note</text></textAnnotation>',
        '<group id="a"/>',
        '<task id="a"/>',
        '<unheardOf id="a"/>',
    ],
)
def test_any_symbol_of_bpmn_can_be_drawn(body: str) -> None:
    assert len(group(draw(model(body, shape("a"))), "a")) >= 1


def test_a_diagram_may_be_missing_or_name_what_is_not_there() -> None:
    assert draw(model('<task id="a"/>', "")).startswith("<svg")
    assert "data-element" not in draw(model("", shape("gone")))


def test_a_label_without_a_place_stands_at_its_line() -> None:
    line = '<di:waypoint x="0" y="0"/><di:waypoint x="0" y="50"/><di:waypoint x="200" y="50"/>'
    edge = f'<bpmndi:BPMNEdge bpmnElement="f">{line}</bpmndi:BPMNEdge>'
    assert words(draw(model('<sequenceFlow id="f" name="yes"/>', edge))) == "yes"


def test_the_names_of_upright_lanes_are_a_heading_of_the_same_width() -> None:
    heading, whole = etree.fromstring(draw_heading(MODEL)), etree.fromstring(draw(MODEL))
    assert words(draw_heading(MODEL)) == "Staf PPK Kasubag KPA KPU Kab"
    assert heading.get("width") == whole.get("width")
    assert draw_heading(model('<lane id="a" name="n"/>', shape("a", 'isHorizontal="true"'))) == ""


def test_marks_cost_little_once_the_diagram_was_read() -> None:
    draw(MODEL)
    start = time.perf_counter()
    for step in range(20):
        draw(MODEL, {"mulai": ["finished"]}, [f"flow_{step}"])
    assert (time.perf_counter() - start) / 20 < 0.01


def test_lines_break_between_words_and_keep_to_their_room() -> None:
    lines = wrap("Mengarsipkan Dokumentasi dan Menyimpan dalam bentuk digital", 12, 120)
    assert " ".join(lines) == "Mengarsipkan Dokumentasi dan Menyimpan dalam bentuk digital"
    assert len(lines) > 2 and all(width(line, 12) <= 120 for line in lines)
    assert wrap("Pertanggungjawaban", 12, 20) == ["Pertanggungjawaban"]
