"""A line of the log says when, how grave it is, and who says it."""

import re
import subprocess
import sys

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING alur\.worker: surel tidak terkirim\n")


def test_a_line_has_its_time_its_level_and_its_name() -> None:
    program = """
import logging
from engine.cli import alur

alur.callback()  # what every command begins with
logging.getLogger("alur.worker").warning("surel tidak terkirim")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert LINE.fullmatch(ended.stderr)
