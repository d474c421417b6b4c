"""Signs over a drawn diagram stand where its elements are drawn."""

from lxml import etree

from engine import installation
from web.diagram import draw
from web.pins import Pin, pinned

XML = (installation.ROOT / "bpmn" / "sop-16-2022.bpmn").read_bytes()


def test_a_sign_stands_at_the_corner_of_its_symbol_and_in_the_middle_of_its_line() -> None:
    root = etree.fromstring(XML)
    shape = root.find(".//{*}BPMNShape[@bpmnElement='catat_rapat']/{*}Bounds")
    edge = next(root.iter("{*}BPMNEdge")).get("bpmnElement", "")
    assert shape is not None
    signs = {"catat_rapat": Pin("1, 2", "finding-error"), edge: Pin("+", "added"), "nobody": Pin("x", "added")}
    drawn = etree.fromstring(pinned(draw(XML), XML, signs))
    pins = drawn.findall(".//{*}g[@class='pin pin-finding-error']") + drawn.findall(".//{*}g[@class='pin pin-added']")
    assert ["".join(pin.itertext()) for pin in pins] == ["1, 2", "+"]
    text = pins[0].find("{*}text")
    assert text is not None
    assert float(text.get("x", "0")) == float(shape.get("x", "0")) + float(shape.get("width", "0")) - 4


def test_what_a_sign_says_is_escaped_and_no_sign_changes_nothing() -> None:
    svg = draw(XML)
    assert pinned(svg, XML, {}) == svg
    assert "&lt;b&gt;" in pinned(svg, XML, {"catat_rapat": Pin("<b>", "added")})
