"""Models without coordinates get a diagram that holds some laws, whatever they look like."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn.vocabulary import BPMN
from engine.layout import DC, DI, WAY, drawn, lay_out
from tests.conformance.drawing import model
from web.diagram import draw

SOP = Path(__file__).parents[3] / "bpmn" / "sop-16-2022.bpmn"
KINDS = ("userTask", "serviceTask", "exclusiveGateway", "parallelGateway", "intermediateCatchEvent", "endEvent")
Box = tuple[float, float, float, float]


@st.composite
def scopes(draw: Any, name: str, depth: int = 2) -> str:
    """The XML of what a process or sub-process holds."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8))
    ids = [f"{name}_{number}" for number in range(len(kinds))]
    parts = [f'<{kind} id="{id_}" name="Langkah {id_}"/>' for id_, kind in zip(ids, kinds, strict=True)]
    ends = list(ids)
    if depth and draw(st.booleans()):
        inner = draw(scopes(f"{name}s", depth - 1))
        parts.append(f'<subProcess id="{name}_sub" name="Bagian">{inner}</subProcess>')
        ends.append(f"{name}_sub")
    hosts = [end for end in ends if end.endswith("sub") or "Task" in kinds[ids.index(end)]]
    borders = [f"{name}_b{n}" for n, _ in enumerate(draw(st.lists(st.none(), max_size=3)))] if hosts else []
    for border in borders:
        parts.append(f'<boundaryEvent id="{border}" attachedToRef="{draw(st.sampled_from(hosts))}"/>')
    pairs = st.tuples(st.sampled_from([*ends, *borders]), st.sampled_from(ends))
    for number, (source, target) in enumerate(draw(st.lists(pairs, max_size=14, unique=True))):
        name_ = draw(st.sampled_from(["", "Ya", "Tidak, kembalikan"]))
        flow = f'id="{name}_f{number}" name="{name_}" sourceRef="{source}" targetRef="{target}"'
        parts.append(f"<sequenceFlow {flow}/>")
    if draw(st.booleans()):
        parts.append(f'<dataObjectReference id="{name}_d" name="Nota"/><textAnnotation id="{name}_n"/>')
        parts.append(f'<association id="{name}_a" sourceRef="{ids[0]}" targetRef="{name}_n"/>')
    return "".join(parts)


@st.composite
def models(draw: Any) -> bytes:
    """One to three processes with lanes, in pools or without."""
    processes, pools = [], []
    for number in range(draw(st.integers(1, 3))):
        body = draw(scopes(f"p{number}"))
        nodes = re.findall(rf'<(?!sequenceFlow|association)\w+ id="(p{number}_[^"]*)"', body)
        lanes = draw(st.integers(0, 3))
        whose = [draw(st.integers(0, lanes - 1)) for _ in nodes] if lanes else []
        told = "".join(
            f'<lane id="p{number}l{lane}" name="Peran">'
            + "".join(f"<flowNodeRef>{n}</flowNodeRef>" for n, w in zip(nodes, whose, strict=True) if w == lane)
            + "</lane>"
            for lane in range(lanes)
        )
        processes.append(f'<process id="p{number}">{f"<laneSet>{told}</laneSet>" if lanes else ""}{body}</process>')
        pools.append(f'<participant id="pool{number}" name="Kantor" processRef="p{number}"/>')
    together = f'<collaboration id="c">{"".join(pools)}</collaboration>' if draw(st.booleans()) else ""
    return f'<definitions xmlns="{BPMN[1:-1]}" id="d">{together}{"".join(processes)}</definitions>'.encode()


def boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in root.iter(DI + "BPMNShape"):
        x, y, width, height = (float(shape.find(DC + "Bounds").get(s)) for s in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def lines(root: etree._Element) -> dict[str, list[tuple[float, float]]]:
    return {
        edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(WAY + "waypoint")]
        for edge in root.iter(DI + "BPMNEdge")
    }


def scoped(root: etree._Element) -> Iterator[list[str]]:
    """The symbols that stand in one process or sub-process, borders left out."""
    for scope in root.iter(BPMN + "process", BPMN + "subProcess"):
        yield [child.get("id") for child in scope if not child.tag.endswith(("Flow", "association", "boundaryEvent"))]


@given(models())
def test_everything_is_drawn_and_nothing_stands_on_anything_else(xml: bytes) -> None:
    root = etree.fromstring(lay_out(xml))
    assert drawn(root)
    placed = boxes(root)
    for names in scoped(root):
        for one, other in combinations((name for name in names if name in placed), 2):
            a, b = placed[one], placed[other]
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)


@given(models())
def test_every_symbol_lies_within_what_holds_it(xml: bytes) -> None:
    root = etree.fromstring(lay_out(xml))
    placed = boxes(root)

    def within(inner: str, outer: str) -> bool:
        a, b = placed[inner], placed[outer]
        return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]

    follow = {
        each.get("id")
        for each in root.iter(BPMN + "boundaryEvent", BPMN + "dataObjectReference", BPMN + "textAnnotation")
    }
    for lane in root.iter(BPMN + "lane"):
        assert all(within(node.text, lane.get("id")) for node in lane if node.text in placed.keys() - follow)
    for scope in root.iter(BPMN + "subProcess"):
        assert all(within(name, scope.get("id")) for child in scope if (name := child.get("id", "")) in placed)
    for pool in root.iter(BPMN + "participant"):
        process = root.find(f"{BPMN}process[@id='{pool.get('processRef')}']")
        assert all(within(name, pool.get("id")) for child in process if (name := child.get("id", "")) in placed)


@given(models())
def test_flows_run_upright_and_level_from_border_to_border_and_through_nothing(xml: bytes) -> None:
    root = etree.fromstring(lay_out(xml))
    placed, drawn_lines = boxes(root), lines(root)
    for scope in root.iter(BPMN + "process", BPMN + "subProcess"):
        inside = [child.get("id") for child in scope if child.get("id") in placed]
        for flow in scope.iterfind(BPMN + "sequenceFlow"):
            points, ends = drawn_lines[flow.get("id")], (flow.get("sourceRef"), flow.get("targetRef"))
            assert len(points) >= 2
            assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
            assert all(on_border(point, placed[end]) for point, end in zip((points[0], points[-1]), ends, strict=True))
            hosts = {each.get("attachedToRef") for each in scope if each.get("id") == ends[0]}
            borders = {each.get("id") for each in scope.iterfind(BPMN + "boundaryEvent")}
            for name in inside:
                if name not in {*ends, *hosts, *borders}:
                    assert not any(crosses(a, b, placed[name]) for a, b in pairwise(points)), (flow.get("id"), name)


def on_border(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    left, top, right, bottom = box
    return (x in (left, right) and top <= y <= bottom) or (y in (top, bottom) and left <= x <= right)


def crosses(a: tuple[float, float], b: tuple[float, float], box: Box) -> bool:
    left, top, right, bottom = box
    (x1, x2), (y1, y2) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return x1 < right - 1 and x2 > left + 1 and y1 < bottom - 1 and y2 > top + 1


@given(models())
def test_it_is_always_the_same_and_what_is_drawn_stays_as_it_is(xml: bytes) -> None:
    once = lay_out(xml)
    lay_out.cache_clear()
    assert lay_out(xml) == once and lay_out(once) == once


def test_a_diagram_of_the_designers_own_is_left_alone() -> None:
    assert lay_out(SOP.read_bytes()) == SOP.read_bytes()


def test_without_its_coordinates_the_sop_is_drawn_all_the_same() -> None:
    bare = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", SOP.read_bytes(), flags=re.DOTALL)
    svg = draw(bare)
    names = re.findall(r'data-element="([^"]+)"', draw(SOP.read_bytes()))
    assert set(names) <= set(re.findall(r'data-element="([^"]+)"', svg))


def test_a_pool_whose_process_is_elsewhere_gets_its_messages() -> None:
    xml = (
        f'<definitions xmlns="{BPMN[1:-1]}" id="d"><collaboration id="c"><participant id="a" processRef="p"/>'
        '<participant id="b" name="Publik"/><messageFlow id="m" sourceRef="t" targetRef="b"/></collaboration>'
        '<process id="p"><userTask id="t"/></process></definitions>'
    )
    root = etree.fromstring(lay_out(xml.encode()))
    assert len(lines(root)["m"]) >= 2 and {"a", "b", "t"} <= boxes(root).keys()


@pytest.mark.parametrize("flows", ["s > a > b > a; b > e", "s > a > a; a > e", "s > a > b > c > a; c > e"])
def test_loops_lead_back_up(flows: str) -> None:
    letters = "".join(f"user {name}; " for name in "abc" if f" {name}" in flows)
    placed = boxes(etree.fromstring(lay_out(model(f"start s; {letters}end e; {flows}"))))
    assert placed["s"][1] < placed["a"][1] < placed["e"][1]
