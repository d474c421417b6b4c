"""`alur sop render`: the model of SOP 16/2022, written as the official form, is the paper SOP again."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.document import Document
from lxml import etree

from engine.cli import alur
from engine.definitions import deployed_definition
from engine.paper import word_form
from tests.acceptance.test_sop_fidelity import BPMN, PROPERTY, ROOT, SEED
from tests.unit.engine.diagrams import FORM, bpmn


def rendered(key: str, folder: Path) -> Document:
    answer = CliRunner().invoke(alur, ["sop", "render", str(ROOT / "bpmn" / f"{key}.bpmn"), "--out", str(folder)])
    assert answer.exit_code == 0, answer.output
    return docx.Document(str(folder / f"{key}.docx"))


def form(model: bytes, said: dict[str, str]) -> Document:
    files = {"m.bpmn": with_properties(model, {"proses": said}), "f.json": FORM}
    return docx.Document(BytesIO(word_form(deployed_definition(files, "proses"))))


def with_properties(model: bytes, said: dict[str, dict[str, str]]) -> bytes:
    """The model with properties more, by the ids of their elements."""
    root = etree.fromstring(model)
    for id_, values in said.items():
        (element,) = root.xpath(f"//*[@id='{id_}']")
        extensions = etree.SubElement(element, f"{BPMN}extensionElements")
        old = element.find(f"{BPMN}extensionElements")
        container = etree.SubElement(extensions if old is None else old, PROPERTY.replace("property", "properties"))
        for name, value in values.items():
            etree.SubElement(container, PROPERTY, {"name": name, "value": value})
    return etree.tostring(root)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"</?div>", " ", text)).strip()


def symbols(cell: object) -> list[str]:
    names = [shape.get("prst") for shape in cell._tc.iter("{*}prstGeom")]  # type: ignore[attr-defined]
    return [name.removeprefix("flowChart") for name in names if name != "line"]


def test_the_eight_rows_stand_in_the_table_with_a_symbol_for_each_of_the_papers(tmp_path: Path) -> None:
    table = rendered("sop-16-2022", tmp_path).tables[1]
    paper = [line.split("\t") for line in SEED.read_text("utf-8").splitlines() if re.match(r"\d\t", line)]
    assert len(table.rows) == 2 + len(paper)
    for row, line in zip(table.rows[2:], paper, strict=True):
        cells = row.cells
        assert [plain(cells[n].text) for n in (0, 1, 7, 8, 9, 10)] == [plain(line[n]) for n in (0, 1, 7, 8, 9, 10)]
        drawn = [len(symbols(cell)) for cell in cells[2:7]]
        assert drawn == [text.count("<div></div>") for text in line[2:7]]


def test_the_header_is_the_papers(tmp_path: Path) -> None:
    table = rendered("sop-16-2022", tmp_path).tables[0]
    printed = {plain(cell.text) for row in table.rows for cell in row.cells}
    seed = plain(SEED.read_text("utf-8").replace("\t", " "))
    assert len(printed) >= 20 and all(text in seed for text in printed)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ({}, {"Keterkaitan": ""}),
        ({"keterkaitan": "SOP Arsip"}, {"Keterkaitan": "SOP Arsip"}),
        ({"keterangan": "SOP Arsip"}, {"Keterangan": "SOP Arsip"}),
        ({"keterangan": "Lama", "keterkaitan": "SOP Arsip"}, {"Keterkaitan": "SOP Arsip", "Keterangan": "Lama"}),
    ],
)
def test_what_it_is_related_to_is_called_keterangan_only_by_an_sop_that_calls_it_so(
    said: dict[str, str], printed: dict[str, str]
) -> None:
    table = form(bpmn("s1 u1\nu1 e1"), said).tables[0]
    texts = [cell.text for row in table.rows[4:] for cell in (row.cells[0], row.cells[1])]
    found = {label: texts[n + 2] for n, label in enumerate(texts) if label in ("Keterkaitan", "Keterangan")}
    assert found == printed


def test_the_remark_of_any_step_of_a_row_stands_in_its_last_column() -> None:
    both = {"aktivitas": "Menyusun dan menyetujui"}
    model = with_properties(bpmn("s1 u1\nu1 u2\nu2 u3\nu3 e1"), {"u1": both, "u2": {**both, "ket": "SOP Arsip"}})
    rows = form(model, {}).tables[1].rows[2:]
    assert [row.cells[-1].text for row in rows] == ["SOP Arsip"]


@pytest.mark.parametrize(
    ("key", "row", "column", "shape"), [("sop-16-2022", 2, 6, "Terminator"), ("surat-masuk", 6, 3, "Decision")]
)
def test_a_symbol_says_what_kind_of_act_it_is(tmp_path: Path, key: str, row: int, column: int, shape: str) -> None:
    table = rendered(key, tmp_path).tables[1]
    assert symbols(table.rows[row].cells[column])[0] == shape


def test_what_is_no_sop_is_refused(tmp_path: Path) -> None:
    (tmp_path / "salah.bpmn").write_text("<salah/>")
    answer = CliRunner().invoke(alur, ["sop", "render", str(tmp_path / "salah.bpmn"), "--out", str(tmp_path)])
    assert answer.exit_code == 1 and not list(tmp_path.glob("*.docx"))
