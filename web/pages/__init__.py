"""Pages for people: one module per noun; each parses, calls a command or a query, and renders."""

from web.pages import (  # noqa: F401 - they make their routes
    about,
    admin,
    case,
    cases,
    comments,
    delegating,
    documents,
    inbox,
    keeping,
    network,
    notices,
    password,
    preview,
    proof,
    reassigning,
    replay,
    sign_in,
    signed_copies,
    sop,
    start,
    statistics,
    task,
    uploads,
)
from web.pages.blueprint import blueprint

__all__ = ["blueprint"]
