"""Pages for people: one module per noun; each parses, calls a command or a query, and renders."""

from web.pages import (
    about,
    admin,
    case,
    cases,
    comments,
    documents,
    inbox,
    keeping,
    network,
    notices,
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
    "about",
    "admin",
    "blueprint",
    "case",
    "cases",
    "comments",
    "documents",
    "inbox",
    "keeping",
    "network",
    "notices",
    "password",
    "preview",
    "sign_in",
    "signed_copies",
    "start",
    "task",
    "uploads",
]
