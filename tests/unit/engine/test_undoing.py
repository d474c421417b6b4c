"""What a case remembers to undo: any order comes back reversed, and a loop takes no more room than its body."""

from hypothesis import given
from hypothesis import strategies as st

from engine.canonical import canonical
from engine.runtime.undoing import LONGEST, Run, _append, _folded, _pop, _unfolded

records = st.sampled_from("abc").map(lambda name: ["", name, ""])


@given(st.lists(records, max_size=60))
def test_what_came_last_is_undone_first(came: list[list[str]]) -> None:
    runs = _folded(came)
    assert list(_unfolded(runs)) == came
    undone = []
    while (record := _pop(runs)) is not None:
        undone.append(record)
    assert undone == came[::-1]


@given(st.lists(records, min_size=1, max_size=LONGEST), st.integers(1, 300))
def test_a_loop_takes_no_more_room_than_its_body(body: list[list[str]], laps: int) -> None:
    runs: list[Run] = []
    for _ in range(laps):
        for record in body:
            _append(runs, record)
    assert list(_unfolded(runs)) == body * laps
    assert len(canonical(runs)) <= 4 * len(canonical(body)) + 200
