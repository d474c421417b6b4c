"""Whether the installation answers, and what the API offers."""

from functools import cache
from typing import Any

from engine.queries import health
from web.api.operation import OPERATIONS, get
from web.api.schema import ANY_OBJECT, choice, record
from web.context import site
from web.openapi import describe

HEALTH = record("Health", status=choice("ok"))


@get("/healthz", "Whether the database answers", who="anybody", answer=HEALTH, public=True, prefix="")
def healthz() -> dict[str, Any]:
    """503 when it does not."""
    health.require_answer(site())
    return {"status": "ok"}


@get("/openapi.json", "This document", who="anybody", answer=ANY_OBJECT, public=True)
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    return _described()


@cache
def _described() -> dict[str, Any]:
    return describe(OPERATIONS)
