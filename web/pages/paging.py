"""Long lists in pages: `?halaman=`, from 1."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request

T = TypeVar("T")

PAGE = 50
LAST = 10_000


def number() -> int:
    """The page that is asked for."""
    text = request.args.get("halaman", "1")
    return min(max(int(text), 1), LAST) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def offset() -> int:
    """How many items come before it."""
    return (number() - 1) * PAGE


def paged(items: Sequence[T]) -> tuple[list[T], int | None]:
    """One page of items, of which one more than fits was asked for, and the number of the next page if there is one."""
    return list(items[:PAGE]), number() + 1 if len(items) > PAGE else None
