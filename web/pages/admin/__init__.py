"""Kelola: pages for administrators, and for auditors what was done there."""

from web.pages.admin import (  # noqa: F401 - they make their routes
    acts,
    letterhead,
    mails,
    memberships,
    numbers,
    office_calendar,
    people,
    person,
    roster,
    substitutes,
)
