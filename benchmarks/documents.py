"""What does a document cost? `python -m benchmarks.documents` prints CPU milliseconds beside plain docxtpl's.

Both fill the shipped templates with the same case, on which they print the same text (`tests/unit/docgen` holds them to
it). docxtpl opens, parses, patches and deflates the file each time; Alur compiles a template once, which is told apart.
"""

import io
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment

from docgen.render import compile_template
from docgen.wording import FILTERS
from tests.documents import TEMPLATES, context

ROUNDS = 40


def plain_environment() -> Environment:
    """What a docxtpl user would set up: our filters, empty fields left empty, markup escaped."""
    environment = Environment(autoescape=True, finalize=lambda value: "" if value is None else value)
    for name, function in FILTERS.items():
        environment.filters[name] = _optional(function)
    return environment


def _optional(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda value, *arguments: "" if value is None else function(value, *arguments)


def with_docxtpl(docx: bytes, data: dict[str, Any], environment: Environment) -> bytes:
    """The document by plain docxtpl."""
    template = DocxTemplate(io.BytesIO(docx))
    template.render(data, environment)
    file = io.BytesIO()
    template.save(file)
    return file.getvalue()


def cost(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median CPU milliseconds of one call."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    return median(spent)


def documents() -> dict[str, dict[str, float]]:
    """Per template: compiling once, rendering, rendering by docxtpl, and how many times less it is."""
    return {path.stem: _measure(path) for path in TEMPLATES}


def _measure(path: Path) -> dict[str, float]:
    docx, data, environment = path.read_bytes(), context(path.name), plain_environment()
    template = compile_template(docx, path.name)
    template.render(data)
    ours = cost(lambda: template.render(data))
    theirs = cost(lambda: with_docxtpl(docx, data, environment), ROUNDS // 4)
    compiling = cost(lambda: compile_template.__wrapped__(docx, path.name), ROUNDS // 8)
    return {"compile once": compiling, "alur": ours, "docxtpl": theirs, "times": theirs / ours}


def main() -> None:
    """Print the table and its medians."""
    results = documents()
    columns = ["compile once", "alur", "docxtpl", "times"]
    print(f"{'CPU ms a document':24}" + "".join(f"{column:>14}" for column in columns))
    for name, row in results.items():
        print(f"{name:24}" + "".join(f"{row[column]:14.2f}" for column in columns))
    middle = {column: median(row[column] for row in results.values()) for column in columns}
    print(f"{'median':24}" + "".join(f"{middle[column]:14.2f}" for column in columns))


if __name__ == "__main__":
    main()
