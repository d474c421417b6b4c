"""The `alur` command. Exit codes: 0 yes, 1 the answer is no, 2 it could not run."""

from engine.cli import (  # noqa: F401 - they make their commands
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

__all__ = ["alur"]
