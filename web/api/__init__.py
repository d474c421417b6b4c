"""The HTTP API under /api/v1: one module per noun; importing them makes the routes."""

from web.api import (
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
    substitutes,
    user_tasks,
    users,
)
from web.api.operation import OPERATIONS, blueprint

__all__ = [
    "OPERATIONS",
    "acts",
    "attachments",
    "blueprint",
    "comments",
    "definitions",
    "deployments",
    "documents",
    "events",
    "history",
    "instances",
    "notices",
    "people",
    "previews",
    "reference",
    "signed_copies",
    "substitutes",
    "user_tasks",
    "users",
]
