"""The pieces of a flow meet at the borders of the cells, and every flow arrives with one arrow."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from docgen.sop_flow import Flow, Symbol

WIDTH, HEIGHT, ROLES, ROWS = 2.0, 4.0, 4, 5
PLACES = st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROLES - 1))


def drawn(*places: tuple[int, int]) -> Flow:
    symbols = [Symbol(str(n), row, role, "process") for n, (row, role) in enumerate(places)]
    return Flow(symbols, ROLES, WIDTH, [HEIGHT] * ROWS)


def ends(flow: Flow) -> list[tuple[float, float]]:
    """Both ends of every piece, measured from the corner of the table."""
    found = []
    for (row, role), tile in flow.tiles.items():
        for x1, y1, x2, y2 in [*tile.lines, *tile.arrows]:
            found += [(role * WIDTH + x, row * HEIGHT + y) for x, y in ((x1, y1), (x2, y2))]
    return [(round(x, 3), round(y, 3)) for x, y in found]


@given(PLACES, PLACES)
def test_only_the_two_ends_of_a_flow_are_loose(first: tuple[int, int], second: tuple[int, int]) -> None:
    flow = drawn(first, second)
    flow.connect("0", "1")
    met = ends(flow)
    assert len([point for point in set(met) if met.count(point) % 2]) == 2
    arrows = [(place, arrow) for place, tile in flow.tiles.items() for arrow in tile.arrows]
    assert [place for place, _ in arrows] == [second]


@given(PLACES, PLACES)
def test_pieces_are_level_or_upright_and_stay_in_their_cells(first: tuple[int, int], second: tuple[int, int]) -> None:
    flow = drawn(first, second)
    flow.connect("0", "1")
    flow.connect("1", "0")
    for tile in flow.tiles.values():
        for x1, y1, x2, y2 in [*tile.lines, *tile.arrows]:
            assert x1 == x2 or y1 == y2
            assert min(x1, x2) >= 0 and max(x1, x2) <= WIDTH and min(y1, y2) >= 0 and max(y1, y2) <= HEIGHT


def test_an_empty_cell_has_no_drawing() -> None:
    flow = drawn((0, 0))
    assert flow.drawing(1, 1, count(1)) == "" and "flowChartProcess" in flow.drawing(0, 0, count(1))
