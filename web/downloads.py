"""Files that are handed out: always as downloads, never shown inside our own origin."""

from urllib.parse import quote

from flask.wrappers import Response


def download(content: bytes, filename: str, media_type: str = "application/octet-stream") -> Response:
    """The bytes as a file of that name, in the two notations that RFC 6266 asks for."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": named})
