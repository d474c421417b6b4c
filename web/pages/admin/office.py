"""The office's data on a form: read with its revision, changed in part, saved as a whole."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from engine import office
from engine.commands.office import change_office
from web.context import WEB, actor, site
from web.pages.admin.common import Refusal, attempt, number, written

Data = dict[str, Any]


def current() -> tuple[Data, int]:
    """The office's data and its revision."""
    with site().database.read() as connection:
        return office.current(connection), office.revision(connection)


def save(changed: Callable[[Data], Mapping[str, Any]]) -> Refusal | None:
    """Save the data with what `changed` makes of it, unless somebody changed it since the form was opened."""
    data, _ = current()
    revision = number(request.form.get("revision", ""))
    return attempt(lambda: change_office(site(), actor(), WEB, changed(data), written("reason"), revision))
