"""Files on their way into a form: what is taken, and how one is sent as soon as it is chosen."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.attachments import ACCEPTED, PICTURES, add_attachment
from engine.errors import FileRefused
from web.context import actor, explain, site, translate
from web.errors import status_of
from web.pages.blueprint import blueprint


@blueprint.app_context_processor
def known() -> dict[str, object]:
    """`uploads` in every template, also inside the macros of a form: what is said beside the place for a file."""
    megabytes = site().settings.upload_megabytes
    limits = translate("PDF, Word, Excel, PowerPoint, JPEG or PNG; at most %(megabytes)s MB each", megabytes=megabytes)
    taken = {"accept": ",".join(ACCEPTED), "pictures": ",".join(PICTURES)}
    return {"uploads": {"address": url_for("pages.upload"), "megabytes": megabytes, "limits": limits, **taken}}


@blueprint.post("/lampiran")
def upload() -> ResponseReturnValue:
    """Keep one file for a form that is still being filled in; the script puts its id there."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return jsonify(error=translate("Choose a file.")), 400
    try:
        kept = add_attachment(site(), actor(), file.filename, file.stream.read())
    except FileRefused as refused:
        return jsonify(error=explain(refused)), status_of(type(refused))
    return jsonify(id=kept.id, filename=kept.filename, url=url_for("pages.attachment", attachment_id=kept.id)), 201
