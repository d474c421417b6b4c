"""`python -m engine.checker`: see `engine.checker.answering`."""

from engine.checker.answering import JOBS, serve

serve(JOBS)
