"""Pages for people: one module per noun; each parses, calls a command or a query, and renders."""

from web.pages import (
    admin,
    case,
    cases,
    comments,
    documents,
    inbox,
    keeping,
    network,
    password,
    preview,
    sign_in,
    signed_copies,
    start,
    task,
    uploads,
)
from web.pages.blueprint import blueprint

__all__ = [
    "admin",
    "blueprint",
    "case",
    "cases",
    "comments",
    "documents",
    "inbox",
    "keeping",
    "network",
    "password",
    "preview",
    "sign_in",
    "signed_copies",
    "start",
    "task",
    "uploads",
]
