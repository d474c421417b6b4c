"""Pages for people: one module per noun; each parses, calls a command or a query, and renders."""

from web.pages import case, cases, documents, inbox, keeping, network, preview, sign_in, start, task
from web.pages.blueprint import blueprint

__all__ = [
    "blueprint",
    "case",
    "cases",
    "documents",
    "inbox",
    "keeping",
    "network",
    "preview",
    "sign_in",
    "start",
    "task",
]
