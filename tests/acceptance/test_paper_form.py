"""`alur sop render`: the model of SOP 16/2022, written as the official form, is the paper SOP again."""

import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.document import Document

from engine.cli import alur
from tests.acceptance.test_sop_fidelity import ROOT, SEED


def rendered(key: str, folder: Path) -> Document:
    answer = CliRunner().invoke(alur, ["sop", "render", str(ROOT / "bpmn" / f"{key}.bpmn"), "--out", str(folder)])
    assert answer.exit_code == 0, answer.output
    return docx.Document(str(folder / f"{key}.docx"))


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
        assert [plain(cells[n].text) for n in (0, 1, 7, 8, 9)] == [plain(line[n]) for n in (0, 1, 7, 8, 9)]
        drawn = [len(symbols(cell)) for cell in cells[2:7]]
        assert drawn == [text.count("<div></div>") for text in line[2:7]]


def test_the_header_is_the_papers(tmp_path: Path) -> None:
    table = rendered("sop-16-2022", tmp_path).tables[0]
    printed = {plain(cell.text) for row in table.rows for cell in row.cells}
    seed = plain(SEED.read_text("utf-8").replace("\t", " "))
    assert len(printed) >= 20 and all(text in seed for text in printed)


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
