"""What a line of the log says: when, how grave it is, who says it, and what happened."""

import logging

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MOMENT = "%Y-%m-%dT%H:%M:%S%z"


def set_up() -> None:
    """Write this process's log to standard error; a program that has set up its own keeps that."""
    logging.basicConfig(format=LINE, datefmt=MOMENT)
