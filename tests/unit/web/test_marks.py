"""Marks are read from the history alone, at any of its entries."""

from engine.bpmn import Element
from web.marks import marks


def element(name: str, kind: str) -> Element:
    return Element(name, name, kind, "Staf", 1, "sop", {})


ELEMENTS = {
    name: element(name, kind)
    for name, kind in [
        ("mulai", "startEvent"),
        ("tulis", "userTask"),
        ("periksa", "userTask"),
        ("benar", "exclusiveGateway"),
        ("terbitkan", "serviceTask"),
    ]
}


def moved(*steps: str) -> dict[str, object]:
    """An entry; each step is "entered x", "completed x", "cancelled x" or "taken x flow"."""
    transitions = [
        dict(zip(("event", "activity_id", "flow_id"), [*step.split(), None], strict=False)) for step in steps
    ]
    return {"transitions": transitions}


START = moved("entered mulai", "completed mulai", "taken mulai f1", "entered tulis")
CLAIM = moved()
WRITE = moved("completed tulis", "taken tulis f2", "entered periksa")
BACK = moved(
    "completed periksa", "taken periksa f3", "entered benar", "completed benar", "taken benar f4", "entered tulis"
)
ON = moved(
    "completed periksa", "taken periksa f3", "entered benar", "completed benar", "taken benar f5", "entered terbitkan"
)


def test_a_started_case_waits_in_its_first_step() -> None:
    found = marks([START], ELEMENTS)
    assert found.states == {"mulai": ("finished", "latest"), "tulis": ("active", "latest")}
    assert found.taken == {"f1"}


def test_a_claim_moves_nothing() -> None:
    found = marks([START, CLAIM], ELEMENTS)
    assert found.states == {"mulai": ("finished",), "tulis": ("active",)}


def test_a_step_that_was_sent_back_is_told_from_one_that_waits_for_the_first_time() -> None:
    found = marks([START, WRITE, BACK], ELEMENTS)
    assert found.states["tulis"] == ("returned", "latest")
    assert found.states["periksa"] == ("finished", "latest")
    assert found.taken == {"f1", "f2", "f3", "f4"}


def test_an_earlier_entry_shows_the_case_as_it_was_then() -> None:
    assert marks([START, WRITE, BACK][:2], ELEMENTS).states["periksa"] == ("active", "latest")


def test_an_automatic_step_at_rest_is_an_incident() -> None:
    found = marks([START, WRITE, ON], ELEMENTS)
    assert found.states["terbitkan"] == ("incident", "latest")
    after = marks([START, WRITE, ON, moved("completed terbitkan")], ELEMENTS)
    assert after.states["terbitkan"] == ("finished", "latest")


def test_a_cancelled_step_waits_no_more_and_was_not_finished() -> None:
    assert marks([START, moved("cancelled tulis")], ELEMENTS).states["tulis"] == ("latest",)
