"""Files to download: issued documents, uploads, dossiers; and the page that says whether a document is ours."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.errors import TooManyAttempts, Unacceptable
from engine.queries.attachments import attachment_content
from engine.queries.documents import document_content
from engine.recognition import Recognition, recognise, recognise_code
from web import dossier
from web.auth import public
from web.context import WEB, actor, explain, language, site, visitor
from web.downloads import download
from web.errors import status_of
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


@blueprint.get("/berkas/<instance_id>/dosir")
def case_dossier(instance_id: str) -> ResponseReturnValue:
    """The whole case as one ZIP that stands alone."""
    content = dossier.compose(site(), actor(), WEB, instance_id, language())
    return download(content, dossier.filename(instance_id), "application/zip")


@blueprint.get("/periksa")
@public
def check_document(found: Recognition | None = None, error: str = "") -> str:
    """Where anybody who holds a document asks whether it is ours."""
    code = request.form.get("code", "")
    return render_template("document_check.html", found=found, error=error, code=code)


@blueprint.post("/periksa")
@public
def document_checked() -> ResponseReturnValue:
    """The answer, on the same page."""
    try:
        return check_document(_found())
    except (Unacceptable, TooManyAttempts) as error:
        return check_document(error=explain(error)), status_of(type(error))


def _found() -> Recognition:
    file = request.files.get("file")
    if file is not None and file.filename:
        return recognise(site(), visitor(), file.stream.read())
    return recognise_code(site(), visitor(), request.form.get("code", ""), request.remote_addr or "")
