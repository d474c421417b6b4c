"""SOP: the pages of process designers, and for auditors what they published."""

from web.pages.sop import comparison, drafts, dry_runs, versions

__all__ = ["comparison", "drafts", "dry_runs", "versions"]
