"""A line of the log says when, how grave it is, and who says it, and names commands as they are typed."""

import os
import re
import subprocess
import sys

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING alur\.worker: (.+)\n")
PROGRAM = """
import logging
from engine.cli import alur
from engine.errors import NotSetUp

alur.callback()  # what every command begins with
logging.getLogger("alur.worker").warning("%s", NotSetUp(place="alur.sqlite3"))
"""


def test_a_line_has_its_time_its_level_and_its_name_and_commands_as_they_are_typed() -> None:
    environment = {**os.environ, "ALUR_COMMAND": "python3 run.py alur"}
    ended = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    line = LINE.fullmatch(ended.stderr)
    assert line and line[1].endswith(" Run: python3 run.py alur init")
