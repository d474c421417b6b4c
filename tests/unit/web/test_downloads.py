"""Files that are handed out."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from web.downloads import sheet

CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\0"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@given(st.lists(st.lists(CELL | st.sampled_from(["=1+1", "-2", "@a", "+62", "\tx"]), min_size=1, max_size=4)))
def test_no_cell_of_a_sheet_is_a_formula_and_none_is_lost(rows: list[list[str]]) -> None:
    text = sheet("daftar", ["a"], rows).get_data().decode("utf-8-sig")
    _, *read = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(FORMULA) for row in read for cell in row)
    assert _unquoted(read) == _unquoted(rows)


def _unquoted(rows: list[list[str]]) -> list[list[str]]:
    """Without the quotes that keep a part of a cell from being a formula: test_csv says where they must be."""
    return [[cell.replace("'", "") for cell in row] for row in rows]
