"""The `alur` command. Exit codes: 0 yes, 1 the answer is no, 2 it could not run."""

from engine.cli import (
    audit,
    cases,
    definitions,
    documents,
    export,
    office,
    people,
    sop,
    storage,
    substitutes,
    tour,
    worker,
)
from engine.cli.base import alur

__all__ = [
    "alur",
    "audit",
    "cases",
    "definitions",
    "documents",
    "export",
    "office",
    "people",
    "sop",
    "storage",
    "substitutes",
    "tour",
    "worker",
]
