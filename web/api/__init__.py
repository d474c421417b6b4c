"""The HTTP API under /api/v1: one module per noun; importing them makes the routes."""

from web.api import (
    attachments,
    definitions,
    deployments,
    documents,
    events,
    history,
    instances,
    notices,
    previews,
    reference,
    substitutes,
    user_tasks,
    users,
)
from web.api.operation import OPERATIONS, blueprint

__all__ = [
    "OPERATIONS",
    "attachments",
    "blueprint",
    "definitions",
    "deployments",
    "documents",
    "events",
    "history",
    "instances",
    "notices",
    "previews",
    "reference",
    "substitutes",
    "user_tasks",
    "users",
]
