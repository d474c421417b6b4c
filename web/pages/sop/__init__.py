"""SOP: the pages of process designers, and for auditors what they published."""

from web.pages.sop import comparison, drafts, dry_runs, versions  # noqa: F401 - they make their routes
