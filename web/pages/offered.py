"""What could not be taken is offered once more: nothing was done, the text stands there, and one button sends it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, render_template, url_for
from werkzeug.exceptions import HTTPException

from engine.errors import N_
from web.context import translate


@dataclass(frozen=True, slots=True)
class Form:
    """A form whose text is kept: where its page is, what it does, and what its fields are called there."""

    page: str
    act: str
    texts: Mapping[str, str]


TITLE, COMMENT, REASON = N_("Name of the activity"), N_("Your comment"), N_("Reason")
FORMS: Mapping[str, Form] = {
    "pages.start_now": Form("pages.start", N_("Start a case"), {"title": TITLE}),
    "pages.comment_on_case": Form("pages.case", N_("Comment"), {"comment": COMMENT}),
    "pages.act_on_case": Form("pages.case", N_("The case"), {"reason": REASON}),
    "pages.delegate_task_now": Form("pages.delegate_task", N_("Delegate this task"), {"note": REASON}),
}


def offer(path: str, fields: Sequence[tuple[str, str]], notice: str) -> str | None:
    """The page that offers it; None when `path` is no form whose text is kept."""
    try:
        endpoint, arguments = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return None
    form = FORMS.get(endpoint)
    if form is None:
        return None
    texts = [(name, translate(form.texts[name]), value) for name, value in fields if name in form.texts]
    return render_template(
        "offered.html",
        title=translate(form.act),
        notice=translate(notice),
        path=path,
        back=url_for(form.page, **arguments),
        texts=texts,
        rest=[(name, value) for name, value in fields if name not in form.texts],
    )
