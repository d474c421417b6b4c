"""Files that belong to a form."""

from typing import Any

from flask.wrappers import Response
from werkzeug.datastructures import FileStorage

from engine.commands.attachments import add_attachment
from engine.errors import FileRefused, NotFound
from engine.queries import attachments
from web.api.operation import get, post
from web.api.schema import BYTES, DIGEST, NUMBER, TEXT, record, told
from web.context import actor, site
from web.downloads import download

WHO = "the uploader; once bound, everybody who sees the case"
ATTACHMENT = record("Attachment", id=TEXT, sha256=DIGEST, filename=TEXT, size=NUMBER, media_type=TEXT)


@post(
    "/attachments",
    "Upload a file; a form names it by its id, and it is dropped after seven days when none does",
    who="everybody",
    answer=ATTACHMENT,
    status=201,
    upload="file",
    errors=(FileRefused,),
)
def add(files: list[FileStorage]) -> dict[str, Any]:
    """PNG, JPEG, PDF and office files."""
    return told(ATTACHMENT, add_attachment(site(), actor(), files[0].filename or "", files[0].read()))


@get("/attachments/<attachment_id>", "One upload", who=WHO, answer=ATTACHMENT, errors=(NotFound,))
def one(attachment_id: str) -> dict[str, Any]:
    """What is known of it."""
    return told(ATTACHMENT, attachments.attachment(site(), actor(), attachment_id))


@get(
    "/attachments/<attachment_id>/content",
    "The file itself, as a download",
    who=WHO,
    answer=BYTES,
    content_type="application/octet-stream",
    errors=(NotFound,),
)
def content(attachment_id: str) -> Response:
    """Never shown inside our own origin, whatever it is."""
    found, data = attachments.attachment_content(site(), actor(), attachment_id)
    return download(data, found.filename)
