"""Files that are handed out: always as downloads, never shown inside our own origin."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from flask.wrappers import Response

# The same day for all, so that the same files give the same ZIP.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORMULA = re.compile(r"""(^|[;\t\r\n])(?=[\s"']*[=+@\-]|[\t\r])""")


def download(content: bytes, filename: str, media_type: str = "application/octet-stream") -> Response:
    """The bytes as a file of that name, in the two notations that RFC 6266 asks for."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": named})


def sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """A list as a CSV file that spreadsheets open as they should, and in which no cell becomes a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return download(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")


def zipped(name: str, files: Mapping[str, bytes]) -> Response:
    """Plain files, as one download."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(each, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return download(made.getvalue(), f"{name}.zip", "application/zip")


def _harmless(cell: str) -> str:
    """Also where a spreadsheet takes the semicolon, or a line, for the end of a cell."""
    return _FORMULA.sub(r"\1'", cell)
