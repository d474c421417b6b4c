"""Files to download: issued documents and uploads."""

from flask.typing import ResponseReturnValue

from engine.queries.attachments import attachment_content
from engine.queries.documents import document_content
from web.context import actor, site
from web.downloads import download
from web.pages.blueprint import blueprint


@blueprint.get("/dokumen/<document_id>")
def document(document_id: str) -> ResponseReturnValue:
    """An issued document under the name it was issued with."""
    found, content = document_content(site(), actor(), document_id)
    return download(content, found.filename)


@blueprint.get("/lampiran/<attachment_id>")
def attachment(attachment_id: str) -> ResponseReturnValue:
    """An upload as it came."""
    found, content = attachment_content(site(), actor(), attachment_id)
    return download(content, found.filename, found.media_type)
