"""The HTTP API under /api/v1: one module per noun; importing them makes the routes."""

from web.api import (  # noqa: F401 - they make their routes
    acts,
    attachments,
    comments,
    definitions,
    deployments,
    documents,
    events,
    history,
    instances,
    notices,
    people,
    previews,
    reference,
    signed_copies,
    statistics,
    substitutes,
    user_tasks,
    users,
)
from web.api.operation import OPERATIONS, blueprint

__all__ = ["OPERATIONS", "blueprint"]
