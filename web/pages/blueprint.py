"""Where the pages' views are registered, and what all their templates can say."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Blueprint

from docgen.wording import sebutan
from engine import clock
from engine.errors import AlurError
from web.context import in_office_time, translate

blueprint = Blueprint("pages", __name__)
blueprint.before_request(in_office_time)


@blueprint.app_template_filter("span")
def span(value: timedelta | None) -> str:
    """A stretch of time in hours and minutes; "" for none."""
    if value is None:
        return ""
    hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
    parts = [translate("%(n)s h", n=hours)] if hours else []
    return " ".join([*parts, translate("%(n)s min", n=minutes)] if minutes or not hours else parts)


@blueprint.app_template_filter("document_title")
def document_title(item: str | Mapping[str, str]) -> str:
    """What people call a type of document, or a document that a history entry tells of."""
    if isinstance(item, str):
        return sebutan(item)
    return item.get("title") or sebutan(item["type"])


@blueprint.app_template_filter("at")
def at(text: str) -> datetime:
    """The moment that a history entry writes."""
    return clock.from_text(text)


@blueprint.app_template_filter("explained")
def explained(error: AlurError, names: Mapping[str, str] | None = None) -> str:
    """What a refusal says to a person, people by their full names."""
    names = names or {}
    params = {key: names.get(value, value) if isinstance(value, str) else value for key, value in error.params.items()}
    return translate(error.message, **params)
