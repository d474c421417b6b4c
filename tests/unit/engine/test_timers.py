"""What a case that waits for a moment keeps, also where its history is from before the calendar was asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.definitions import read_definitions
from engine.runtime import Case, ServiceCall
from tests.conformance.drawing import FORM, model
from tests.conformance.running import operate

START = datetime(2026, 1, 31, tzinfo=UTC)  # eight o'clock in Makassar
REMINDED = "start s; user u; boundary b on=u cycle={} beside; task Ingatkan; end f; end e; s > u > e; b > Ingatkan > f"
MONTHLY = "R/2026-01-31T08:00:00+08:00/P1M"


class Unasked:
    """What re-execution makes of an entry in which no timer asked the calendar."""

    def __call__(self, call: ServiceCall) -> Any:
        raise AssertionError(call)

    def ask(self, question: list[Any]) -> Any:
        return None


def run(text: str, perform: Any, *hours: float) -> list[tuple[str | None, str]]:
    """When it waits until after the start and after each time that it fires, and the digests of its state."""
    files = {"m.bpmn": model(text), "f.json": FORM.encode()}
    case, _ = Case.start(next(d for d in read_definitions(files) if d.key == "p"), {}, perform, START)
    seen = [state(case)]
    for after in hours:
        case.fire(case.waits[0].path, perform, START + timedelta(hours=after))
        seen.append(state(case))
    return seen


def state(case: Case) -> tuple[str | None, str]:
    due = case.waits[0].due if case.waits else None
    return due.isoformat()[:16] if due else None, case.digest()[:16]


# The digests are those of release 0.1.0.
@pytest.mark.parametrize(
    ("cycle", "hours", "found"),
    [
        (
            MONTHLY,
            (0, 24 * 28, 24 * 60),
            [
                ("2026-01-31T00:00", "f18cf9b94ac10cb3"),
                ("2026-02-28T00:00", "f436b974a7ed3870"),
                ("2026-03-28T00:00", "71040eae33385c1b"),
                ("2026-04-28T00:00", "5ee636b333405618"),
            ],
        ),
        (
            "R3/PT1H",
            (1, 9, 9.1),
            [
                ("2026-01-31T01:00", "f97bdb6396167bbd"),
                ("2026-01-31T02:00", "57ad6d2a0ef15918"),
                ("2026-01-31T03:00", "92a659cf68aaa4a3"),
                (None, "2f43fb4de6aa8bcc"),
            ],
        ),
    ],
)
def test_an_entry_that_asked_nothing_is_executed_as_it_was(cycle: str, hours: tuple[float, ...], found: Any) -> None:
    assert run(REMINDED.format(cycle), Unasked(), *hours) == found


def test_a_cycle_up_to_an_end_was_no_time_then() -> None:
    files = {"m.bpmn": model(REMINDED.format("'a + b'")), "f.json": FORM.encode()}
    definition = next(d for d in read_definitions(files) if d.key == "p")
    data = {"a": "R/P1D", "b": "/2027-01-01T00:00:00Z"}
    before, _ = Case.start(definition, data, Unasked(), START)
    now, _ = Case.start(definition, data, operate, START)
    assert [incident.code for incident in before.incidents] == ["bad_timer"]
    assert not now.incidents and now.waits[0].due == datetime(2026, 2, 1, tzinfo=UTC)


def test_what_began_before_goes_on_from_where_it_is_in_the_offices_calendar() -> None:
    files = {"m.bpmn": model(REMINDED.format(MONTHLY)), "f.json": FORM.encode()}
    definition = next(d for d in read_definitions(files) if d.key == "p")
    case, _ = Case.start(definition, {}, Unasked(), START)
    days = []
    for days_later in (0, 40, 70):
        case.fire(case.waits[0].path, operate, START + timedelta(days=days_later))
        days.append(str(case.waits[0].due)[:10])
    assert days == ["2026-02-28", "2026-03-31", "2026-04-30"]
