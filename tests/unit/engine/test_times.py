"""When timers are due."""

from datetime import UTC, datetime

import pytest

from engine.times import Due, first_due, is_literal, next_due

AT = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("how", "value", "due"),
    [
        ("timeDuration", "PT90M", "2026-01-31T09:30:00+00:00"),
        ("timeDuration", "P1DT2H3M4.5S", "2026-02-01T10:03:04.500000+00:00"),
        ("timeDuration", "P2W", "2026-02-14T08:00:00+00:00"),
        ("timeDuration", "P1M", "2026-02-28T08:00:00+00:00"),
        ("timeDuration", "P1Y1M", "2027-02-28T08:00:00+00:00"),
        ("timeDuration", "PT0S", "2026-01-31T08:00:00+00:00"),
        ("timeDate", "2026-03-01T08:00:00+08:00", "2026-03-01T08:00:00+08:00"),
        ("timeDate", "2026-03-01T08:00:00Z", "2026-03-01T08:00:00+00:00"),
        ("timeCycle", "R3/PT1H", "2026-01-31T09:00:00+00:00"),
        ("timeCycle", "R/2026-03-01T08:00:00Z/P1D", "2026-03-01T08:00:00+00:00"),
    ],
)
def test_what_can_be_read_is_due(how: str, value: str, due: str) -> None:
    found = first_due(how, value, AT)
    assert found is not None and found.at.isoformat() == due


@pytest.mark.parametrize(
    ("how", "value"),
    [
        *(("timeDuration", value) for value in ("", "P", "PT", "1H", "besok", 3, None, "P999999Y", "-PT1H", "P1DT")),
        *(("timeDate", value) for value in ("2026-03-01", "2026-03-01T08:00:00", "2026-02-30T08:00:00Z", "PT1H")),
        *(("timeCycle", value) for value in ("R0/PT1H", "R3/PT0S", "PT1H", "0 9 * * 1", "R/2026-03-01T08:00:00/P1D")),
    ],
)
def test_what_cannot_be_read_is_none(how: str, value: object) -> None:
    assert first_due(how, value, AT) is None


def test_a_cycle_ends_after_its_number() -> None:
    due = first_due("timeCycle", "R3/P1D", AT)
    days = []
    while due is not None:
        days.append(due.at.isoformat()[:10])
        due = next_due(due)
    assert days == ["2026-02-01", "2026-02-02", "2026-02-03"]
    endless = first_due("timeCycle", "R/P1D", AT)
    assert endless is not None and endless.left is None
    assert next_due(endless) == Due(datetime(2026, 2, 2, 8, 0, tzinfo=UTC), None, "P1D")


def test_a_time_that_is_written_down_is_no_expression() -> None:
    assert all(map(is_literal, ("PT1H", "P3D", "R/P1D", "2026-01-01T00:00:00Z")))
    assert not any(map(is_literal, ("'PT1H'", "rapat.mulai", "P", "Pagi")))
