"""Comments on the page of a case: `{% include "comments.html" %}` where `case` is its instance."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.comments import LONGEST, add_comment
from engine.errors import Unacceptable
from engine.queries.cases import case as find_case
from engine.queries.comments import Comment, case_comments
from web.context import WEB, actor, explain, site
from web.pages.blueprint import blueprint

WHOLE = 1000


@blueprint.app_template_global("comments")
def comments(instance_id: str) -> list[Comment]:
    """What was said about the case, oldest first."""
    return case_comments(site(), actor(), instance_id, limit=WHOLE)


@blueprint.app_template_global("longest_comment")
def longest_comment() -> int:
    """How many letters a comment may have."""
    return LONGEST


@blueprint.post("/berkas/<instance_id>/komentar")
def comment_on_case(instance_id: str) -> ResponseReturnValue:
    """Keep the comment and show it in its place; what cannot be taken stays in the box."""
    text = request.form.get("comment", "")
    try:
        add_comment(site(), actor(), WEB, instance_id, text)
    except Unacceptable as error:
        instance = find_case(site(), actor(), instance_id).instance
        page = render_template("comment.html", case=instance, comment_text=text, comment_error=explain(error))
        return page, 422
    return redirect(url_for("pages.case", instance_id=instance_id, _anchor="komentar"))
