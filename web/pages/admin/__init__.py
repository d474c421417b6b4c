"""Kelola: pages for administrators, and for auditors what was done there."""

from web.pages.admin import (
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

__all__ = [
    "acts",
    "letterhead",
    "mails",
    "memberships",
    "numbers",
    "office_calendar",
    "people",
    "person",
    "roster",
    "substitutes",
]
