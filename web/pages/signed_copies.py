"""Signed copies on pages: `{% import "signed_copies.html" as signed with context %}`, then its macros."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.attachments import add_attachment
from engine.commands.signed_copies import add_signed_copy
from engine.errors import Unacceptable
from engine.queries.documents import Document, document
from engine.queries.participation import took_part
from web.context import WEB, actor, explain, site
from web.pages.blueprint import blueprint


@blueprint.app_template_global("may_sign")
def may_sign(item: Document) -> bool:
    """Whether the page offers to add a signed copy of the document: that of the case does, to who took part."""
    if request.endpoint != "pages.case" or item.status != "issued" or item.filename.endswith(".zip"):
        return False
    known: dict[str, bool] = g.setdefault("took_part", {})
    if item.instance_id not in known:
        known[item.instance_id] = took_part(site(), actor(), item.instance_id)
    return known[item.instance_id]


@blueprint.get("/dokumen/<document_id>/salinan")
def signed_copy(document_id: str, error: str = "") -> str:
    """A page to upload the scan of the signed paper."""
    return render_template("signed_copy.html", item=document(site(), actor(), document_id), error=error)


@blueprint.post("/dokumen/<document_id>/salinan")
def add_copy(document_id: str) -> ResponseReturnValue:
    """Keep the files and bind them to the document; or say what is wrong with them."""
    files = [file for file in request.files.getlist("file") if file.filename]
    uploaded = request.form.getlist("file")
    try:
        uploaded += [add_attachment(site(), actor(), file.filename or "", file.stream.read()).id for file in files]
        add_signed_copy(site(), actor(), WEB, document_id, uploaded)
    except Unacceptable as error:
        return signed_copy(document_id, explain(error)), 422
    found = document(site(), actor(), document_id)
    return redirect(url_for("pages.case", instance_id=found.instance_id, _anchor="documents"))
