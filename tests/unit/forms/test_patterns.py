"""A pattern is allowed when its worst case is small, and refused otherwise."""

import re
import time

import pytest

from forms.patterns import MAX_PATTERNED_TEXT, pattern_problem


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{18}$",
        r"^[A-Z]{2}\.\d{2}(\.\d{2}){0,2}$",
        r"^(a|b|c)$",
        r"^[A-Za-z .,']+$",
        r"^\d{1,5}/[A-Z.-]+/\d{4}$",
        r"[\]a-z]",
        r"^(?:KPU|PPK) \(x\)?$",
    ],
)
def test_patterns_that_offices_need_are_allowed(pattern: str) -> None:
    assert pattern_problem(pattern, MAX_PATTERNED_TEXT) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"^(a|a)*$",
        r"^(\d+\.)*\d+$",
        r"^(.*,){11}x",
        r".*.*.*=",
        "a?" * 30 + "a" * 30,
        r"(a)\1",
        r"^(?=a)a",
        r"(?i)a",
        r"(",
        "a" * 201,
    ],
)
def test_patterns_that_backtrack_or_cannot_be_read_are_refused(pattern: str) -> None:
    assert pattern_problem(pattern, MAX_PATTERNED_TEXT)


@pytest.mark.parametrize("pattern", [r"^a*a*$", r"a+b", r"^(aa){0,100}a*$", "^" + "a?" * 15 + "a" * 15])
def test_the_worst_that_is_allowed_stays_fast(pattern: str) -> None:
    assert pattern_problem(pattern, MAX_PATTERNED_TEXT) is None
    started = time.process_time()
    re.search(pattern, "a" * MAX_PATTERNED_TEXT + "!")
    assert time.process_time() - started < 0.2
