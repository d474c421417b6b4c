"""`alur export …`: what leaves Alur as files. A command that needs the pages' drawing is added in `web/cli.py`."""

from engine.cli.base import alur, say


@alur.group(help=say("Take a case or a list along as files."))
def export() -> None:
    """Each export is recorded among the acts."""
